package io.timelog.summary;

/**
 * A block of time: {@code 2^level} timestamps from a multiple of that on. A block of level 0 is one
 * timestamp, that of level 64 is all of time, and each but the first has two halves.
 *
 * <p>The middle of a block, where its newer half starts, is the middle of no other one. So blocks
 * of all levels are kept in one map by a timestamp that lies in them, next to the time that they
 * are about.
 *
 * @param level from 0 to 64
 * @param first its first timestamp
 */
record Block(int level, long first) {
  private static final int ALL = Long.SIZE;

  /** The block of a level in which a timestamp lies. */
  static Block around(long timestamp, int level) {
    return new Block(level, level == ALL ? Long.MIN_VALUE : timestamp & (-1L << level));
  }

  /** The smallest block in which both timestamps lie. */
  static Block around(long first, long last) {
    return around(first, ALL - Long.numberOfLeadingZeros(first ^ last));
  }

  /** The first timestamp of the newer half; not of level 0. */
  long middle() {
    return first + (1L << (level - 1));
  }

  /** The last timestamp that lies in the block. */
  long last() {
    return level == ALL ? Long.MAX_VALUE : first + (1L << level) - 1;
  }

  /** The half that lies before the middle. */
  Block older() {
    return new Block(level - 1, first);
  }

  /** The half that starts at the middle. */
  Block newer() {
    return new Block(level - 1, middle());
  }
}
