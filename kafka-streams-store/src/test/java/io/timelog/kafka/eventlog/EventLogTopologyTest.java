package io.timelog.kafka.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.TimeRange;
import io.timelog.kafka.TimelogStores;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A processor with an event-log store, and a punctuator that reports and deletes what is due. */
@SuppressWarnings("unchecked") // The driver knows no types of stores.
final class EventLogTopologyTest {
  private static final long START = Instant.parse("2001-01-01T00:00:00Z").toEpochMilli();
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @TempDir Path stateDirectory;

  /** Keeps records for a minute, then forwards them in time order. */
  private static final class InOrder implements Processor<String, String, String, String> {
    private ProcessorContext<String, String> context;
    private EventLogStore<String, String> waiting;

    @Override
    public void init(ProcessorContext<String, String> processorContext) {
      context = processorContext;
      waiting = processorContext.getStateStore("waiting");
      processorContext.schedule(MINUTE, PunctuationType.STREAM_TIME, this::forwardDue);
    }

    @Override
    public void process(Record<String, String> record) {
      waiting.append(record.key(), record.timestamp(), record.value());
    }

    private void forwardDue(long now) {
      long cutoff = now - MINUTE.toMillis();
      try (EventLogIterator<String, String> due = waiting.scanAll(TimeRange.until(cutoff))) {
        due.forEachRemaining(
            entry -> context.forward(new Record<>(entry.key(), entry.value(), entry.timestamp())));
      }
      waiting.deleteBefore(cutoff);
    }
  }

  private TopologyTestDriver driver(EventLogStoreBuilder<String, String> store) {
    Topology topology =
        new Topology()
            .addSource("source", new StringDeserializer(), new StringDeserializer(), "in")
            .addProcessor("in-order", InOrder::new, "source")
            .addStateStore(store, "in-order")
            .addSink("sink", "out", new StringSerializer(), new StringSerializer(), "in-order");
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, "app");
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
    config.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
    return new TopologyTestDriver(topology, config);
  }

  private static EventLogStoreBuilder<String, String> waiting() {
    return TimelogStores.eventLogStore("waiting", Serdes.String(), Serdes.String());
  }

  @Test
  void punctuator_forwardsInTimeOrder_andDeletesWhatItForwarded() {
    for (EventLogStoreBuilder<String, String> store : List.of(waiting(), waiting().inMemory())) {
      try (TopologyTestDriver driver = driver(store)) {
        TestInputTopic<String, String> in =
            driver.createInputTopic("in", new StringSerializer(), new StringSerializer());
        TestOutputTopic<String, String> out =
            driver.createOutputTopic("out", new StringDeserializer(), new StringDeserializer());
        List<String> forwarded = new ArrayList<>();

        for (int i = 0; i < 600; i++) {
          // Every second record is thirty seconds late.
          long timestamp = START + i * 1_000L - (i % 2) * 30_000L;
          in.pipeInput("key" + i % 7, "value" + i, timestamp);
          out.readRecordsToList()
              .forEach(record -> forwarded.add(record.timestamp() + " " + record.value()));
        }

        assertThat(forwarded).hasSizeGreaterThan(400).isSorted().doesNotHaveDuplicates();
        EventLogStore<String, String> left =
            (EventLogStore<String, String>) driver.getStateStore("waiting");
        assertThat(left.count(TimeRange.all())).isEqualTo(600 - forwarded.size());
        assertThat(left.minTimestamp()).hasValue(START + 480_000L);
      }
    }
  }

  @Test
  void deleteOfAPunctuator_isOneRecordOfTheChangelog() {
    try (TopologyTestDriver driver = driver(waiting())) {
      TestInputTopic<String, String> in =
          driver.createInputTopic("in", new StringSerializer(), new StringSerializer());
      for (int i = 0; i < 100; i++) {
        in.pipeInput("key", "value", START + i);
      }
      in.pipeInput("key", "value", START + 10 * MINUTE.toMillis());

      assertThat(
              driver
                  .createOutputTopic(
                      "app-waiting-changelog",
                      new ByteArrayDeserializer(),
                      new ByteArrayDeserializer())
                  .readRecordsToList())
          .hasSize(102);
    }
  }

  @Test
  void serdesOfTheApplication_areUsedWhereTheBuilderHasNone() {
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, "app");
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
    config.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
    config.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
    config.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
    Topology topology =
        new Topology()
            .addSource("source", "in")
            .addProcessor("in-order", InOrder::new, "source")
            .addStateStore(
                TimelogStores.<String, String>eventLogStore("waiting", null, null), "in-order");
    try (TopologyTestDriver driver = new TopologyTestDriver(topology, config)) {
      driver
          .createInputTopic("in", new StringSerializer(), new StringSerializer())
          .pipeInput("key", "value", START);

      EventLogStore<String, String> store =
          (EventLogStore<String, String>) driver.getStateStore("waiting");
      assertThat(store.count("key", TimeRange.at(START))).isEqualTo(1);
    }
  }
}
