package io.timelog.examples.flights.delays;

import java.time.Duration;
import java.util.stream.LongStream;
import org.apache.kafka.streams.kstream.TimeWindows;

/**
 * Windows of event time that overlap, and how long they wait for late flights.
 *
 * @param size length of a window, more than zero
 * @param advance from the start of one window to the start of the next, more than zero and at most
 *     {@code size}
 * @param grace how far stream time may pass the end of a window before it is closed
 */
public record HoppingWindows(Duration size, Duration advance, Duration grace) {
  /** What Kafka Streams calls these windows. */
  TimeWindows timeWindows() {
    return TimeWindows.ofSizeAndGrace(size, grace).advanceBy(advance);
  }

  /** How long a window store must keep a window so that no flight comes too late for it. */
  Duration retention() {
    return size.plus(grace);
  }

  /** The starts of the windows that contain this moment, oldest first. No window is before 1970. */
  public LongStream startsAround(long millis) {
    long step = advance.toMillis();
    long newest = Math.floorDiv(millis, step) * step;
    long oldest = Math.max(0, Math.floorDiv(millis - size.toMillis(), step) * step + step);
    return LongStream.iterate(oldest, start -> start <= newest, start -> start + step);
  }

  /** Whether a window that starts here takes no more flights at this stream time. */
  boolean isClosed(long startMillis, long streamTimeMillis) {
    return startMillis + size.toMillis() <= streamTimeMillis - grace.toMillis();
  }
}
