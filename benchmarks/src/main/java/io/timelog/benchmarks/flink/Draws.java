package io.timelog.benchmarks.flink;

import java.util.SplittableRandom;

/** Keys and the order in which they are asked for; always the same ones. */
public final class Draws {
  /** The most draws of one operation. */
  private static final int MOST = 200_000;

  private Draws() {}

  /** A key, which has nothing to do with its number's neighbours. */
  public static long key(int number) {
    long mixed = (number + 1) * 0x9E3779B97F4A7C15L;
    return mixed ^ mixed >>> 29;
  }

  /** How often something is drawn out of so many. */
  public static int times(int of) {
    return Math.min(of, MOST);
  }

  /** Numbers below {@code bound}, at random. */
  public static int[] of(int times, int bound) {
    return new SplittableRandom(times * 31L + bound).ints(times, 0, bound).toArray();
  }
}
