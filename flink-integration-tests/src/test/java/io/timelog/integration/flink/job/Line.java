package io.timelog.integration.flink.job;

import org.jspecify.annotations.Nullable;

/** Results as they are written. */
final class Line {
  private Line() {}

  /** One reading. */
  static String of(String what, Reading reading) {
    return what + " " + name(reading);
  }

  /** A reading and a number. */
  static String of(String what, Reading reading, long number) {
    return what + " " + name(reading) + " " + number;
  }

  /** Two readings, of which any may be missing. */
  static String ofPair(String what, @Nullable Reading one, @Nullable Reading other) {
    return what + " " + name(one) + " " + name(other);
  }

  private static String name(@Nullable Reading reading) {
    return reading == null ? "-" : reading.sensor() + "/" + reading.value() + "@" + reading.time();
  }
}
