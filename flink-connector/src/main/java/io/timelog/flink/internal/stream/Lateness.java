package io.timelog.flink.internal.stream;

/** What makes a row come too late. */
public enum Lateness {
  /** The watermark has reached its timestamp: all rows that have it were said to be there. */
  REACHED {
    @Override
    boolean isLate(long timestamp, long watermark) {
      return timestamp <= watermark;
    }
  },

  /** The watermark has passed its timestamp, as Flink's interval join has it. */
  PASSED {
    @Override
    boolean isLate(long timestamp, long watermark) {
      return timestamp < watermark;
    }
  };

  abstract boolean isLate(long timestamp, long watermark);
}
