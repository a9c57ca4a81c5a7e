package io.timelog.benchmarks.engine;

/** Entries that were appended, in a form that costs no memory. */
@FunctionalInterface
public interface EntrySource {
  /** Gives every entry with a timestamp in {@code [start, end)} to the consumer, by arrival. */
  void forEachBetween(long start, long end, EntryConsumer consumer);

  /** Takes entries. */
  @FunctionalInterface
  interface EntryConsumer {
    /**
     * Takes one entry.
     *
     * @param sequence how many entries, of all keys, were appended before this one
     */
    void accept(byte[] key, long timestamp, long sequence);
  }
}
