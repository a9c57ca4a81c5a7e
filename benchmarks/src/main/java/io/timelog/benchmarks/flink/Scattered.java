package io.timelog.benchmarks.flink;

/** All numbers below a bound, each once, in an order that follows no pattern that a cache knows. */
final class Scattered {
  /** Near the golden ratio of 2^32: multiples of it are spread evenly. */
  private static final long SPREAD = 2_654_435_761L;

  private final int bound;
  private final long step;

  Scattered(int bound) {
    this.bound = bound;
    long coprime = Math.max(1, SPREAD % bound);
    while (gcd(coprime, bound) != 1) {
      coprime++;
    }
    this.step = coprime;
  }

  private static long gcd(long left, long right) {
    return right == 0 ? left : gcd(right, left % right);
  }

  /** The number at a place below the bound. */
  int at(int place) {
    return (int) (place * step % bound);
  }
}
