package io.timelog.internal.cache;

import org.jspecify.annotations.Nullable;

/**
 * The parts of one kind that a segment has, numbered from 0: its pages, or the blocks of an index.
 * Any number of threads may read; a {@link Hold} belongs to one.
 *
 * @param <T> what a part is to its readers
 */
public abstract class Parts<T> {
  /** For the kinds of parts of this package. */
  Parts() {}

  /** The number of parts. */
  public abstract int count();

  /**
   * A part, read and checked if it is not in memory. The hold moves to it from the part that it
   * kept before, which must not be used any more then.
   *
   * @throws IndexOutOfBoundsException if there is no part of this number
   * @throws io.timelog.TimelogCorruptionException if the part is not as it was written
   * @throws io.timelog.TimelogException if it cannot be read
   * @throws io.timelog.MemoryBudgetExceededException if there is no room for it
   */
  public abstract T get(int number, Hold hold);

  /**
   * As {@link #get}, for who walks on from part to part: where the hold comes from the neighbour,
   * some of the parts on the way may be read at once, if there is memory that nobody needs more.
   *
   * @param horizon the last part that the reader may come to, before or behind this one
   */
  public abstract T getOnTheWay(int number, int horizon, Hold hold);

  /** As {@link #get} if the part is in memory; else null, and the hold keeps what it kept. */
  public abstract @Nullable T getIfLoaded(int number, Hold hold);

  /** A part that stays readable for ever, a copy if need be. */
  public abstract T toKeep(int number);

  /** A hold for these parts, which keeps nothing yet. */
  public abstract Hold newHold();

  /** Whether the parts stay in memory, so that nobody has to hold them. */
  public abstract boolean areResident();

  /** Forgets a part, for one thread that will not use it again and is the only one. */
  public abstract void forget(int number);
}
