package io.timelog.integration.kafka;

import io.timelog.TimeRange;
import io.timelog.kafka.TimelogStores;
import io.timelog.kafka.eventlog.EventLogEntry;
import io.timelog.kafka.eventlog.EventLogIterator;
import io.timelog.kafka.eventlog.EventLogStore;
import java.time.Duration;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowStore;

/**
 * A processor that remembers numbers by time: with each it tells which ones of its key are recent,
 * now and then those of all keys of its partition, and now and then it forgets the old ones. On
 * Timelog it has an event-log store. RocksDB has none, so there a window store and a note of what
 * was forgotten do the same.
 */
abstract class RecentNumbers extends ContextualProcessor<String, String, String, String> {
  private static final long MINUTE = Duration.ofMinutes(1).toMillis();

  /** Longer ago than the latest number is late. */
  private static final long FORGOTTEN = 20 * MINUTE;

  private static final String STORE = "numbers";
  private static final String FLOOR = "floor";

  /** A number that was processed twice, as at-least-once allows, is told once. */
  private static String told(SortedSet<Integer> numbers) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  @Override
  public void process(Record<String, String> record) {
    long now = record.timestamp();
    int number = Integer.parseInt(record.value());
    append(record.key(), now, record.value());
    if (number % 50 == 0) {
      forget(now - FORGOTTEN);
    }
    TimeRange recent = TimeRange.of(now - FORGOTTEN - 10 * MINUTE, now + 1);
    context().forward(record.withValue(told(recall(record.key(), recent))));
    if (number % 10 == 0) {
      TimeRange latest = TimeRange.of(now - MINUTE, now + MINUTE);
      String all = "all of " + context().taskId().partition();
      context().forward(record.withKey(all).withValue(told(recall(latest))));
    }
  }

  abstract void append(String key, long timestamp, String number);

  abstract void forget(long before);

  abstract SortedSet<Integer> recall(String key, TimeRange range);

  abstract SortedSet<Integer> recall(TimeRange range);

  static ProcessorSupplier<String, String, String, String> on(Engine engine) {
    return new ProcessorSupplier<>() {
      @Override
      public Processor<String, String, String, String> get() {
        return engine == Engine.TIMELOG ? new InEventLog() : new InWindows();
      }

      @Override
      public Set<StoreBuilder<?>> stores() {
        return engine == Engine.TIMELOG ? InEventLog.stores() : InWindows.stores();
      }
    };
  }

  private static final class InEventLog extends RecentNumbers {
    static Set<StoreBuilder<?>> stores() {
      return Set.of(TimelogStores.eventLogStore(STORE, Serdes.String(), Serdes.String()));
    }

    private EventLogStore<String, String> log() {
      return context().getStateStore(STORE);
    }

    @Override
    void append(String key, long timestamp, String number) {
      log().append(key, timestamp, number);
    }

    @Override
    void forget(long before) {
      log().deleteBefore(before);
    }

    @Override
    SortedSet<Integer> recall(String key, TimeRange range) {
      return numbers(log().scan(key, range));
    }

    @Override
    SortedSet<Integer> recall(TimeRange range) {
      return numbers(log().scanAll(range));
    }

    private static SortedSet<Integer> numbers(EventLogIterator<String, String> entries) {
      SortedSet<Integer> numbers = new TreeSet<>();
      try (entries) {
        long before = Long.MIN_VALUE;
        while (entries.hasNext()) {
          EventLogEntry<String, String> entry = entries.next();
          if (entry.timestamp() < before) {
            throw new AssertionError("Not in the order of time: " + entry + ", before=" + before);
          }
          before = entry.timestamp();
          numbers.add(Integer.valueOf(entry.value()));
        }
      }
      return numbers;
    }
  }

  private static final class InWindows extends RecentNumbers {
    static Set<StoreBuilder<?>> stores() {
      return Set.of(
          Stores.windowStoreBuilder(
              Stores.persistentWindowStore(STORE, Duration.ofHours(6), Duration.ofMillis(1), true),
              Serdes.String(),
              Serdes.String()),
          Stores.keyValueStoreBuilder(
              Stores.persistentKeyValueStore(FLOOR), Serdes.String(), Serdes.Long()));
    }

    private WindowStore<String, String> windows() {
      return context().getStateStore(STORE);
    }

    private KeyValueStore<String, Long> floor() {
      return context().getStateStore(FLOOR);
    }

    @Override
    void append(String key, long timestamp, String number) {
      windows().put(key, number, timestamp);
    }

    @Override
    void forget(long before) {
      floor().put(FLOOR, Math.max(before, forgottenBefore()));
    }

    private long forgottenBefore() {
      Long floor = floor().get(FLOOR);
      return floor == null ? 0 : floor;
    }

    @Override
    SortedSet<Integer> recall(String key, TimeRange range) {
      SortedSet<Integer> numbers = new TreeSet<>();
      try (var found =
          windows().fetch(key, Math.max(range.first(), forgottenBefore()), range.last())) {
        found.forEachRemaining(entry -> numbers.add(Integer.valueOf(entry.value)));
      }
      return numbers;
    }

    @Override
    SortedSet<Integer> recall(TimeRange range) {
      SortedSet<Integer> numbers = new TreeSet<>();
      try (var found =
          windows().fetchAll(Math.max(range.first(), forgottenBefore()), range.last())) {
        found.forEachRemaining(entry -> numbers.add(Integer.valueOf(entry.value)));
      }
      return numbers;
    }
  }
}
