package io.timelog.kafka.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.kafka.TimelogDslStoreSuppliers;
import io.timelog.kafka.TimelogStores;
import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.common.utils.LogContext;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.SessionWindows;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.kstream.internals.SessionWindow;
import org.apache.kafka.streams.processor.internals.MockStreamsMetrics;
import org.apache.kafka.streams.processor.internals.ProcessorRecordContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.SessionStore;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.internals.ThreadCache;
import org.apache.kafka.test.InternalMockProcessorContext;
import org.apache.kafka.test.MockRecordCollector;
import org.apache.kafka.test.TestUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

/** What Kafka's cache in front of a persistent session store costs. */
final class CachedSessionStoreTest {
  private static final long SEGMENT = 240_000;
  private static final int SEGMENTS_SINCE_THE_EPOCH = 1_000;
  private static final long NOW = SEGMENTS_SINCE_THE_EPOCH * SEGMENT;

  private final ThreadCache cache =
      Mockito.spy(
          new ThreadCache(
              new LogContext("cache"), 10 << 20, new MockStreamsMetrics(new Metrics())));
  private final SessionStore<String, String> store =
      Stores.sessionStoreBuilder(
              TimelogStores.sessionStore("sessions", Duration.ofMillis(2 * SEGMENT)),
              Serdes.String(),
              Serdes.String())
          .withCachingEnabled()
          .withLoggingDisabled()
          .build();

  @BeforeEach
  void putOneSession() {
    InternalMockProcessorContext<?, ?> context =
        new InternalMockProcessorContext<>(
            TestUtils.tempDirectory(),
            Serdes.String(),
            Serdes.String(),
            new MockRecordCollector(),
            cache);
    context.setRecordContext(new ProcessorRecordContext(0, 0, 0, "topic", new RecordHeaders()));
    store.init(context, store);
    store.put(new Windowed<>("A", new SessionWindow(NOW - 10, NOW)), "session");
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void findSessions_looksIntoTheSegmentsOfItsRange() {
    assertThat(count(store.findSessions("A", NOW - 5 * SEGMENT, NOW))).isEqualTo(1);

    assertThat(looks()).isBetween(1L, 20L);
  }

  /** The documents tell users of it; if this fails, Kafka has mended its cache. */
  @Test
  void fetchOfAKey_looksIntoEverySegmentSinceTheEpoch() {
    assertThat(count(store.fetch("A"))).isEqualTo(1);

    assertThat(looks()).isGreaterThanOrEqualTo(SEGMENTS_SINCE_THE_EPOCH);
  }

  /**
   * The cache fails on a range that begins before the epoch by more than a segment. Kafka's own
   * segments are too long for it to happen to an aggregation whose gap is shorter than its grace.
   */
  @Test
  void sessionsNearTheEpoch_areAggregatedWithACache() {
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, "epoch");
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
    config.put(StreamsConfig.STATE_DIR_CONFIG, TestUtils.tempDirectory().getPath());
    config.put(
        StreamsConfig.DSL_STORE_SUPPLIERS_CLASS_CONFIG, TimelogDslStoreSuppliers.class.getName());
    StreamsBuilder builder = new StreamsBuilder();
    builder.stream("in", Consumed.with(Serdes.String(), Serdes.String()))
        .groupByKey()
        .windowedBy(
            SessionWindows.ofInactivityGapAndGrace(Duration.ofMinutes(5), Duration.ofMinutes(10)))
        .count(
            Materialized.<String, Long, SessionStore<Bytes, byte[]>>as("counts")
                .withKeySerde(Serdes.String()));
    try (TopologyTestDriver driver = new TopologyTestDriver(builder.build(), config)) {
      TestInputTopic<String, String> in =
          driver.createInputTopic("in", new StringSerializer(), new StringSerializer());
      in.pipeInput("A", "one", 0);
      in.pipeInput("A", "two", 1);

      SessionStore<String, Long> counts = driver.getSessionStore("counts");
      assertThat(counts.fetchSession("A", 0, 1)).isEqualTo(2);
    }
  }

  private long looks() {
    return Mockito.mockingDetails(cache).getInvocations().stream()
        .filter(call -> call.getMethod().getName().equals("range"))
        .filter(call -> call.getArguments().length == 3)
        .count();
  }

  private static int count(KeyValueIterator<Windowed<String>, String> sessions) {
    int count = 0;
    try (sessions) {
      while (sessions.hasNext()) {
        sessions.next();
        count++;
      }
    }
    return count;
  }
}
