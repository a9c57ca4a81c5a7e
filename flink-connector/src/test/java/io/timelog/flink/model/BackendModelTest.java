package io.timelog.flink.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.flink.TimelogStateBackend;
import io.timelog.flink.fixture.Subtasks;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.flink.api.common.state.State;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.state.AbstractStateBackend;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.runtime.state.internal.InternalMergingState;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random operations on all kinds of state, in all kinds of namespaces, on our backend and on
 * Flink's heap backend, through snapshots, restores of each other's savepoints, and rescaling.
 * Rerun one case with {@code -Dseed=<seed>}.
 */
final class BackendModelTest {
  private static final int OPERATIONS = Integer.getInteger("model.operations", 20_000);

  static LongStream seeds() {
    Long seed = Long.getLong("seed");
    return seed == null ? LongStream.rangeClosed(1, 6) : LongStream.of(seed);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void backend_answersAsTheHeapBackendDoes(long seed) throws Exception {
    try (Run run = new Run(new Random(seed))) {
      for (int i = 0; i < OPERATIONS; i++) {
        run.step();
      }
      run.compareAll();
    }
  }

  /** Both backends, and what was begun on them. */
  private static final class Run implements Closeable {
    private final Random random;
    private final int keyGroups;
    private Subtasks timelog;
    private Subtasks heap;
    private long snapshots;

    Run(Random random) throws Exception {
      this.random = random;
      this.keyGroups = random.nextBoolean() ? 16 : 300;
      start(1, List.of(), List.of());
    }

    private void start(
        int parallelism,
        List<? extends KeyedStateHandle> ofTimelog,
        List<? extends KeyedStateHandle> ofHeap)
        throws Exception {
      timelog = open(new TimelogStateBackend(), parallelism, ofTimelog);
      heap = open(new HashMapStateBackend(), parallelism, ofHeap);
    }

    private Subtasks open(
        AbstractStateBackend backend, int parallelism, List<? extends KeyedStateHandle> restored)
        throws IOException {
      return Subtasks.of(backend)
          .keyGroups(keyGroups)
          .parallelism(parallelism)
          .restoring(restored)
          .open();
    }

    void step() throws Exception {
      int what = random.nextInt(2_000);
      if (what == 0) {
        restart();
      } else if (what < 5) {
        compareAll();
      } else if (what < 100) {
        mergeNamespaces();
      } else {
        act();
      }
    }

    private String key() {
      return "k".repeat(random.nextInt(3)) + random.nextInt(5);
    }

    private void act() throws Exception {
      Namespaces namespaces = States.any(random, Namespaces.values());
      ModelState kind = States.any(random, ModelState.values());
      compare(kind.action(random), kind, namespaces, key(), namespaces.any(random));
    }

    /** Does the same on both, and compares what it is told. */
    @SuppressWarnings("unchecked")
    private void compare(
        Action<? extends State> action,
        ModelState kind,
        Namespaces namespaces,
        String key,
        Object namespace)
        throws Exception {
      Action<State> any = (Action<State>) action;
      Object expected = any.on(States.at(heap, kind, namespaces, key, namespace));
      Object actual = any.on(States.at(timelog, kind, namespaces, key, namespace));
      assertThat(actual)
          .as("%s, key %s, namespace %s", States.name(kind, namespaces), key, namespace)
          .isEqualTo(expected);
    }

    private void mergeNamespaces() throws Exception {
      ModelState kind = States.any(random, ModelState.values());
      Namespaces namespaces = States.any(random, Namespaces.values());
      if (kind.isMerging() && namespaces.all().size() > 1) {
        String key = key();
        List<Object> sources = new ArrayList<>(namespaces.all());
        Object target = sources.remove(random.nextInt(sources.size()));
        sources.removeIf(source -> random.nextBoolean());
        merge(States.at(heap, kind, namespaces, key, target), target, sources);
        merge(States.at(timelog, kind, namespaces, key, target), target, sources);
      }
    }

    @SuppressWarnings("unchecked")
    private static void merge(State state, Object target, Collection<Object> sources)
        throws Exception {
      ((InternalMergingState<?, Object, ?, ?, ?>) state).mergeNamespaces(target, sources);
    }

    /** Takes snapshots, goes on while they are read, and starts again from them. */
    private void restart() throws Exception {
      boolean nativeFormat = random.nextInt(3) == 0;
      Subtasks.Begun ofTimelog =
          nativeFormat ? timelog.checkpoint(++snapshots) : timelog.savepoint(++snapshots);
      Subtasks.Begun ofHeap = heap.savepoint(snapshots);
      for (int i = random.nextInt(200); i > 0; i--) {
        act();
      }
      List<KeyedStateHandle> timelogHandles = ofTimelog.finish();
      List<KeyedStateHandle> heapHandles = ofHeap.finish();
      close();
      int parallelism = 1 + random.nextInt(4);
      if (!nativeFormat && random.nextBoolean()) {
        start(parallelism, heapHandles, timelogHandles);
      } else {
        start(parallelism, timelogHandles, heapHandles);
      }
      States.registerAll(timelog);
      States.registerAll(heap);
      compareAll();
    }

    void compareAll() throws Exception {
      for (ModelState kind : ModelState.values()) {
        for (Namespaces namespaces : Namespaces.values()) {
          String name = States.name(kind, namespaces);
          assertThat(States.keys(timelog, name)).as(name).isEqualTo(States.keys(heap, name));
          for (Object namespace : namespaces.all()) {
            assertThat(States.keys(timelog, name, namespace))
                .as("%s, namespace %s", name, namespace)
                .isEqualTo(States.keys(heap, name, namespace));
          }
          for (Tuple2<String, Object> at : States.keys(timelog, name)) {
            compare(kind.content(), kind, namespaces, at.f0, at.f1);
          }
        }
      }
    }

    @Override
    public void close() throws IOException {
      timelog.close();
      heap.close();
    }
  }
}
