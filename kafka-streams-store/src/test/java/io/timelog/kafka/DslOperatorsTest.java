package io.timelog.kafka;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.common.header.internals.RecordHeaders;
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
import org.apache.kafka.streams.kstream.JoinWindows;
import org.apache.kafka.streams.kstream.KGroupedStream;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.SessionWindowedKStream;
import org.apache.kafka.streams.kstream.SessionWindows;
import org.apache.kafka.streams.kstream.SlidingWindows;
import org.apache.kafka.streams.kstream.StreamJoined;
import org.apache.kafka.streams.kstream.TimeWindowedKStream;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.state.SessionStore;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** With the one line in the configuration, operators give what they give on Kafka's own stores. */
final class DslOperatorsTest {
  private static final int RECORDS = 1_000;

  @TempDir Path stateDir;

  /** An operator of the DSL, from the topics "in" and "other" to the topic "out". */
  enum Operator {
    TUMBLING("timelog-window") {
      @Override
      KStream<String, String> apply(StreamsBuilder builder) {
        return counted(
            grouped(builder).windowedBy(TimeWindows.ofSizeAndGrace(ofMinutes(4), ofMinutes(6))));
      }
    },
    HOPPING("timelog-window") {
      @Override
      KStream<String, String> apply(StreamsBuilder builder) {
        return counted(
            grouped(builder)
                .windowedBy(
                    TimeWindows.ofSizeAndGrace(ofMinutes(4), ofMinutes(6))
                        .advanceBy(ofMinutes(1))));
      }
    },
    SLIDING("timelog-window") {
      @Override
      KStream<String, String> apply(StreamsBuilder builder) {
        return counted(
            grouped(builder)
                .windowedBy(SlidingWindows.ofTimeDifferenceAndGrace(ofMinutes(2), ofMinutes(6))));
      }
    },
    SESSION("timelog-session") {
      @Override
      KStream<String, String> apply(StreamsBuilder builder) {
        return counted(
            grouped(builder)
                .windowedBy(SessionWindows.ofInactivityGapAndGrace(ofSeconds(50), ofMinutes(6))));
      }
    },
    TUMBLING_ON_CLOSE("timelog-window") {
      @Override
      KStream<String, String> apply(StreamsBuilder builder) {
        return counted(
            grouped(builder)
                .windowedBy(TimeWindows.ofSizeAndGrace(ofMinutes(1), ofMinutes(2)))
                .emitStrategy(EmitStrategy.onWindowClose()));
      }
    },
    TUMBLING_ON_CLOSE_WITHOUT_GRACE("timelog-window") {
      @Override
      KStream<String, String> apply(StreamsBuilder builder) {
        return counted(
            grouped(builder)
                .windowedBy(TimeWindows.ofSizeAndGrace(ofMinutes(1), ZERO))
                .emitStrategy(EmitStrategy.onWindowClose()));
      }
    },
    HOPPING_ON_CLOSE("timelog-window") {
      @Override
      KStream<String, String> apply(StreamsBuilder builder) {
        return counted(
            grouped(builder)
                .windowedBy(
                    TimeWindows.ofSizeAndGrace(ofMinutes(2), ofMinutes(3)).advanceBy(ofSeconds(20)))
                .emitStrategy(EmitStrategy.onWindowClose()));
      }
    },
    SLIDING_ON_CLOSE("timelog-window") {
      @Override
      KStream<String, String> apply(StreamsBuilder builder) {
        return counted(
            grouped(builder)
                .windowedBy(SlidingWindows.ofTimeDifferenceAndGrace(ofSeconds(30), ofMinutes(3)))
                .emitStrategy(EmitStrategy.onWindowClose()));
      }
    },
    SESSION_ON_CLOSE("timelog-session") {
      @Override
      KStream<String, String> apply(StreamsBuilder builder) {
        return flat(
            grouped(builder)
                .windowedBy(SessionWindows.ofInactivityGapAndGrace(ofSeconds(50), ofMinutes(1)))
                .emitStrategy(EmitStrategy.onWindowClose())
                .count(
                    Materialized.<String, Long, SessionStore<Bytes, byte[]>>with(
                            Serdes.String(), Serdes.Long())
                        // More than the operator needs, or Kafka's store loses sessions.
                        .withRetention(ofMinutes(10))));
      }
    },
    SESSION_ON_CLOSE_WITHIN_RETENTION("timelog-session") {
      @Override
      KStream<String, String> apply(StreamsBuilder builder) {
        return counted(
            grouped(builder)
                .windowedBy(SessionWindows.ofInactivityGapAndGrace(ofSeconds(50), ofMinutes(1)))
                .emitStrategy(EmitStrategy.onWindowClose()));
      }
    },
    INNER_JOIN("timelog-window") {
      @Override
      KStream<String, String> apply(StreamsBuilder builder) {
        return stream(builder, "in")
            .join(stream(builder, "other"), (a, b) -> a + "&" + b, WITHIN, JOINED);
      }
    },
    LEFT_JOIN("timelog-window") {
      @Override
      KStream<String, String> apply(StreamsBuilder builder) {
        return stream(builder, "in")
            .leftJoin(stream(builder, "other"), (a, b) -> a + "&" + b, WITHIN, JOINED);
      }
    },
    OUTER_JOIN("timelog-window") {
      @Override
      KStream<String, String> apply(StreamsBuilder builder) {
        return stream(builder, "in")
            .outerJoin(stream(builder, "other"), (a, b) -> a + "&" + b, WITHIN, JOINED);
      }
    };

