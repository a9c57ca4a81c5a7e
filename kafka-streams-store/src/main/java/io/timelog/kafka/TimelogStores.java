package io.timelog.kafka;

import io.timelog.kafka.eventlog.EventLogStoreBuilder;
import io.timelog.kafka.eventlog.ReadOnlyEventLogStore;
import io.timelog.kafka.internal.eventlog.AllPartitions;
import io.timelog.kafka.internal.eventlog.EventLogBuilder;
import io.timelog.kafka.internal.keyvalue.KeyValueStoreSupplier;
import io.timelog.kafka.internal.session.AggregateFormat;
import io.timelog.kafka.internal.session.SessionStoreSupplier;
import io.timelog.kafka.internal.versioned.VersionedStoreSupplier;
import io.timelog.kafka.internal.window.ValueFormat;
import io.timelog.kafka.internal.window.WindowStoreSupplier;
import java.time.Duration;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.state.QueryableStoreType;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

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
 * stores hold memory within the budget of {@link TimelogStoreConfig}.
 *
 * <p>There are two kinds, which hold the same entries in the same order. The persistent kind is
 * what the methods here return. It commits to the directory of its task, entries and changelog
 * offsets together, and is restored from its changelog topic only from there on; what the memory
 * budget does not hold goes to files. The in-memory kind, {@code inMemory()} of a supplier, has no
 * directory, is restored from the whole of its changelog topic, and must fit into the budget.
 *
 * <p>What lies the retention or more behind stream time, the newest time in the store, is gone: a
 * put is counted as dropped and a read does not find it. The time of a window is its start, that of
 * a session its end.
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
   * @throws IllegalArgumentException if the name is empty, too long or a path, a duration is
   *     negative or not a number of milliseconds, or {@code windowSize} exceeds {@code retention}
   */
  public static TimelogWindowStoreSupplier timestampedWindowStore(
      String name, Duration retention, Duration windowSize) {
    return WindowStoreSupplier.of(name, retention, windowSize, ValueFormat.TIMESTAMPED);
  }

  /**
   * A window store that keeps one value for each key and window. What {@link
   * Stores#windowStoreBuilder} needs.
   *
   * @param name the name of the store
   * @param retention how far behind stream time a window may start and still be kept
   * @param windowSize the length of a window, at most {@code retention}
   * @throws IllegalArgumentException as {@link #timestampedWindowStore}
   */
  public static TimelogWindowStoreSupplier windowStore(
      String name, Duration retention, Duration windowSize) {
    return WindowStoreSupplier.of(name, retention, windowSize, ValueFormat.PLAIN);
  }

  /**
   * A window store that keeps one value for each key and window, and with it the timestamp and the
   * headers of the newest record in it. What {@link
   * Stores#timestampedWindowStoreWithHeadersBuilder} needs, and with {@link
   * TimelogWindowStoreSupplier#retainingDuplicates()} a stream-stream join.
   *
   * @param name the name of the store
   * @param retention how far behind stream time a window may start and still be kept
   * @param windowSize the length of a window, at most {@code retention}
   * @throws IllegalArgumentException as {@link #timestampedWindowStore}
   */
  public static TimelogWindowStoreSupplier windowStoreWithHeaders(
      String name, Duration retention, Duration windowSize) {
    return WindowStoreSupplier.of(name, retention, windowSize, ValueFormat.HEADERS);
  }

  /**
   * A session store. What a session aggregation of the DSL and {@link Stores#sessionStoreBuilder}
   * need.
   *
   * @param name the name of the store
   * @param retention how far behind stream time a session may end and still be kept
   * @throws IllegalArgumentException if the name is empty, too long or a path, or the duration is
   *     negative or not a number of milliseconds
   */
  public static TimelogSessionStoreSupplier sessionStore(String name, Duration retention) {
    return SessionStoreSupplier.of(name, retention, AggregateFormat.PLAIN);
  }

  /**
   * A session store that keeps record headers with each aggregate. What {@link
   * Stores#sessionStoreWithHeadersBuilder} needs.
   *
   * @param name the name of the store
   * @param retention how far behind stream time a session may end and still be kept
   * @throws IllegalArgumentException as {@link #sessionStore}
   */
  public static TimelogSessionStoreSupplier sessionStoreWithHeaders(
      String name, Duration retention) {
    return SessionStoreSupplier.of(name, retention, AggregateFormat.HEADERS);
  }

  /**
   * A key-value store. What {@link Stores#keyValueStoreBuilder} needs.
   *
   * @param name the name of the store
   * @throws IllegalArgumentException if the name is empty, too long or a path
   */
  public static TimelogKeyValueStoreSupplier keyValueStore(String name) {
    return KeyValueStoreSupplier.plain(name);
  }

  /**
   * A key-value store that keeps with each value the timestamp of its record. What a table of the
   * DSL and {@link Stores#timestampedKeyValueStoreBuilder} need.
   *
   * @param name the name of the store
   * @throws IllegalArgumentException if the name is empty, too long or a path
   */
  public static TimelogKeyValueStoreSupplier timestampedKeyValueStore(String name) {
    return KeyValueStoreSupplier.timestamped(name);
  }

  /**
   * A key-value store that keeps with each value the timestamp and the headers of its record. What
   * {@link Stores#timestampedKeyValueStoreWithHeadersBuilder} needs.
   *
   * @param name the name of the store
   * @throws IllegalArgumentException if the name is empty, too long or a path
   */
  public static TimelogKeyValueStoreSupplier keyValueStoreWithHeaders(String name) {
    return KeyValueStoreSupplier.withHeaders(name);
  }

  /**
   * A versioned key-value store. What a versioned table of the DSL, as {@code
   * Materialized.as(supplier)}, and {@link Stores#versionedKeyValueStoreBuilder} need. The latest
   * version of a key is kept for ever.
   *
   * @param name the name of the store
   * @param historyRetention how far behind stream time a version may be asked for; also how late a
   *     record may come and still be put
   * @throws IllegalArgumentException if the name is empty, too long or a path, or the duration is
   *     negative or not a number of milliseconds
   */
  public static TimelogVersionedStoreSupplier versionedKeyValueStore(
      String name, Duration historyRetention) {
    return VersionedStoreSupplier.of(name, historyRetention);
  }

  /**
   * A builder of an event-log store: entries of a key, a timestamp and a value, for processors and
   * punctuators. It goes into {@code Topology.addStateStore} or {@code
   * StreamsBuilder.addStateStore}.
   *
   * @param name the name of the store
   * @param keySerde of the keys; null for the default of the application
   * @param valueSerde of the values; null for the default of the application
   * @throws IllegalArgumentException if the name is empty, too long or a path
   */
  public static <K, V> EventLogStoreBuilder<K, V> eventLogStore(
      String name, @Nullable Serde<K> keySerde, @Nullable Serde<V> valueSerde) {
    return new EventLogBuilder<>(name, keySerde, valueSerde);
  }

  /**
   * What {@code StoreQueryParameters} need for interactive queries of an event-log store: the view
   * of all partitions that the instance has.
   */
  public static <K, V> QueryableStoreType<ReadOnlyEventLogStore<K, V>> eventLogStoreType() {
    return AllPartitions.type();
  }
}
