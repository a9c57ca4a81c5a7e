package io.timelog.kafka.internal.session;

import static io.timelog.kafka.internal.session.SessionFixture.NAME;
import static io.timelog.kafka.internal.session.SessionFixture.RETENTION;
import static io.timelog.kafka.internal.session.SessionFixture.bytes;
import static io.timelog.kafka.internal.session.SessionFixture.sessions;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.kstream.internals.SessionWindow;
import org.apache.kafka.streams.state.SessionStore;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.test.InternalMockProcessorContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random operations on our store and on Kafka's in-memory store, which keeps the same sessions to
 * the millisecond. Rerun one case with {@code -Dseed=<seed>}.
 */
final class SessionStoreModelTest {
  static LongStream seeds() {
    Long seed = Long.getLong("seed");
    return seed == null ? LongStream.rangeClosed(1, 10) : LongStream.of(seed);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void store_keepsWhatKafkasStoreKeeps(long seed) {
    SessionStore<Bytes, byte[]> model = Stores.inMemorySessionStore(NAME, RETENTION).get();
    model.init(new InternalMockProcessorContext<>(), model);
    try (SessionFixture fixture = new SessionFixture(SessionFixture.plain())) {
      run(new Random(seed), fixture.store, model);
    }
    model.close();
  }

  private static void run(
      Random random, SessionStore<Bytes, byte[]> store, SessionStore<Bytes, byte[]> model) {
    long now = 0;
    for (int i = 0; i < 4_000; i++) {
      now += random.nextInt(1_000);
      long end = Math.max(0, now - random.nextInt((int) RETENTION.toMillis() + 60_000));
      long start = Math.max(0, end - random.nextInt(3) * 500L);
      Windowed<Bytes> session = new Windowed<>(key(random), new SessionWindow(start, end));
      if (random.nextInt(4) == 0) {
        store.remove(session);
        model.remove(session);
      } else {
        byte[] aggregate = random.nextInt(8) == 0 ? null : ("value" + i).getBytes(UTF_8);
        store.put(session, aggregate);
        model.put(session, aggregate);
      }
      if (random.nextInt(100) == 0) {
        compare(random, now, store, model);
      }
    }
  }

  private static void compare(
      Random random,
      long now,
      SessionStore<Bytes, byte[]> store,
      SessionStore<Bytes, byte[]> model) {
    Bytes key = key(random);
    long from = now - random.nextInt((int) RETENTION.toMillis());
    long to = from + random.nextInt((int) RETENTION.toMillis());
    // Sessions of one key with equal ends are in another order in Kafka's store.
    assertThat(sessions(store.findSessions(from, to)))
        .containsExactlyInAnyOrderElementsOf(sessions(model.findSessions(from, to)));
    assertThat(sessions(store.fetch(key)))
        .containsExactlyInAnyOrderElementsOf(sessions(model.fetch(key)));
    assertThat(sessions(store.findSessions(key, from, to)))
        .containsExactlyInAnyOrderElementsOf(sessions(model.findSessions(key, from, to)));
    assertThat(sessions(store.backwardFindSessions(key, from, to)))
        .isEqualTo(reversed(sessions(store.findSessions(key, from, to))));
    Bytes first = random.nextInt(4) == 0 ? null : key(random);
    Bytes last = random.nextInt(4) == 0 ? null : key(random);
    List<String> found = sessions(store.findSessions(first, last, from, to));
    assertThat(found)
        .containsExactlyInAnyOrderElementsOf(sessions(model.findSessions(first, last, from, to)));
    assertThat(sessions(store.backwardFindSessions(first, last, from, to)))
        .isEqualTo(reversed(found));
  }

  private static List<String> reversed(List<String> sessions) {
    Collections.reverse(sessions);
    return sessions;
  }

  // Keys of different lengths, some of them the beginning of others.
  private static Bytes key(Random random) {
    return bytes("k".repeat(1 + random.nextInt(3)) + random.nextInt(4));
  }
}
