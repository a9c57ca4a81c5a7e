package io.timelog.kafka.internal.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.kstream.internals.SessionWindow;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.SessionStore;
import org.apache.kafka.streams.state.internals.SessionKeySchema;
import org.apache.kafka.test.InternalMockProcessorContext;
import org.apache.kafka.test.MockRecordCollector;
import org.apache.kafka.test.StreamsTestUtils;
import org.apache.kafka.test.TestUtils;

/** A session store that is open, without a broker, and short words for its bytes. */
final class SessionFixture implements AutoCloseable {
  static final String NAME = "sessions";

  /** Milliseconds; a partition window of a store with {@link #RETENTION} is this long. */
  static final long PARTITION = 60_000;

  /** Milliseconds; a segment of a store with {@link #RETENTION} is this long. */
  static final long SEGMENT = 4 * PARTITION;

  static final Duration RETENTION = Duration.ofMillis(8 * PARTITION);

  final SessionStore<Bytes, byte[]> store;
  final InternalMockProcessorContext<?, ?> context;

  SessionFixture(SessionStoreSupplier supplier) {
    this(supplier, Map.of());
  }

  SessionFixture(SessionStoreSupplier supplier, Map<String, String> config) {
    store = supplier.get();
    Properties properties = StreamsTestUtils.getStreamsConfig();
    properties.putAll(config);
    context =
        new InternalMockProcessorContext<>(
            TestUtils.tempDirectory(), new StreamsConfig(properties), new MockRecordCollector());
    store.init(context, store);
  }

  static SessionStoreSupplier plain() {
    return SessionStoreSupplier.of(NAME, RETENTION, AggregateFormat.PLAIN);
  }

  void put(String key, long start, long end, String aggregate) {
    store.put(session(key, start, end), aggregate == null ? null : aggregate.getBytes(UTF_8));
  }

  void remove(String key, long start, long end) {
    store.remove(session(key, start, end));
  }

  String fetchSession(String key, long start, long end) {
    byte[] aggregate = store.fetchSession(bytes(key), start, end);
    return aggregate == null ? null : new String(aggregate, UTF_8);
  }

  void restore(List<ConsumerRecord<byte[], byte[]>> batch) {
    context.restoreWithHeaders(NAME, batch);
  }

  static ConsumerRecord<byte[], byte[]> changelogRecord(
      String key, long start, long end, String aggregate) {
    return new ConsumerRecord<>(
        NAME + "-changelog",
        0,
        0,
        SessionKeySchema.toBinary(bytes(key), start, end).get(),
        aggregate == null ? null : aggregate.getBytes(UTF_8));
  }

  double droppedRecords() {
    return context.metrics().metrics().values().stream()
        .filter(metric -> metric.metricName().name().equals("dropped-records-total"))
        .mapToDouble(metric -> (double) metric.metricValue())
        .sum();
  }

  static Windowed<Bytes> session(String key, long start, long end) {
    return new Windowed<>(bytes(key), new SessionWindow(start, end));
  }

  static Bytes bytes(String key) {
    return key == null ? null : Bytes.wrap(key.getBytes(UTF_8));
  }

  /** Like {@code a[10,20]=one}. */
  static List<String> sessions(KeyValueIterator<Windowed<Bytes>, byte[]> iterator) {
    List<String> sessions = new ArrayList<>();
    try (iterator) {
      while (iterator.hasNext()) {
        KeyValue<Windowed<Bytes>, byte[]> next = iterator.next();
        sessions.add(
            new String(next.key.key().get(), UTF_8)
                + "["
                + next.key.window().start()
                + ","
                + next.key.window().end()
                + "]="
                + new String(next.value, UTF_8));
      }
    }
    return sessions;
  }

  @Override
  public void close() {
    store.close();
  }
}
