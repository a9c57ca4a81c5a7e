package io.timelog.integration.flink.job;

/**
 * What a sensor has read. A POJO for Flink.
 *
 * @param time milliseconds of event time
 * @param note makes the state of a reading larger, or says that it is late
 */
public record Reading(String sensor, long time, long value, String note) {
  private static final String LATE = "late";

  /** One that is not late. */
  static Reading inTime(String sensor, long time, long value) {
    return new Reading(sensor, time, value, "");
  }

  /** One that comes when the watermark has passed its time. */
  static Reading late(String sensor, long time, long value) {
    return new Reading(sensor, time, value, LATE);
  }

  boolean isLate() {
    return note.equals(LATE);
  }

  /** Reads a {@link #line}. */
  static Reading parse(String line) {
    String[] fields = line.split(",", -1);
    return new Reading(fields[0], Long.parseLong(fields[1]), Long.parseLong(fields[2]), fields[3]);
  }

  /** As it is in Kafka. */
  String line() {
    return sensor + "," + time + "," + value + "," + note;
  }
}
