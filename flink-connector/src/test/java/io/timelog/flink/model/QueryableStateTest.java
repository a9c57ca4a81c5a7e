package io.timelog.flink.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.flink.TimelogStateBackend;
import io.timelog.flink.fixture.Subtasks;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.State;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.MapSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.queryablestate.client.state.serialization.KvStateSerializer;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.runtime.state.internal.InternalKvState;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What queries of state get, beside what Flink's heap backend answers. */
@Timeout(120)
final class QueryableStateTest {
  private static final int UPDATES = 20_000;

  private Subtasks timelog;
  private Subtasks heap;

  @BeforeEach
  void open() throws Exception {
    timelog = Subtasks.of(new TimelogStateBackend()).open();
    heap = Subtasks.of(new HashMapStateBackend()).open();
  }

  @AfterEach
  void close() throws IOException {
    timelog.close();
    heap.close();
  }

  @ParameterizedTest
  @EnumSource
  void query_getsWhatTheHeapBackendAnswers(ModelState kind) throws Exception {
    for (Namespaces namespaces : Namespaces.values()) {
      for (Object namespace : namespaces.all()) {
        for (String key : List.of("", "a", "key")) {
          Random random = new Random(key.hashCode());
          requireSameAnswer(kind, namespaces, key, namespace);
          for (int i = 0; i < 10; i++) {
            long seed = random.nextLong();
            act(timelog, kind, namespaces, key, namespace, seed);
            act(heap, kind, namespaces, key, namespace, seed);
            requireSameAnswer(kind, namespaces, key, namespace);
          }
          States.at(timelog, kind, namespaces, key, namespace).clear();
          assertThat(answer(timelog, kind, namespaces, key, namespace)).isNull();
        }
      }
    }
  }

  @SuppressWarnings("unchecked")
  private static void act(
      Subtasks subtasks,
      ModelState kind,
      Namespaces namespaces,
      String key,
      Object namespace,
      long seed)
      throws Exception {
    ((Action<State>) kind.action(new Random(seed)))
        .on(States.at(subtasks, kind, namespaces, key, namespace));
  }

  private void requireSameAnswer(
      ModelState kind, Namespaces namespaces, String key, Object namespace) throws Exception {
    byte[] expected = answer(heap, kind, namespaces, key, namespace);
    byte[] actual = answer(timelog, kind, namespaces, key, namespace);
    if (actual == null || expected == null || !isMap(kind)) {
      assertThat(actual).as("%s %s %s", namespaces, key, namespace).isEqualTo(expected);
    } else {
      // Entries come in any order.
      assertThat(entries(timelog, kind, namespaces, key, namespace, actual))
          .as("%s %s %s", namespaces, key, namespace)
          .isEqualTo(entries(heap, kind, namespaces, key, namespace, expected));
    }
  }

  private static boolean isMap(ModelState kind) {
    return switch (kind) {
      case TEXT_MAP, LONG_MAP, LONG_LIST_MAP -> true;
      case VALUE, LIST, REDUCING, AGGREGATING -> false;
    };
  }

  private static InternalKvState<String, Object, Object> state(
      Subtasks subtasks, ModelState kind, Namespaces namespaces, String key, Object namespace)
      throws Exception {
    return cast(States.at(subtasks, kind, namespaces, key, namespace));
  }

  @SuppressWarnings("unchecked")
  private static InternalKvState<String, Object, Object> cast(State state) {
    return (InternalKvState<String, Object, Object>) state;
  }

  private static byte @Nullable [] answer(
      Subtasks subtasks, ModelState kind, Namespaces namespaces, String key, Object namespace)
      throws Exception {
    return query(
        state(subtasks, kind, namespaces, key, namespace), key, namespace, namespaces.serializer());
  }

  /** As Flink's server of queries does, with serializers of its own. */
  private static byte @Nullable [] query(
      InternalKvState<String, Object, Object> state,
      String key,
      Object namespace,
      TypeSerializer<Object> ofNamespace)
      throws Exception {
    return state.getSerializedValue(
        KvStateSerializer.serializeKeyAndNamespace(
            key, StringSerializer.INSTANCE, namespace, ofNamespace),
        state.getKeySerializer().duplicate(),
        state.getNamespaceSerializer().duplicate(),
        state.getValueSerializer().duplicate());
  }

