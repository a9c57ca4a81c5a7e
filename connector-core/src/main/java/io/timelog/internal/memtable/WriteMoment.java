package io.timelog.internal.memtable;

/**
 * What a write has to know about readers: the version that it stamps rows with, and between which
 * versions the open readers are. What a reader of some version may see must not be changed while it
 * is open, and memory that it may look at must not be used again.
 *
 * <p>Set once per operation. Not thread-safe: for the writer.
 */
public final class WriteMoment {
  /** The newest version of open readers if there are none: older than every version. */
  public static final long NO_NEWEST = -1;

  /** The oldest version of open readers if there are none: newer than every version. */
  public static final long NO_OLDEST = Long.MAX_VALUE;

  private long version;
  private long newestReader = NO_NEWEST;
  private long oldestReader = NO_OLDEST;

  /** The version that rows are stamped with now. Newer than that of every open reader. */
  public long version() {
    return version;
  }

  /**
   * The newest version that an open reader may have; {@link #NO_NEWEST} without readers. What was
   * stamped with it, or with an older version, is frozen.
   */
  public long newestReader() {
    return newestReader;
  }

  /**
   * No open reader has an older version; {@link #NO_OLDEST} without readers. What was taken out of
   * sight at this version, or at an older one, can be seen by nobody.
   */
  public long oldestReader() {
    return oldestReader;
  }

  /** Whether there are readers. */
  public boolean hasReaders() {
    return newestReader != NO_NEWEST;
  }

  /** Moves on to a version. */
  public WriteMoment atVersion(long newVersion) {
    version = newVersion;
    return this;
  }

  /** Sets which readers there are. */
  public WriteMoment withReaders(long oldest, long newest) {
    oldestReader = oldest;
    newestReader = newest;
    return this;
  }
}
