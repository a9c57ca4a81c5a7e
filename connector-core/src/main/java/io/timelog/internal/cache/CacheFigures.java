package io.timelog.internal.cache;

/**
 * A cache in numbers.
 *
 * @param bytes what it has at present
 * @param hits how often a part was asked for that was in memory
 * @param misses how often one was not
 * @param readBytes what was read for it, of parts that nobody has asked for yet as well
 */
public record CacheFigures(long bytes, long hits, long misses, long readBytes) {
  /** Of a cache that was never used. */
  public static final CacheFigures NONE = new CacheFigures(0, 0, 0, 0);
}