  private static Map<?, ?> entries(
      Subtasks subtasks,
      ModelState kind,
      Namespaces namespaces,
      String key,
      Object namespace,
      byte[] answer)
      throws Exception {
    MapSerializer<?, ?> serializer =
        (MapSerializer<?, ?>)
            (TypeSerializer<?>)
                state(subtasks, kind, namespaces, key, namespace).getValueSerializer();
    return KvStateSerializer.deserializeMap(
        answer, serializer.getKeySerializer(), serializer.getValueSerializer());
  }

  /** One update is one write of the engine, so a query sees all of it or nothing. */
  @Test
  void queryBesideTheTask_getsAValueThatWasThere() throws Exception {
    InternalKvState<String, Object, Object> queried =
        state(timelog, ModelState.VALUE, Namespaces.VOID, "key", VoidNamespace.INSTANCE);
    @SuppressWarnings("unchecked")
    ValueState<String> value = (ValueState<String>) (State) queried;
    value.update(text(0));
    ExecutorService server = Executors.newSingleThreadExecutor();
    try {
      CountDownLatch begun = new CountDownLatch(1);
      CountDownLatch done = new CountDownLatch(1);
      Future<Integer> last =
          server.submit(
              () -> {
                int newest = 0;
                do {
                  byte[] answer =
                      query(queried, "key", VoidNamespace.INSTANCE, Namespaces.VOID.serializer());
                  String text =
                      KvStateSerializer.deserializeValue(answer, StringSerializer.INSTANCE);
                  int number = text.length();
                  assertThat(text).isEqualTo(text(number));
                  assertThat(number).isGreaterThanOrEqualTo(newest);
                  newest = number;
                  begun.countDown();
                } while (done.getCount() > 0);
                return newest;
              });
      begun.await();
      for (int i = 1; i <= UPDATES; i++) {
        value.update(text(i / 100));
      }
      done.countDown();
      assertThat(last.get()).isBetween(0, UPDATES / 100);
    } finally {
      server.shutdownNow();
    }
    assertThat(query(queried, "key", VoidNamespace.INSTANCE, Namespaces.VOID.serializer()))
        .isEqualTo(
            KvStateSerializer.serializeValue(text(UPDATES / 100), StringSerializer.INSTANCE));
  }

  @Test
  void queryOfAMapBesideTheTask_getsEntriesThatWereThere() throws Exception {
    InternalKvState<String, Object, Object> queried =
        state(timelog, ModelState.LONG_MAP, Namespaces.VOID, "key", VoidNamespace.INSTANCE);
    @SuppressWarnings("unchecked")
    MapState<Long, String> map = (MapState<Long, String>) (State) queried;
    map.put(-1L, text(1));
    ExecutorService server = Executors.newSingleThreadExecutor();
    try {
      CountDownLatch begun = new CountDownLatch(1);
      CountDownLatch done = new CountDownLatch(1);
      Future<?> queries =
          server.submit(
              () -> {
                do {
                  byte[] answer =
                      query(queried, "key", VoidNamespace.INSTANCE, Namespaces.VOID.serializer());
                  Map<Long, String> entries =
                      KvStateSerializer.deserializeMap(
                          answer, LongSerializer.INSTANCE, StringSerializer.INSTANCE);
                  assertThat(entries).containsEntry(-1L, text(1));
                  entries.forEach(
                      (at, text) -> assertThat(text).isEqualTo(text((int) Math.abs(at) % 50)));
                  begun.countDown();
                } while (done.getCount() > 0);
                return null;
              });
      begun.await();
      for (int i = 0; i < UPDATES; i++) {
        map.put((long) i, text(i % 50));
        if (i >= 100) {
          map.remove(i - 100L);
        }
      }
      done.countDown();
      queries.get();
    } finally {
      server.shutdownNow();
    }
  }

  private static String text(int length) {
    return "x".repeat(length);
  }
}
