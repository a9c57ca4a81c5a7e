package io.timelog.benchmarks.commit;

/** What the clock on the wall has to do with event time. */
public enum Pace {
  /** Writes come at their rate. A state that is too slow for them falls behind. */
  AT_RATE {
    @Override
    long due(long nanos, long perSecond) {
      return (long) (nanos / 1e9 * perSecond);
    }
  },
  /** Writes come as fast as they are taken. */
  UNBOUND {
    @Override
    long due(long nanos, long perSecond) {
      return Long.MAX_VALUE;
    }
  };

  /** How many writes should have been made after a time. */
  abstract long due(long nanos, long perSecond);
}
