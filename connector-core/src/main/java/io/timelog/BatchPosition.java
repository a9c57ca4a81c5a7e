package io.timelog;

/**
 * How far the entries of one key have been read in batches, see {@link TableReader#readBatch}. It
 * is nothing but numbers and bytes: it holds no memory of the table, may be kept for as long as
 * wanted, and goes on in the table as it is by then.
 *
 * <p>Not thread-safe.
 */
public final class BatchPosition {
  private long first;
  private long last;

  /** How many of the entries at {@link #first} have been read. */
  private long passed;

  /** The subkey of the last entry that was read, if any was at {@link #first}. */
  private final ByteTarget subkey = new ByteTarget();

  private final Span subkeySpan = new Span();

  private boolean exhausted;

  /** Before the first entry of the key. */
  public BatchPosition() {
    begin(TimeRange.all());
  }

  /** Goes before the first entry of a range. Returns this. */
  public BatchPosition begin(TimeRange range) {
    first = range.first();
    last = range.last();
    passed = 0;
    subkey.clear();
    exhausted = range.isEmpty();
    return this;
  }

  /**
   * Goes behind an entry of the range, so that a position can be made again from what was noted of
   * one. Returns this.
   *
   * @param timestamp of the entry
   * @param entrySubkey of the entry; counts in a map
   * @param entriesPassed how many entries of the timestamp were read; counts in a multimap
   */
  public BatchPosition moveBehind(long timestamp, Span entrySubkey, long entriesPassed) {
    first = timestamp;
    passed = entriesPassed;
    subkey.clear().append(entrySubkey);
    exhausted = first > last;
    return this;
  }

  /** The timestamp of the last entry that was read, or the first that is to be read. */
  public long timestamp() {
    return first;
  }

  /** How many entries of {@link #timestamp()} were read. */
  public long entriesPassed() {
    return passed;
  }

  /** Points a span at the subkey of the last entry that was read. Returns the span. */
  public Span subkey(Span into) {
    return into.set(subkey);
  }

  /**
   * Whether the last read came to the end of the range. It may be read from here all the same, to
   * see what was added meanwhile.
   */
  public boolean isExhausted() {
    return exhausted;
  }

  /** The subkey of the last entry that was read, until the position moves. */
  Span subkey() {
    return subkeySpan.set(subkey);
  }

  long last() {
    return last;
  }

  /** Goes behind all entries of a batch that was read from here. */
  void moveBehind(EntryBatch batch) {
    int size = batch.size();
    if (size > 0) {
      long newest = batch.timestamp(size - 1);
      long ofNewest = 1;
      while (ofNewest < size && batch.timestamp(size - 1 - (int) ofNewest) == newest) {
        ofNewest++;
      }
      passed = ofNewest + (newest == first ? passed : 0);
      first = newest;
      batch.copySubkey(size - 1, subkey);
    }
  }

  void setExhausted(boolean atEnd) {
    exhausted = atEnd;
  }

  @Override
  public String toString() {
    return "BatchPosition[timestamp="
        + first
        + ", entriesPassed="
        + passed
        + ", exhausted="
        + exhausted
        + "]";
  }
}
