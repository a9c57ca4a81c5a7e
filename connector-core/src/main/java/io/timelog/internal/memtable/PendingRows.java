package io.timelog.internal.memtable;

/**
 * Entries of one key on their way into a window, many at once: timestamps, and values one after the
 * other in one array. Belongs to the writer.
 */
public abstract class PendingRows {
  protected long[] timestamps;
  protected byte[] values;

  /** Where the value of each entry ends; it starts where the one before ends. */
  protected int[] ends;

  /** Starts with these arrays; subclasses replace them as they grow. */
  protected PendingRows(long[] timestamps, byte[] values, int[] ends) {
    this.timestamps = timestamps;
    this.values = values;
    this.ends = ends;
  }

  /** The timestamp of an entry. */
  public final long timestamp(int entry) {
    return timestamps[entry];
  }

  /** The array that holds the values. */
  public final byte[] bytes() {
    return values;
  }

  /** Where the value of an entry starts. */
  public final int start(int entry) {
    return entry == 0 ? 0 : ends[entry - 1];
  }

  /** The length of the value of an entry. */
  public final int length(int entry) {
    return ends[entry] - start(entry);
  }
}
