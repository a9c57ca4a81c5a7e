package io.timelog.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.timelog.TimeRange;
import io.timelog.kafka.eventlog.EventLogEntry;
import io.timelog.kafka.eventlog.EventLogIterator;
import io.timelog.kafka.eventlog.EventLogStore;
import io.timelog.kafka.eventlog.EventLogStoreBuilder;
import io.timelog.summary.LongSummary;
import io.timelog.summary.Summarizer;
import java.io.File;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.kstream.internals.SessionWindow;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.internals.ProcessorRecordContext;
import org.apache.kafka.streams.query.MultiVersionedKeyQuery;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.SessionStore;
import org.apache.kafka.streams.state.VersionedBytesStore;
import org.apache.kafka.streams.state.VersionedRecord;
import org.apache.kafka.streams.state.VersionedRecordIterator;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.internals.SessionKeySchema;
import org.apache.kafka.streams.state.internals.WindowKeySchema;
import org.apache.kafka.test.InternalMockProcessorContext;
import org.apache.kafka.test.MockRecordCollector;
import org.apache.kafka.test.StreamsTestUtils;

/**
 * A store of some kind in the hands of task 0_0, which is written to and read in one way whatever
 * it is.
 */
abstract class AnyStore implements AutoCloseable {
  static final String NAME = "store";
  static final Duration RETENTION = Duration.ofMinutes(16);
  static final TopicPartition CHANGELOG = new TopicPartition("changelog", 0);

  /** The keys that there are. */
  static final List<String> KEYS = List.of("a", "b", "longer", "with\0zero");

  /** Each kind, in its directory or in memory. */
  enum Kind {
    WINDOWS {
      @Override
      AnyStore make(Life life) {
        return new Windows(life == Life.PERSISTENT ? windows().get() : windows().inMemory().get());
      }
    },
    WINDOWS_WITH_DUPLICATES {
      @Override
      AnyStore make(Life life) {
        TimelogWindowStoreSupplier supplier = windows().retainingDuplicates();
        return new Windows(life == Life.PERSISTENT ? supplier.get() : supplier.inMemory().get());
      }
    },
    SESSIONS {
      @Override
      AnyStore make(Life life) {
        TimelogSessionStoreSupplier supplier = TimelogStores.sessionStore(NAME, RETENTION);
        return new Sessions(life == Life.PERSISTENT ? supplier.get() : supplier.inMemory().get());
      }
    },
    VERSIONS {
      @Override
      AnyStore make(Life life) {
        TimelogVersionedStoreSupplier supplier =
            TimelogStores.versionedKeyValueStore(NAME, RETENTION);
        return new Versions(life == Life.PERSISTENT ? supplier.get() : supplier.inMemory().get());
      }
    },
    KEY_VALUES {
      @Override
      AnyStore make(Life life) {
        TimelogKeyValueStoreSupplier supplier = TimelogStores.keyValueStore(NAME);
        return new KeyValues(life == Life.PERSISTENT ? supplier.get() : supplier.inMemory().get());
      }
    },
    EVENTS {
      @Override
      AnyStore make(Life life) {
        return new Events(life == Life.PERSISTENT ? events().build() : events().inMemory().build());
      }
    };

    abstract AnyStore make(Life life);

    /** A store that is open. */
    AnyStore open(Life life, File directory, Map<String, ?> config) {
      AnyStore store = make(life);
      store.open(directory, config);
      return store;
    }

    private static TimelogWindowStoreSupplier windows() {
      return TimelogStores.windowStore(NAME, RETENTION, Duration.ofMillis(10));
    }

    private static EventLogStoreBuilder<String, String> events() {
      return TimelogStores.eventLogStore(NAME, Serdes.String(), Serdes.String())
          .withRetention(RETENTION)
          .withSummary(Events.LENGTHS)
          .withLoggingDisabled();
    }
  }

  /** Which of the two kinds of kinds. */
  enum Life {
    PERSISTENT,
    IN_MEMORY
  }

  private final StateStore store;
  private InternalMockProcessorContext<?, ?> context;

  AnyStore(StateStore store) {
    this.store = store;
  }

  private void open(File directory, Map<String, ?> config) {
    Properties properties = StreamsTestUtils.getStreamsConfig("application");
    config.forEach((name, value) -> properties.put(name, value.toString()));
    context =
        new InternalMockProcessorContext<>(
            directory, new StreamsConfig(properties), new MockRecordCollector());
    context.addChangelogForStore(NAME, CHANGELOG.topic());
    store.init(context, store);
  }

  final StateStore store() {
    return store;
  }

  /** What is being processed, as far as the position of a store goes. */
  final void process(long offset) {
    process(0, offset);
  }

  final void process(int partition, long offset) {
    context.setRecordContext(
        new ProcessorRecordContext(0, offset, partition, "input", new RecordHeaders()));
  }

  final void commit(long offset) {
    store.commit(Map.of(CHANGELOG, offset));
  }

  final void restore(ConsumerRecord<byte[], byte[]> record) {
    context.restoreWithHeaders(NAME, List.of(record));
  }

  /** A record of the changelog that says what a write of the same would. */
  final ConsumerRecord<byte[], byte[]> changelogRecord(
      long offset, String key, long time, String value) {
    return new ConsumerRecord<>(
        CHANGELOG.topic(),
        CHANGELOG.partition(),
        offset,
        time,
        TimestampType.CREATE_TIME,
        0,
        0,
        changelogKey(key, time),
        value.getBytes(UTF_8),
        new RecordHeaders(),
        Optional.empty());
  }

