package io.timelog.model;

import java.util.SplittableRandom;

/** Makes the timestamps of one table. */
final class TimeSource {
  private static final long CENTURY_MILLIS = 36_525L * 86_400_000L;
  private static final long[] CORNERS = {
    Long.MIN_VALUE, Long.MIN_VALUE + 1, -1, 0, 1, Long.MAX_VALUE - 1, Long.MAX_VALUE
  };

  private final TimePattern pattern;
  private final long tick;
  private final long span;
  private final SplittableRandom random;
  private long now;

  /**
   * @param tick ticks that the clock moves per entry, on average
   * @param liveEntries entries to which {@link #span()} corresponds
   */
  TimeSource(TimePattern pattern, long tick, int liveEntries, SplittableRandom random) {
    this.pattern = pattern;
    this.tick = tick(pattern, tick);
    this.span = span(pattern, tick, liveEntries);
    this.random = random;
    now =
        switch (pattern) {
          case AROUND_ZERO -> -20 * span;
          case CENTURIES -> -4_000_000_000_000_000_000L;
          case TIMELESS -> 0;
          default -> 1_600_000_000_000L;
        };
  }

  private static long tick(TimePattern pattern, long tick) {
    return pattern == TimePattern.CENTURIES ? CENTURY_MILLIS / 4 : tick;
  }

  /** Ticks in which about {@code liveEntries} entries are written. */
  static long span(TimePattern pattern, long tick, int liveEntries) {
    return switch (pattern) {
      case TIED -> Math.max(1, tick * liveEntries / 50);
      case TIMELESS -> 1;
      default -> tick(pattern, tick) * liveEntries;
    };
  }

  /** The newest timestamp in order. */
  long now() {
    return now;
  }

  long span() {
    return span;
  }

  /** The timestamp of the next write. */
  long next() {
    return switch (pattern) {
      case IN_ORDER -> forward();
      case SOME_LATE, AROUND_ZERO ->
          random.nextInt(20) == 0 ? forward() - random.nextLong(span) : forward();
      case SHUFFLED -> forward() - random.nextLong(span);
      case ALIGNED -> {
        long width = 100 * tick;
        yield Math.floorDiv(
                forward() - (random.nextInt(10) == 0 ? random.nextLong(span) : 0), width)
            * width;
      }
      case TIED -> {
        now += random.nextInt(50) == 0 ? tick : 0;
        yield random.nextInt(10) == 0 ? now - tick * random.nextInt(5) : now;
      }
      case CENTURIES -> random.nextInt(4) == 0 ? forward() : now - random.nextLong(span);
      case HOSTILE ->
          switch (random.nextInt(10)) {
            case 0 -> CORNERS[random.nextInt(CORNERS.length)];
            case 1 -> random.nextLong();
            default -> forward();
          };
      case TIMELESS -> 0;
    };
  }

  private long forward() {
    now += random.nextLong(2 * tick + 1);
    return now;
  }
}
