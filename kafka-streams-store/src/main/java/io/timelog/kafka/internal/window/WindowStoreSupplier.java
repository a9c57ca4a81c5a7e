package io.timelog.kafka.internal.window;

import java.time.Duration;
import java.util.Objects;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.WindowBytesStoreSupplier;
import org.apache.kafka.streams.state.WindowStore;

/**
 * All that is to be said of a window store before there is one. The names are Kafka's.
 *
 * @param name the name of the store
 * @param retentionPeriod milliseconds that a window may start behind stream time and still be kept
 * @param windowSize milliseconds
 * @param segmentIntervalMs milliseconds of a Kafka segment, which is a partition window of the
 *     table
 * @param duplicates what becomes of values with equal key and start
 * @param format what the bytes of a value are
 */
public record WindowStoreSupplier(
    String name,
    long retentionPeriod,
    long windowSize,
    long segmentIntervalMs,
    Duplicates duplicates,
    ValueFormat format)
    implements WindowBytesStoreSupplier {
  /*
   * A segment is what expires at once and what a scan by key visits, so retention is cut into eight:
   * at most an eighth of it is kept too long, and a key is looked up in eight hash indexes at most.
   * The lower bound is Kafka's own. It keeps short retentions from being cut into slivers, each of
   * which costs Kafka's cache a range of its own.
   */
  private static final long SEGMENTS_PER_RETENTION = 8;
  private static final long MIN_SEGMENT_INTERVAL_MS = 60_000;

  /**
   * Checks and converts what a user says.
   *
   * @throws IllegalArgumentException if a duration is negative or not a number of milliseconds, or
   *     {@code windowSize} exceeds {@code retention}
   */
  public static WindowStoreSupplier of(
      String name,
      Duration retention,
      Duration windowSize,
      Duplicates duplicates,
      ValueFormat format) {
    Objects.requireNonNull(name, "name");
    long retentionMillis = millis("retention", retention, name);
    long windowSizeMillis = millis("windowSize", windowSize, name);
    if (windowSizeMillis > retentionMillis) {
      throw new IllegalArgumentException(
          "windowSize must not exceed retention: windowSize="
              + windowSize
              + ", retention="
              + retention
              + ", store="
              + name);
    }
    return new WindowStoreSupplier(
        name,
        retentionMillis,
        windowSizeMillis,
        Math.max(retentionMillis / SEGMENTS_PER_RETENTION, MIN_SEGMENT_INTERVAL_MS),
        duplicates,
        format);
  }

  private static long millis(String what, Duration duration, String store) {
    Objects.requireNonNull(duration, what);
    if (duration.isNegative()) {
      throw new IllegalArgumentException(
          what + " must not be negative: " + what + "=" + duration + ", store=" + store);
    }
    try {
      return duration.toMillis();
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          what + " must be a number of milliseconds: " + what + "=" + duration + ", store=" + store,
          e);
    }
  }

  @Override
  public boolean retainDuplicates() {
    return duplicates == Duplicates.RETAINED;
  }

  @Override
  public String metricsScope() {
    return "timelog-window";
  }

  @Override
  public WindowStore<Bytes, byte[]> get() {
    return switch (format) {
      case PLAIN -> new TimelogWindowStore(this);
      case TIMESTAMPED -> new TimestampedTimelogWindowStore(this);
    };
  }
}
