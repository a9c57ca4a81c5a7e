package io.timelog.kafka.internal.eventlog;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.timelog.TimeRange;
import io.timelog.kafka.TimelogStores;
import io.timelog.kafka.eventlog.EventLogCursor;
import io.timelog.kafka.eventlog.EventLogEntry;
import io.timelog.kafka.eventlog.EventLogIterator;
import io.timelog.kafka.eventlog.EventLogStore;
import io.timelog.kafka.eventlog.EventLogStoreBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.Sensor.RecordingLevel;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.internals.ProcessorRecordContext;
import org.apache.kafka.streams.processor.internals.metrics.StreamsMetricsImpl;
import org.apache.kafka.test.InternalMockProcessorContext;
import org.apache.kafka.test.MockRecordCollector;
import org.apache.kafka.test.StreamsTestUtils;
import org.apache.kafka.test.TestUtils;

/** An event-log store in the hands of task 0_0, without a broker; its changelog is captured. */
final class EventLogFixture implements AutoCloseable {
  static final String NAME = "events";

  /** What is being processed; a record of the changelog has this timestamp. */
  static final long RECORD_TIMESTAMP = 777;

  final EventLogStore<String, String> store;
  final InternalMockProcessorContext<?, ?> context;
  private final MockRecordCollector changelog = new MockRecordCollector();

  EventLogFixture(EventLogStoreBuilder<String, String> builder, Map<String, String> config) {
    store = builder.build();
    Properties properties = StreamsTestUtils.getStreamsConfig();
    properties.putAll(config);
    StreamsConfig streamsConfig = new StreamsConfig(properties);
    MetricConfig metricConfig =
        new MetricConfig()
            .recordLevel(
                RecordingLevel.forName(
                    streamsConfig.getString(StreamsConfig.METRICS_RECORDING_LEVEL_CONFIG)));
    context =
        new InternalMockProcessorContext<>(
            TestUtils.tempDirectory(),
            null,
            null,
            new StreamsMetricsImpl(new Metrics(metricConfig), "mock", Time.SYSTEM),
            streamsConfig,
            () -> changelog,
            null,
            Time.SYSTEM);
    store.init(context, store);
    process("input", 0, 1);
  }

  EventLogFixture(EventLogStoreBuilder<String, String> builder) {
    this(builder, Map.of());
  }

  EventLogFixture() {
    this(eventLog());
  }

  static EventLogStoreBuilder<String, String> eventLog() {
    return TimelogStores.eventLogStore(NAME, Serdes.String(), Serdes.String());
  }

  void process(String topic, int partition, long offset) {
    context.setRecordContext(
        new ProcessorRecordContext(
            RECORD_TIMESTAMP, offset, partition, topic, new RecordHeaders()));
  }

  /** What the store has written to its changelog, as a restore would be given it. */
  List<ConsumerRecord<byte[], byte[]>> changelog() {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (ProducerRecord<Object, Object> record : changelog.collected()) {
      records.add(
          new ConsumerRecord<>(
              record.topic(),
              0,
              records.size(),
              ((Bytes) record.key()).get(),
              (byte[]) record.value()));
    }
    return records;
  }

  List<Long> changelogTimestamps() {
    return changelog.collected().stream().map(ProducerRecord::timestamp).toList();
  }

  void restore(List<ConsumerRecord<byte[], byte[]>> batch) {
    context.restoreWithHeaders(NAME, batch);
  }

  double metric(String name) {
    return context.metrics().metrics().values().stream()
        .filter(metric -> metric.metricName().name().equals(name))
        .mapToDouble(metric -> (double) metric.metricValue())
        .sum();
  }

  /** All entries in time order, like {@code 10 a=one}. */
  List<String> contents() {
    return entries(store.scanAll(TimeRange.all()));
  }

  /** Like {@code 10 a=one}. */
  static List<String> entries(EventLogIterator<String, String> iterator) {
    List<String> entries = new ArrayList<>();
    try (iterator) {
      while (iterator.hasNext()) {
        EventLogEntry<String, String> next = iterator.next();
        entries.add(next.timestamp() + " " + next.key() + "=" + next.value());
      }
    }
    return entries;
  }

  /** Like {@code 10 a=one}, read in place. */
  static List<String> entries(EventLogCursor<String, String> cursor) {
    List<String> entries = new ArrayList<>();
    try (cursor) {
      while (cursor.advance()) {
        entries.add(
            cursor.timestamp() + " " + cursor.key() + "=" + UTF_8.decode(cursor.valueBytes()));
      }
    }
    return entries;
  }

  @Override
  public void close() {
    store.close();
  }
}
