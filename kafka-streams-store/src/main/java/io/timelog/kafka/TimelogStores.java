package io.timelog.kafka;

import io.timelog.kafka.internal.window.Duplicates;
import io.timelog.kafka.internal.window.ValueFormat;
import io.timelog.kafka.internal.window.WindowStoreSupplier;
import java.time.Duration;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowBytesStoreSupplier;

/**
 * The suppliers of Timelog stores, as {@link Stores} has those of Kafka Streams.
 *
 * <pre>{@code
 * flights
 *     .groupByKey()
 *     .windowedBy(TimeWindows.ofSizeAndGrace(ofHours(1), ofHours(2)))
 *     .aggregate(
 *         Delays::none,
 *         Delays::with,
 *         Materialized.as(TimelogStores.timestampedWindowStore("delays", ofHours(3), ofHours(1))));
 * }</pre>
 *
 * <p>A supplier is an immutable value that costs nothing until a task asks it for its store. The
 * stores keep their entries in memory, within the budget of {@link TimelogStoreConfig}, and come
 * back from their changelog topic after a restart.
 *
 * <p>A window that starts {@code retention} or more behind stream time, the newest start of any
 * window in the store, is gone: a put is counted as dropped and a read does not find it.
 */
public final class TimelogStores {
  private TimelogStores() {}

  /**
   * A window store that keeps one value for each key and window, and with it the timestamp of the
   * newest record in it. What a windowed aggregation of the DSL and {@link
   * Stores#timestampedWindowStoreBuilder} need.
   *
   * @param name the name of the store
   * @param retention how far behind stream time a window may start and still be kept
   * @param windowSize the length of a window, at most {@code retention}
   * @throws IllegalArgumentException if a duration is negative or not a number of milliseconds, or
   *     {@code windowSize} exceeds {@code retention}
   */
  public static WindowBytesStoreSupplier timestampedWindowStore(
      String name, Duration retention, Duration windowSize) {
    return WindowStoreSupplier.of(
        name, retention, windowSize, Duplicates.REPLACED, ValueFormat.TIMESTAMPED);
  }

  /**
   * A window store that keeps one value for each key and window. What {@link
   * Stores#windowStoreBuilder} needs.
   *
   * @param name the name of the store
   * @param retention how far behind stream time a window may start and still be kept
   * @param windowSize the length of a window, at most {@code retention}
   * @throws IllegalArgumentException if a duration is negative or not a number of milliseconds, or
   *     {@code windowSize} exceeds {@code retention}
   */
  public static WindowBytesStoreSupplier windowStore(
      String name, Duration retention, Duration windowSize) {
    return WindowStoreSupplier.of(
        name, retention, windowSize, Duplicates.REPLACED, ValueFormat.PLAIN);
  }

  /**
   * A window store that keeps every value, also those of equal key and timestamp, in the order in
   * which they were put; a put of null does nothing. What a stream-stream join needs.
   *
   * @param name the name of the store
   * @param retention how far behind stream time an entry may lie and still be kept
   * @param windowSize the length of a window, at most {@code retention}
   * @throws IllegalArgumentException if a duration is negative or not a number of milliseconds, or
   *     {@code windowSize} exceeds {@code retention}
   */
  public static WindowBytesStoreSupplier windowStoreWithDuplicates(
      String name, Duration retention, Duration windowSize) {
    return WindowStoreSupplier.of(
        name, retention, windowSize, Duplicates.RETAINED, ValueFormat.PLAIN);
  }
}
