package io.timelog.kafka;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.EmitStrategy;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.SessionWindows;
import org.apache.kafka.streams.kstream.SlidingWindows;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.state.SessionStore;
import org.apache.kafka.streams.state.WindowStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Windows that close together are emitted oldest first, or a next aggregation drops some. */
final class EmitOnCloseOrderTest {
  /** More than the operators need, or windows that close in a jump of time have expired by then. */
  private static final Duration LONG = Duration.ofSeconds(10);

  @TempDir Path stateDir;

  enum FirstStep {
    TUMBLING,
    HOPPING,
    SLIDING,
    SESSION
  }

  static Stream<Arguments> cases() {
    List<Arguments> cases = new ArrayList<>();
    for (FirstStep step : FirstStep.values()) {
      for (String format : List.of("DEFAULT", "HEADERS")) {
        for (long cacheBytes : List.of(0L, 300L, 1L << 20)) {
          cases.add(Arguments.of(step, format, cacheBytes));
        }
      }
    }
    return cases.stream();
  }

  /** With a cache of 300 bytes a part of the windows is in it, and the others are in the store. */
  @ParameterizedTest(name = "{0}, format {1}, cache of {2} bytes")
  @MethodSource("cases")
  void secondAggregation_getsEveryWindowInTime(FirstStep step, String format, long cacheBytes) {
    Map<String, Object> settings =
        Map.of(
            StreamsConfig.DSL_STORE_FORMAT_CONFIG,
            format,
            StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG,
            cacheBytes);
    Map<String, Object> timelog = new TreeMap<>(settings);
    timelog.put(
        StreamsConfig.DSL_STORE_SUPPLIERS_CLASS_CONFIG, TimelogDslStoreSuppliers.class.getName());

    List<KeyValue<String, String>> counts = counts(step, timelog);

    assertThat(counts).hasSizeGreaterThan(10).isEqualTo(counts(step, settings));
  }

  @Test
  void windowsThatCloseTogether_areAllCounted() {
    Map<String, Object> timelog =
        Map.of(
            StreamsConfig.DSL_STORE_SUPPLIERS_CLASS_CONFIG,
            TimelogDslStoreSuppliers.class.getName());
    StreamsBuilder builder = new StreamsBuilder();
    emitted(builder, FirstStep.TUMBLING).to("out", Produced.with(Serdes.String(), Serdes.String()));
    try (TopologyTestDriver driver = driver(builder, timelog)) {
      TestInputTopic<String, String> in = input(driver);
      in.pipeInput("b", "v", 5);
      in.pipeInput("a", "v", 15);
      in.pipeInput("c", "v", 5);
      driver.advanceWallClockTime(Duration.ofSeconds(2));
      in.pipeInput("z", "v", 1_000);

      assertThat(output(driver))
          .containsExactly(
              KeyValue.pair("b", "0"), KeyValue.pair("c", "0"), KeyValue.pair("a", "10"));
    }
  }

  /**
   * The count of the windows of the first step in each window of the second, which has no grace.
   */
  private List<KeyValue<String, String>> counts(FirstStep step, Map<String, Object> settings) {
    StreamsBuilder builder = new StreamsBuilder();
    emitted(builder, step)
        .selectKey((key, value) -> "all")
        .groupByKey(Grouped.with(Serdes.String(), Serdes.String()))
        .windowedBy(TimeWindows.ofSizeAndGrace(ofMillis(10), ZERO))
        .count(Materialized.<String, Long, WindowStore<Bytes, byte[]>>as("second"))
        .toStream()
        .map((window, count) -> KeyValue.pair(text(window), "" + count))
        .to("out", Produced.with(Serdes.String(), Serdes.String()));
    try (TopologyTestDriver driver = driver(builder, settings)) {
      TestInputTopic<String, String> in = input(driver);
      // Later windows have smaller keys.
      for (int round = 0; round < 4; round++) {
        long start = round * 1_000L;
        for (int i = 0; i < 20; i++) {
          in.pipeInput("key" + (20 - i) / 2, "v", start + 7L * i);
          in.pipeInput("key", "v", start + 7L * i);
        }
        driver.advanceWallClockTime(Duration.ofSeconds(2));
        in.pipeInput("z", "v", start + 900);
      }
      return output(driver);
    }
  }

  private static KStream<String, String> emitted(StreamsBuilder builder, FirstStep step) {
    var grouped =
        builder.stream("in", Consumed.with(Serdes.String(), Serdes.String()))
            .groupByKey(Grouped.with(Serdes.String(), Serdes.String()));
    Duration grace = ofMillis(300);
    var counts =
        switch (step) {
          case TUMBLING ->
              grouped
                  .windowedBy(TimeWindows.ofSizeAndGrace(ofMillis(10), grace))
                  .emitStrategy(EmitStrategy.onWindowClose())
                  .count(
                      Materialized.<String, Long, WindowStore<Bytes, byte[]>>with(
                              Serdes.String(), Serdes.Long())
                          .withRetention(LONG));
          case HOPPING ->
              grouped
                  .windowedBy(
                      TimeWindows.ofSizeAndGrace(ofMillis(10), grace).advanceBy(ofMillis(2)))
                  .emitStrategy(EmitStrategy.onWindowClose())
                  .count(
                      Materialized.<String, Long, WindowStore<Bytes, byte[]>>with(
                              Serdes.String(), Serdes.Long())
                          .withRetention(LONG));
          case SLIDING ->
              grouped
                  .windowedBy(SlidingWindows.ofTimeDifferenceAndGrace(ofMillis(10), grace))
                  .emitStrategy(EmitStrategy.onWindowClose())
                  .count(
                      Materialized.<String, Long, WindowStore<Bytes, byte[]>>with(
                              Serdes.String(), Serdes.Long())
                          .withRetention(LONG));
          case SESSION ->
              grouped
                  .windowedBy(SessionWindows.ofInactivityGapAndGrace(ofMillis(5), grace))
                  .emitStrategy(EmitStrategy.onWindowClose())
                  .count(
                      Materialized.<String, Long, SessionStore<Bytes, byte[]>>with(
                              Serdes.String(), Serdes.Long())
                          .withRetention(LONG));
        };
    return counts
        .toStream()
        .map((window, count) -> KeyValue.pair(window.key(), "" + window.window().start()));
  }

  private static String text(Windowed<String> window) {
    return window.key() + "@" + window.window().start();
  }

  private TopologyTestDriver driver(StreamsBuilder builder, Map<String, Object> settings) {
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, "emit");
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
    config.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.resolve("" + settings.size()).toString());
    config.putAll(settings);
    return new TopologyTestDriver(builder.build(), config, Instant.EPOCH);
  }

  private static TestInputTopic<String, String> input(TopologyTestDriver driver) {
    return driver.createInputTopic("in", new StringSerializer(), new StringSerializer());
  }

  private static List<KeyValue<String, String>> output(TopologyTestDriver driver) {
    return driver
        .createOutputTopic("out", new StringDeserializer(), new StringDeserializer())
        .readKeyValuesToList();
  }
}
