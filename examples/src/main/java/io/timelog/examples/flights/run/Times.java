package io.timelog.examples.flights.run;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Moments and lengths of event time, for people. */
public final class Times {
  private static final DateTimeFormatter DAY_AND_TIME = format("EEE yyyy-MM-dd HH:mm");
  private static final DateTimeFormatter DAY_OF_WEEK_AND_TIME = format("EEE HH:mm");
  private static final DateTimeFormatter TIME = format("HH:mm");

  private Times() {}

  private static DateTimeFormatter format(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(ZoneOffset.UTC);
  }

  /** A moment of event time, like {@code Mon 2001-01-01 13:45}. */
  public static String time(long millis) {
    return DAY_AND_TIME.format(Instant.ofEpochMilli(millis));
  }

  /** A moment of event time where there is little room, like {@code Mon 13:45}. */
  public static String shortTime(long millis) {
    return DAY_OF_WEEK_AND_TIME.format(Instant.ofEpochMilli(millis));
  }

  /** A length of time, like {@code 26 h 47 min}, {@code 15 min} or {@code 2 h}. */
  public static String length(Duration length) {
    String hours = length.toHours() + " h";
    String minutes = length.toMinutesPart() + " min";
    if (length.toHours() == 0) {
      return minutes;
    }
    return length.toMinutesPart() == 0 ? hours : hours + " " + minutes;
  }

  /** A moment of event time without its day, like {@code 13:45}. */
  public static String clock(long millis) {
    return TIME.format(Instant.ofEpochMilli(millis));
  }
}
