package io.timelog.kafka;

import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KGroupedStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.SlidingWindows;
import org.apache.kafka.streams.kstream.TimeWindowedKStream;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowBytesStoreSupplier;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Windowed aggregations of the DSL give what they give on Kafka's own in-memory store. */
final class WindowedAggregationTest {
  private static final Duration SIZE = ofMinutes(4);
  private static final Duration GRACE = ofMinutes(6);
  private static final Duration RETENTION = ofMinutes(10);

  @TempDir Path stateDir;

  enum Operator {
    TUMBLING {
      @Override
      TimeWindowedKStream<String, String> window(StreamsBuilder builder) {
        return input(builder).windowedBy(TimeWindows.ofSizeAndGrace(SIZE, GRACE));
      }
    },
    HOPPING {
      @Override
      TimeWindowedKStream<String, String> window(StreamsBuilder builder) {
        return input(builder)
            .windowedBy(TimeWindows.ofSizeAndGrace(SIZE, GRACE).advanceBy(ofMinutes(1)));
      }
    },
    SLIDING {
      @Override
      TimeWindowedKStream<String, String> window(StreamsBuilder builder) {
        return input(builder)
            .windowedBy(SlidingWindows.ofTimeDifferenceAndGrace(SIZE.dividedBy(2), GRACE));
      }
    };

    abstract TimeWindowedKStream<String, String> window(StreamsBuilder builder);

    static KGroupedStream<String, String> input(StreamsBuilder builder) {
      return builder.stream("in", Consumed.with(Serdes.String(), Serdes.String()))
          .groupByKey(Grouped.with(Serdes.String(), Serdes.String()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aggregation_equalsThatOnTheInMemoryStore(Operator operator) {
    List<KeyValue<String, Long>> expected =
        run(operator, Stores.inMemoryWindowStore("windows", RETENTION, SIZE, false));
    List<KeyValue<String, Long>> actual =
        run(operator, TimelogStores.timestampedWindowStore("windows", RETENTION, SIZE));

    assertThat(expected).hasSizeGreaterThan(500);
    assertThat(actual).isEqualTo(expected);
  }

  private List<KeyValue<String, Long>> run(Operator operator, WindowBytesStoreSupplier supplier) {
    StreamsBuilder builder = new StreamsBuilder();
    operator
        .window(builder)
        .count(
            Materialized.<String, Long>as(supplier)
                .withKeySerde(Serdes.String())
                .withValueSerde(Serdes.Long()))
        .toStream()
        .map((Windowed<String> key, Long count) -> KeyValue.pair(key.toString(), count))
        .to("out", Produced.with(Serdes.String(), Serdes.Long()));
    Topology topology = builder.build();
    Properties config = new Properties();
    config.putAll(
        Map.of(
            StreamsConfig.APPLICATION_ID_CONFIG, "windowed-aggregation",
            StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1",
            StreamsConfig.STATE_DIR_CONFIG, stateDir.resolve(supplier.metricsScope()).toString()));
    try (TopologyTestDriver driver = new TopologyTestDriver(topology, config)) {
      var input = driver.createInputTopic("in", new StringSerializer(), new StringSerializer());
      Random random = new Random(1);
      long now = Instant.parse("2001-01-01T00:00:00Z").toEpochMilli();
      for (int i = 0; i < 1_000; i++) {
        now += random.nextInt(20_000);
        long late = random.nextInt((int) RETENTION.toMillis() * 3 / 2);
        input.pipeInput("key" + random.nextInt(5), "value", now - late);
      }
      return driver
          .createOutputTopic("out", new StringDeserializer(), new LongDeserializer())
          .readKeyValuesToList();
    }
  }
}
