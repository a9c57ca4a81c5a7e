package io.timelog.kafka.internal.window;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.timelog.kafka.TimelogStoreConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.processor.internals.ProcessorRecordContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.WindowStoreIterator;
import org.apache.kafka.streams.state.internals.WindowKeySchema;
import org.apache.kafka.test.InternalMockProcessorContext;
import org.apache.kafka.test.MockRecordCollector;
import org.apache.kafka.test.StreamsTestUtils;
import org.apache.kafka.test.TestUtils;

/** A window store in the hands of task 0_0, without a broker, and short words for its bytes. */
final class StoreFixture implements AutoCloseable {
  static final String NAME = "windows";

  /** Milliseconds; a partition window of a store with {@link #RETENTION} is this long. */
  static final long PARTITION = 60_000;

  /** Milliseconds; a segment of a store with {@link #RETENTION} is this long. */
  static final long SEGMENT = 4 * PARTITION;

  static final Duration RETENTION = Duration.ofMillis(8 * PARTITION);
  static final Duration WINDOW_SIZE = Duration.ofMillis(10);

  final WindowStore<Bytes, byte[]> store;
  final InternalMockProcessorContext<?, ?> context;

  private StoreFixture(WindowStoreSupplier supplier, Map<String, String> config) {
    store = supplier.get();
    Properties properties = StreamsTestUtils.getStreamsConfig();
    properties.putAll(config);
    context =
        new InternalMockProcessorContext<>(
            TestUtils.tempDirectory(), new StreamsConfig(properties), new MockRecordCollector());
    store.init(context, store);
  }

  static StoreFixture of(WindowStoreSupplier supplier) {
    return new StoreFixture(supplier, Map.of());
  }

  static WindowStoreSupplier plain() {
    return WindowStoreSupplier.of(NAME, RETENTION, WINDOW_SIZE, ValueFormat.PLAIN);
  }

  static StoreFixture replacingDuplicates() {
    return new StoreFixture(plain(), Map.of());
  }

  static StoreFixture retainingDuplicates() {
    return new StoreFixture(plain().retainingDuplicates(), Map.of());
  }

  static StoreFixture withMemoryBudget(long bytes) {
    return new StoreFixture(
        plain().inMemory(), Map.of(TimelogStoreConfig.MEMORY_BUDGET_BYTES, "" + bytes));
  }

  void put(String key, long windowStart, String value) {
    store.put(bytes(key), value == null ? null : value.getBytes(UTF_8), windowStart);
  }

  String fetch(String key, long windowStart) {
    byte[] value = store.fetch(bytes(key), windowStart);
    return value == null ? null : new String(value, UTF_8);
  }

  /** What is being processed, as far as the position of a store goes. */
  void process(String topic, int partition, long offset) {
    context.setRecordContext(
        new ProcessorRecordContext(0, offset, partition, topic, new RecordHeaders()));
  }

  void restore(List<ConsumerRecord<byte[], byte[]>> batch) {
    context.restoreWithHeaders(NAME, batch);
  }

  static ConsumerRecord<byte[], byte[]> changelogRecord(
      String key, long windowStart, String value) {
    return new ConsumerRecord<>(
        NAME + "-changelog",
        0,
        0,
        WindowKeySchema.toStoreKeyBinary(bytes(key), windowStart, 0).get(),
        value == null ? null : value.getBytes(UTF_8));
  }

  double droppedRecords() {
    return context.metrics().metrics().values().stream()
        .filter(metric -> metric.metricName().name().equals("dropped-records-total"))
        .mapToDouble(metric -> (double) metric.metricValue())
        .sum();
  }

  static Bytes bytes(String key) {
    return key == null ? null : Bytes.wrap(key.getBytes(UTF_8));
  }

  /** Like {@code a@10=one}. */
  static List<String> windows(KeyValueIterator<Windowed<Bytes>, byte[]> iterator) {
    List<String> windows = new ArrayList<>();
    try (iterator) {
      while (iterator.hasNext()) {
        KeyValue<Windowed<Bytes>, byte[]> next = iterator.next();
        windows.add(
            new String(next.key.key().get(), UTF_8)
                + "@"
                + next.key.window().start()
                + "="
                + new String(next.value, UTF_8));
      }
    }
    return windows;
  }

  /** Like {@code 10=one}. */
  static List<String> starts(WindowStoreIterator<byte[]> iterator) {
    List<String> starts = new ArrayList<>();
    try (iterator) {
      while (iterator.hasNext()) {
        KeyValue<Long, byte[]> next = iterator.next();
        starts.add(next.key + "=" + new String(next.value, UTF_8));
      }
    }
    return starts;
  }

  @Override
  public void close() {
    store.close();
  }
}
