package io.timelog.kafka.internal.host;

import org.apache.kafka.streams.kstream.Window;
import org.apache.kafka.streams.kstream.internals.SessionWindow;
import org.apache.kafka.streams.kstream.internals.TimeWindow;

/** Windows of time and sessions from their bounds. */
public final class WindowBounds {
  /** The last start a window can have: it would end at the end of time. */
  public static final long LAST_START = Long.MAX_VALUE - 1;

  private WindowBounds() {}

  /**
   * The window {@code [start, start + size)}, cut off at the end of time.
   *
   * @param start in milliseconds, from 0 to {@link #LAST_START}
   * @param size in milliseconds, positive
   */
  public static Window of(long start, long size) {
    long end = start + size;
    return new TimeWindow(start, end < 0 ? Long.MAX_VALUE : end);
  }

  /**
   * The session from {@code start} to {@code end}, both included.
   *
   * @param start in milliseconds, from 0 to {@code end}
   */
  public static Window session(long start, long end) {
    return new SessionWindow(start, end);
  }
}
