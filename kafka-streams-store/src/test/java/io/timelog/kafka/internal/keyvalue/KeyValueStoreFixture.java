package io.timelog.kafka.internal.keyvalue;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.internals.ProcessorRecordContext;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.test.InternalMockProcessorContext;
import org.apache.kafka.test.MockRecordCollector;
import org.apache.kafka.test.StreamsTestUtils;
import org.apache.kafka.test.TestUtils;

/** A key-value store in the hands of task 0_0, without a broker, and short words for its bytes. */
final class KeyValueStoreFixture implements AutoCloseable {
  static final String NAME = "entries";

  final KeyValueStore<Bytes, byte[]> store;
  final InternalMockProcessorContext<?, ?> context;

  KeyValueStoreFixture(KeyValueBytesStoreSupplier supplier, Map<String, String> config) {
    store = supplier.get();
    Properties properties = StreamsTestUtils.getStreamsConfig();
    properties.putAll(config);
    context =
        new InternalMockProcessorContext<>(
            TestUtils.tempDirectory(), new StreamsConfig(properties), new MockRecordCollector());
    store.init(context, store);
  }

  void put(String key, String value) {
    store.put(bytes(key), value == null ? null : value.getBytes(UTF_8));
  }

  String get(String key) {
    return text(store.get(bytes(key)));
  }

  String delete(String key) {
    return text(store.delete(bytes(key)));
  }

  String putIfAbsent(String key, String value) {
    return text(store.putIfAbsent(bytes(key), value == null ? null : value.getBytes(UTF_8)));
  }

  List<String> range(String from, String to) {
    return entries(store.range(bytes(from), bytes(to)));
  }

  List<String> all() {
    return entries(store.all());
  }

  <R> QueryResult<R> ask(Query<R> query) {
    return store.query(query, PositionBound.unbounded(), new QueryConfig(false));
  }

  /** What is being processed, as far as the position of a store goes. */
  void process(String topic, int partition, long offset) {
    context.setRecordContext(
        new ProcessorRecordContext(0, offset, partition, topic, new RecordHeaders()));
  }

  void restore(List<ConsumerRecord<byte[], byte[]>> batch) {
    context.restoreWithHeaders(NAME, batch);
  }

  static ConsumerRecord<byte[], byte[]> changelogRecord(String key, String value) {
    return new ConsumerRecord<>(
        NAME + "-changelog",
        0,
        0,
        key == null ? null : key.getBytes(UTF_8),
        value == null ? null : value.getBytes(UTF_8));
  }

  static Bytes bytes(String key) {
    return key == null ? null : Bytes.wrap(key.getBytes(UTF_8));
  }

  private static String text(byte[] value) {
    return value == null ? null : new String(value, UTF_8);
  }

  /** Like {@code key=value}. */
  static List<String> entries(KeyValueIterator<Bytes, byte[]> iterator) {
    List<String> entries = new ArrayList<>();
    try (iterator) {
      while (iterator.hasNext()) {
        Bytes peeked = iterator.peekNextKey();
        KeyValue<Bytes, byte[]> next = iterator.next();
        if (!next.key.equals(peeked)) {
          throw new AssertionError("peeked at " + peeked + ", then came " + next.key);
        }
        entries.add(new String(next.key.get(), UTF_8) + "=" + text(next.value));
      }
    }
    return entries;
  }

  @Override
  public void close() {
    store.close();
  }
}
