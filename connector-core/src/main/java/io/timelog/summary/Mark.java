package io.timelog.summary;

import io.timelog.ByteTarget;
import io.timelog.Span;

/**
 * What is known of all blocks of a key. Kept at {@link #TIMESTAMP}, where no block is: the one that
 * has its middle there ends there, and no kept block reaches so far.
 *
 * @param low no entry that lies before the frontier lies before this
 * @param frontier all kept blocks end before this, so an entry from here on lies in none
 * @param lowestLevel no kept block is of a lower level
 */
record Mark(long low, long frontier, int lowestLevel) {
  static final long TIMESTAMP = Long.MAX_VALUE;

  private static final int NO_LEVEL = Long.SIZE;
  private static final int BYTES = 2 * Long.BYTES + 1;

  /** Of a key that has no blocks as yet. */
  static Mark of(long low, long frontier) {
    return new Mark(low, frontier, NO_LEVEL);
  }

  static Mark read(Span bytes) {
    return new Mark(
        bytes.getLong(0), bytes.getLong(Long.BYTES), bytes.bytes()[bytes.offset() + BYTES - 1]);
  }

  void write(ByteTarget target) {
    target.clear().appendLong(low).appendLong(frontier).append((byte) lowestLevel);
  }

  Mark withLow(long timestamp) {
    return new Mark(timestamp, frontier, lowestLevel);
  }

  Mark withFrontier(long timestamp) {
    return new Mark(low, timestamp, lowestLevel);
  }

  /** Also of a block of this level. */
  Mark withLevel(int level) {
    return new Mark(low, frontier, Math.min(level, lowestLevel));
  }
}
