package io.timelog.kafka.internal.versioned;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.internals.ProcessorRecordContext;
import org.apache.kafka.streams.query.MultiVersionedKeyQuery;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.query.VersionedKeyQuery;
import org.apache.kafka.streams.state.VersionedBytesStore;
import org.apache.kafka.streams.state.VersionedBytesStoreSupplier;
import org.apache.kafka.streams.state.VersionedRecord;
import org.apache.kafka.streams.state.VersionedRecordIterator;
import org.apache.kafka.test.InternalMockProcessorContext;
import org.apache.kafka.test.MockRecordCollector;
import org.apache.kafka.test.StreamsTestUtils;
import org.apache.kafka.test.TestUtils;

/** A versioned store in the hands of task 0_0, without a broker, and short words for its bytes. */
final class VersionedStoreFixture implements AutoCloseable {
  static final String NAME = "versions";

  final VersionedBytesStore store;
  final InternalMockProcessorContext<?, ?> context;

  VersionedStoreFixture(VersionedBytesStoreSupplier supplier) {
    this(supplier, Map.of());
  }

  VersionedStoreFixture(VersionedBytesStoreSupplier supplier, Map<String, String> config) {
    store = (VersionedBytesStore) supplier.get();
    Properties properties = StreamsTestUtils.getStreamsConfig();
    properties.putAll(config);
    context =
        new InternalMockProcessorContext<>(
            TestUtils.tempDirectory(), new StreamsConfig(properties), new MockRecordCollector());
    store.init(context, store);
  }

  long put(String key, String value, long timestamp) {
    return store.put(bytes(key), value == null ? null : value.getBytes(UTF_8), timestamp);
  }

  /** Like {@code 10=one}. */
  String delete(String key, long timestamp) {
    return text(store.delete(bytes(key), timestamp));
  }

  /** Like {@code 10=one}. */
  String get(String key) {
    return text(store.get(bytes(key)));
  }

  /** Like {@code 10=one}. */
  String get(String key, long asOf) {
    return text(store.get(bytes(key), asOf));
  }

  private static String text(byte[] version) {
    if (version == null) {
      return null;
    }
    ByteBuffer buffer = ByteBuffer.wrap(version);
    return buffer.getLong() + "=" + UTF_8.decode(buffer);
  }

  /** Like {@code 10-20=one}, or {@code 10-=one} for the latest version. */
  private static String text(VersionedRecord<byte[]> version) {
    return version == null
        ? null
        : version.timestamp()
            + "-"
            + version.validTo().map(String::valueOf).orElse("")
            + "="
            + new String(version.value(), UTF_8);
  }

  String query(String key, Optional<Long> asOf) {
    VersionedKeyQuery<Bytes, byte[]> query = VersionedKeyQuery.withKey(bytes(key));
    return text(
        ask(asOf.isPresent() ? query.asOf(Instant.ofEpochMilli(asOf.get())) : query).getResult());
  }

  /** Newest first. */
  List<String> versions(String key, long from, long to) {
    return texts(ask(between(key, from, to).withDescendingTimestamps()).getResult());
  }

  /** Oldest first. */
  List<String> versionsAscending(String key, long from, long to) {
    return texts(ask(between(key, from, to).withAscendingTimestamps()).getResult());
  }

  static MultiVersionedKeyQuery<Bytes, byte[]> between(String key, long from, long to) {
    return MultiVersionedKeyQuery.<Bytes, byte[]>withKey(bytes(key))
        .fromTime(Instant.ofEpochMilli(from))
        .toTime(Instant.ofEpochMilli(to));
  }

  <R> QueryResult<R> ask(Query<R> query) {
    return store.query(query, PositionBound.unbounded(), new QueryConfig(false));
  }

  static List<String> texts(VersionedRecordIterator<byte[]> iterator) {
    List<String> texts = new ArrayList<>();
    try (iterator) {
      while (iterator.hasNext()) {
        texts.add(text(iterator.next()));
      }
    }
    return texts;
  }

  /** What is being processed, as far as the position of a store goes. */
  void process(String topic, int partition, long offset) {
    context.setRecordContext(
        new ProcessorRecordContext(0, offset, partition, topic, new RecordHeaders()));
  }

  void restore(List<ConsumerRecord<byte[], byte[]>> batch) {
    context.restoreWithHeaders(NAME, batch);
  }

  static ConsumerRecord<byte[], byte[]> changelogRecord(String key, String value, long timestamp) {
    return new ConsumerRecord<>(
        NAME + "-changelog",
        0,
        0,
        timestamp,
        TimestampType.CREATE_TIME,
        0,
        0,
        key == null ? null : key.getBytes(UTF_8),
        value == null ? null : value.getBytes(UTF_8),
        new RecordHeaders(),
        Optional.empty());
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

  @Override
  public void close() {
    store.close();
  }
}