    private static final JoinWindows WITHIN =
        JoinWindows.ofTimeDifferenceAndGrace(ofSeconds(40), ofMinutes(3));
    private static final StreamJoined<String, String, String> JOINED =
        StreamJoined.with(Serdes.String(), Serdes.String(), Serdes.String());

    final String metricsScope;

    Operator(String metricsScope) {
      this.metricsScope = metricsScope;
    }

    abstract KStream<String, String> apply(StreamsBuilder builder);

    /** Kafka's store drops sessions that end before a segment when the operator would emit them. */
    boolean losesNothingOnKafkasStore() {
      return this != SESSION_ON_CLOSE_WITHIN_RETENTION;
    }

    private static KStream<String, String> stream(StreamsBuilder builder, String topic) {
      return builder.stream(topic, Consumed.with(Serdes.String(), Serdes.String()));
    }

    private static KGroupedStream<String, String> grouped(StreamsBuilder builder) {
      return stream(builder, "in").groupByKey(Grouped.with(Serdes.String(), Serdes.String()));
    }

    private static KStream<String, String> counted(TimeWindowedKStream<String, String> windows) {
      return flat(windows.count(Materialized.with(Serdes.String(), Serdes.Long())));
    }

    private static KStream<String, String> counted(
        SessionWindowedKStream<String, String> sessions) {
      return flat(sessions.count(Materialized.with(Serdes.String(), Serdes.Long())));
    }

    private static KStream<String, String> flat(KTable<Windowed<String>, Long> counts) {
      return counts
          .toStream()
          .map((key, count) -> KeyValue.pair(key.key(), key.window() + "=" + count));
    }
  }

  static Stream<Arguments> cases() {
    List<Arguments> cases = new ArrayList<>();
    for (Operator operator : Operator.values()) {
      for (String format : List.of("DEFAULT", "HEADERS")) {
        for (long cacheBytes : List.of(0L, 1L << 20)) {
          cases.add(Arguments.of(operator, format, cacheBytes));
        }
      }
    }
    return cases.stream();
  }

  @ParameterizedTest(name = "{0}, format {1}, cache of {2} bytes")
  @MethodSource("cases")
  void operator_givesRecordByRecordWhatItGivesOnKafkasStores(
      Operator operator, String format, long cacheBytes) {
    Map<String, Object> config =
        Map.of(
            StreamsConfig.DSL_STORE_FORMAT_CONFIG,
            format,
            StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG,
            cacheBytes);
    List<TestRecord<String, String>> expected = run(operator, config);
    Map<String, Object> oneLine = new TreeMap<>(config);
    oneLine.put(
        StreamsConfig.DSL_STORE_SUPPLIERS_CLASS_CONFIG, TimelogDslStoreSuppliers.class.getName());
    List<TestRecord<String, String>> actual = run(operator, oneLine);

    assertThat(expected).hasSizeGreaterThan(100);
    if (!operator.losesNothingOnKafkasStore()) {
      assertThat(actual).containsAll(expected);
      return;
    }
    for (int i = 0; i < Math.min(expected.size(), actual.size()); i++) {
      assertThat(actual.get(i)).as("record %s", i).isEqualTo(expected.get(i));
    }
    assertThat(actual).hasSameSizeAs(expected);
  }

  private List<TestRecord<String, String>> run(Operator operator, Map<String, Object> settings) {
    StreamsBuilder builder = new StreamsBuilder();
    operator.apply(builder).to("out", Produced.with(Serdes.String(), Serdes.String()));
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, "dsl");
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
    config.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.resolve("" + settings.size()).toString());
    config.putAll(settings);
    // Kafka's cache steps through every segment since the epoch, so not long after it.
    Instant start = Instant.parse("1970-01-02T00:00:00Z");
    try (TopologyTestDriver driver = new TopologyTestDriver(builder.build(), config, start)) {
      assertThat(isOnTimelog(driver, operator))
          .isEqualTo(config.containsKey(StreamsConfig.DSL_STORE_SUPPLIERS_CLASS_CONFIG));
      TestInputTopic<String, String> in =
          driver.createInputTopic("in", new StringSerializer(), new StringSerializer());
      TestInputTopic<String, String> other =
          operator.name().endsWith("JOIN")
              ? driver.createInputTopic("other", new StringSerializer(), new StringSerializer())
              : in;
      feed(driver, start.toEpochMilli(), in, other);
      return driver
          .createOutputTopic("out", new StringDeserializer(), new StringDeserializer())
          .readRecordsToList();
    }
  }

  /** Records of a few keys, mostly in order, some late, some too late. */
  private static void feed(
      TopologyTestDriver driver,
      long start,
      TestInputTopic<String, String> in,
      TestInputTopic<String, String> other) {
    Random random = new Random(1);
    long now = start;
    for (int i = 0; i < RECORDS; i++) {
      now += random.nextInt(10_000);
      long late = random.nextInt(4) == 0 ? random.nextInt(700_000) : random.nextInt(1_000);
      RecordHeaders headers = new RecordHeaders();
      headers.add("number", new byte[] {(byte) i});
      (random.nextBoolean() ? in : other)
          .pipeInput(
              new TestRecord<>(
                  "key" + random.nextInt(5),
                  "v" + i,
                  headers,
                  Instant.ofEpochMilli(Math.max(start, now - late))));
      // An operator that emits on close looks once a second at what has closed.
      driver.advanceWallClockTime(Duration.ofMillis(random.nextInt(1_000)));
    }
  }

  private static boolean isOnTimelog(TopologyTestDriver driver, Operator operator) {
    return driver.metrics().keySet().stream()
        .anyMatch(name -> name.tags().containsKey(operator.metricsScope + "-state-id"));
  }
}
