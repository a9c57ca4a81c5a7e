package io.timelog.internal.cache;

import org.jspecify.annotations.Nullable;

/**
 * Keeps one part of a segment in memory, for one reader, until it moves on or lets go, and knows
 * how far it has read ahead of the reader. Belongs to one thread at a time.
 */
public final class Hold {
  /*
   * Who moves from a part to its neighbour will probably go on, so each read is twice as long as the one
   * before. If a part that was read ahead is gone when the reader gets there, the reads were too long for
   * what else goes on in the cache, and never become so long again.
   */

  /** For parts that stay in memory whoever holds them: keeps nothing, so anybody may have it. */
  public static final Hold NONE = new Hold();

  /** No part has this number, and no part is a neighbour of it. */
  private static final int NO_PART = Integer.MIN_VALUE;

  private @Nullable Frame<?> frame;

  /** The part that was kept last. */
  private int last = NO_PART;

  /** How many parts were read when it was read last. */
  private int run;

  /** The last of these parts. */
  private int readTo = NO_PART;

  private int longestRun = Integer.MAX_VALUE;

  /** Keeps nothing. */
  Hold() {}

  /** Lets go of what was kept before, and takes over one pin of a frame. */
  void moveTo(Frame<?> pinned) {
    letGo();
    frame = pinned;
    last = pinned.number();
  }

  /**
   * How many parts to read at once, since one is not in memory.
   *
   * @param number the part
   * @param step from one part to the next on the way of the reader: 1 or -1
   */
  int partsToRead(int number, int step) {
    if (number - step != last) {
      return 1;
    }
    if (readTo != NO_PART && step * (readTo - number) >= 0) {
      longestRun = Math.max(1, run / 2);
    }
    return Math.min(longestRun, Math.max(2, 2 * run));
  }

  /** Notes that so many parts were read at once, up to one that is not kept yet. */
  void hasRead(int parts, int lastPart) {
    run = parts;
    readTo = parts == 1 ? NO_PART : lastPart;
  }

  /** Lets go of the part, which must not be used any more. Does nothing if none is kept. */
  public void letGo() {
    Frame<?> kept = frame;
    if (kept != null) {
      frame = null;
      kept.unpin();
    }
  }
}
