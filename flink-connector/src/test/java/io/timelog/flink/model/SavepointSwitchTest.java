package io.timelog.flink.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.flink.TimelogStateBackend;
import io.timelog.flink.TimerService;
import io.timelog.flink.fixture.Backends;
import io.timelog.flink.fixture.Subtasks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.State;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.state.AbstractKeyedStateBackend;
import org.apache.flink.runtime.state.AbstractStateBackend;
import org.apache.flink.runtime.state.KeyGroupedInternalPriorityQueue;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.operators.TimerHeapInternalTimer;
import org.apache.flink.streaming.api.operators.TimerSerializer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A job moves from any backend to any other with a savepoint, and takes all state along. */
final class SavepointSwitchTest {
  private static final int KEYS = 40;
  private static final int ACTIONS = 4_000;

  @TempDir private Path folder;

  enum Backend {
    TIMELOG,
    TIMELOG_WITH_TIMERS_IN_TABLES,
    HEAP,
    ROCKSDB;

    AbstractStateBackend make(Path folder) {
      return switch (this) {
        case TIMELOG -> new TimelogStateBackend();
        case TIMELOG_WITH_TIMERS_IN_TABLES -> Backends.with(TimerService.TIMELOG);
        case HEAP -> new HashMapStateBackend();
        case ROCKSDB -> {
          EmbeddedRocksDBStateBackend rocks = new EmbeddedRocksDBStateBackend();
          rocks.setDbStoragePath(folder.toUri().toString());
          yield rocks;
        }
      };
    }
  }

  static Stream<Arguments> pairs() {
    return Arrays.stream(Backend.values())
        .flatMap(from -> Arrays.stream(Backend.values()).map(to -> Arguments.of(from, to)));
  }

  @ParameterizedTest(name = "from {0} to {1}")
  @MethodSource("pairs")
  void savepoint_takesAllStateAlong(Backend from, Backend to) throws Exception {
    Map<List<Object>, Object> expected;
    Set<Long> timers;
    List<KeyedStateHandle> savepoint;
    try (Subtasks subtasks = open(from, 2, List.of())) {
      Map<AbstractKeyedStateBackend<String>, Queue> queues = queues(subtasks);
      fill(subtasks, queues);
      timers = timers(queues);
      expected = content(subtasks);
      savepoint = subtasks.savepoint(1).finish();
    }

    try (Subtasks subtasks = open(to, 3, savepoint)) {
      States.registerAll(subtasks);
      assertThat(content(subtasks)).isEqualTo(expected).hasSizeGreaterThan(500);
      assertThat(timers(queues(subtasks))).isEqualTo(timers).hasSize(KEYS);
    }
  }

  private Subtasks open(Backend backend, int parallelism, List<KeyedStateHandle> restored)
      throws IOException {
    return Subtasks.of(backend.make(folder)).parallelism(parallelism).restoring(restored).open();
  }

  @SuppressWarnings("unchecked")
  private static void fill(Subtasks subtasks, Map<AbstractKeyedStateBackend<String>, Queue> queues)
      throws Exception {
    Random random = new Random(1);
    for (int i = 0; i < ACTIONS; i++) {
      ModelState kind = States.any(random, ModelState.values());
      Namespaces namespaces = States.any(random, Namespaces.values());
      ((Action<State>) kind.action(random))
          .on(
              States.at(
                  subtasks, kind, namespaces, key(random.nextInt(KEYS)), namespaces.any(random)));
    }
    for (int i = 0; i < KEYS; i++) {
      queues
          .get(subtasks.at(key(i)))
          .timers()
          .add(new TimerHeapInternalTimer<>(i * 1_000L, key(i), VoidNamespace.INSTANCE));
    }
  }

  private static String key(int number) {
    return "key " + number;
  }

  private record Queue(
      KeyGroupedInternalPriorityQueue<TimerHeapInternalTimer<String, VoidNamespace>> timers) {}

  private static Map<AbstractKeyedStateBackend<String>, Queue> queues(Subtasks subtasks) {
    Map<AbstractKeyedStateBackend<String>, Queue> queues = new HashMap<>();
    for (AbstractKeyedStateBackend<String> backend : subtasks.backends()) {
      queues.put(
          backend,
          new Queue(
              backend.create(
                  "timers",
                  new TimerSerializer<>(
                      StringSerializer.INSTANCE, VoidNamespaceSerializer.INSTANCE))));
    }
    return queues;
  }

  private static Set<Long> timers(Map<AbstractKeyedStateBackend<String>, Queue> queues) {
    Set<Long> timers = new HashSet<>();
    queues.forEach(
        (backend, queue) -> {
          for (int group : backend.getKeyGroupRange()) {
            queue
                .timers()
                .getSubsetForKeyGroup(group)
                .forEach(timer -> timers.add(timer.getTimestamp()));
          }
        });
    return timers;
  }

  @SuppressWarnings("unchecked")
  private static Map<List<Object>, Object> content(Subtasks subtasks) throws Exception {
    Map<List<Object>, Object> content = new HashMap<>();
    for (ModelState kind : ModelState.values()) {
      for (Namespaces namespaces : Namespaces.values()) {
        for (Tuple2<String, Object> at : States.keys(subtasks, States.name(kind, namespaces))) {
          State state = States.at(subtasks, kind, namespaces, at.f0, at.f1);
          content.put(
              List.of(kind, namespaces, at.f0, at.f1), ((Action<State>) kind.content()).on(state));
        }
      }
    }
    return content;
  }
}
