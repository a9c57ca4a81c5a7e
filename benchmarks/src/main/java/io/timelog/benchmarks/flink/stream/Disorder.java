package io.timelog.benchmarks.flink.stream;

import org.apache.flink.api.java.tuple.Tuple3;

/** Events of keys drawn at random, a little out of order; the same for the same number. */
final class Disorder {
  /** An event is less than this behind an earlier one. */
  static final long MILLIS = 200;

  private Disorder() {}

  /**
   * An event.
   *
   * @param time about when
   */
  static Tuple3<Long, Long, Long> event(long number, long keys, long time) {
    long mixed = mix(number);
    return Tuple3.of(
        Math.floorMod(mixed, keys), MILLIS + time - Math.floorMod(mixed >>> 32, MILLIS), number);
  }

  /** A number of which no bit tells anything of the other; the mixing of SplitMix64. */
  static long mix(long number) {
    long mixed = number * 0x9E3779B97F4A7C15L;
    mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