  abstract byte[] changelogKey(String key, long time);

  /** Writes; a value that is null removes, if the kind can. */
  abstract void write(String key, long time, String value);

  /** All that is in the store, in words. */
  abstract List<String> contents();

  @Override
  public final void close() {
    store.close();
  }

  private static Bytes bytes(String key) {
    return Bytes.wrap(key.getBytes(UTF_8));
  }

  private static byte[] value(String value) {
    return value == null ? null : value.getBytes(UTF_8);
  }

  private static <K> List<String> list(KeyValueIterator<K, byte[]> iterator) {
    List<String> entries = new ArrayList<>();
    try (iterator) {
      while (iterator.hasNext()) {
        KeyValue<K, byte[]> next = iterator.next();
        entries.add(next.key + "=" + new String(next.value, UTF_8));
      }
    }
    return entries;
  }

  private static final class Windows extends AnyStore {
    private final WindowStore<Bytes, byte[]> windows;

    Windows(WindowStore<Bytes, byte[]> windows) {
      super(windows);
      this.windows = windows;
    }

    @Override
    byte[] changelogKey(String key, long time) {
      return WindowKeySchema.toStoreKeyBinary(bytes(key), time, 0).get();
    }

    @Override
    void write(String key, long time, String value) {
      windows.put(bytes(key), value(value), time);
    }

    @Override
    List<String> contents() {
      return list(windows.all());
    }
  }

  private static final class Sessions extends AnyStore {
    private final SessionStore<Bytes, byte[]> sessions;

    Sessions(SessionStore<Bytes, byte[]> sessions) {
      super(sessions);
      this.sessions = sessions;
    }

    @Override
    byte[] changelogKey(String key, long time) {
      return SessionKeySchema.toBinary(bytes(key), time, time).get();
    }

    @Override
    void write(String key, long time, String value) {
      sessions.put(new Windowed<>(bytes(key), new SessionWindow(time, time)), value(value));
    }

    @Override
    List<String> contents() {
      return list(sessions.findSessions(null, null, 0, Long.MAX_VALUE));
    }
  }

  private static final class Versions extends AnyStore {
    private final VersionedBytesStore versions;

    Versions(KeyValueStore<Bytes, byte[]> versions) {
      super(versions);
      this.versions = (VersionedBytesStore) versions;
    }

    @Override
    byte[] changelogKey(String key, long time) {
      return bytes(key).get();
    }

    @Override
    void write(String key, long time, String value) {
      versions.put(bytes(key), value(value), time);
    }

    @Override
    List<String> contents() {
      List<String> all = new ArrayList<>();
      for (String key : KEYS) {
        MultiVersionedKeyQuery<Bytes, byte[]> query =
            MultiVersionedKeyQuery.<Bytes, byte[]>withKey(bytes(key)).fromTime(Instant.EPOCH);
        try (VersionedRecordIterator<byte[]> found =
            versions.query(query, PositionBound.unbounded(), new QueryConfig(false)).getResult()) {
          while (found.hasNext()) {
            VersionedRecord<byte[]> version = found.next();
            all.add(
                key
                    + "@"
                    + version.timestamp()
                    + "-"
                    + version.validTo()
                    + "="
                    + new String(version.value(), UTF_8));
          }
        }
      }
      return all;
    }
  }

  private static final class KeyValues extends AnyStore {
    private final KeyValueStore<Bytes, byte[]> entries;

    KeyValues(KeyValueStore<Bytes, byte[]> entries) {
      super(entries);
      this.entries = entries;
    }

    @Override
    byte[] changelogKey(String key, long time) {
      return bytes(key).get();
    }

    @Override
    void write(String key, long time, String value) {
      // More keys than those of the other kinds, because each has one value only.
      entries.put(bytes(key + time % 50), value(value));
    }

    @Override
    List<String> contents() {
      return list(entries.all());
    }
  }

  private static final class Events extends AnyStore {
    static final Summarizer<String, LongSummary> LENGTHS = LongSummary.of(value -> value.length());

    private final EventLogStore<String, String> events;

    Events(EventLogStore<String, String> events) {
      super(events);
      this.events = events;
    }

    @Override
    byte[] changelogKey(String key, long time) {
      byte[] bytes = key.getBytes(UTF_8);
      return ByteBuffer.allocate(9 + bytes.length).put((byte) 1).putLong(time).put(bytes).array();
    }

    @Override
    void write(String key, long time, String value) {
      if (value != null) {
        events.append(key, time, value);
      } else if (time % 3 == 0) {
        events.deleteBefore(time - RETENTION.toMillis() / 2);
      } else {
        events.deleteRange(key, TimeRange.of(time - 20_000, time));
      }
    }

    @Override
    List<String> contents() {
      List<String> all = new ArrayList<>();
      try (EventLogIterator<String, String> entries = events.scanAll(TimeRange.all())) {
        while (entries.hasNext()) {
          EventLogEntry<String, String> entry = entries.next();
          all.add(entry.key() + "@" + entry.timestamp() + "=" + entry.value());
        }
      }
      for (String key : KEYS) {
        all.add("length of " + key + ": " + events.aggregate(key, TimeRange.all(), LENGTHS));
      }
      all.add("from " + events.minTimestamp() + " to " + events.maxTimestamp());
      return all;
    }
  }
}
