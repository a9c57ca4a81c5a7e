package io.timelog.kafka.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.kafka.TimelogStores;
import java.time.Duration;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.LogContext;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

/** What Kafka's cache in front of a persistent session store costs. */
final class CachedSessionStoreTest {
  private static final long SEGMENT = 60_000;
  private static final int SEGMENTS_SINCE_THE_EPOCH = 1_000;
  private static final long NOW = SEGMENTS_SINCE_THE_EPOCH * SEGMENT;

  private final ThreadCache cache =
      Mockito.spy(
          new ThreadCache(
              new LogContext("cache"), 10 << 20, new MockStreamsMetrics(new Metrics())));
  private final SessionStore<String, String> store =
      Stores.sessionStoreBuilder(
              TimelogStores.sessionStore("sessions", Duration.ofMillis(8 * SEGMENT)),
              Serdes.String(),
              Serdes.String())
          .withCachingEnabled()
          .withLoggingDisabled()
          .build();

  @BeforeEach
  void putOneSession() {
    InternalMockProcessorContext<?, ?> context =
        new InternalMockProcessorContext<>(
            null, Serdes.String(), Serdes.String(), new MockRecordCollector(), cache);
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
