package io.timelog.flink.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.flink.fixture.Subtasks;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.apache.flink.api.common.state.State;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.state.AbstractStateBackend;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.runtime.state.internal.InternalMergingState;
import org.apache.flink.streaming.api.operators.TimerHeapInternalTimer;

/** Our backend and Flink's heap backend, with the same done to both of them. */
final class SideBySide implements Closeable {
  private final Random random;
  private final int keys;
  private final int keyGroups;
  private final Supplier<? extends AbstractStateBackend> ours;
  private Subtasks timelog;
  private Subtasks heap;

  /**
   * Not started.
   *
   * @param keys how many keys there are of each length
   * @param ours what our backend is to be each time
   */
  SideBySide(
      Random random, int keys, int keyGroups, Supplier<? extends AbstractStateBackend> ours) {
    this.random = random;
    this.keys = keys;
    this.keyGroups = keyGroups;
    this.ours = ours;
  }

  /** Starts both with what these snapshots have. */
  void start(
      int parallelism,
      List<? extends KeyedStateHandle> ofTimelog,
      List<? extends KeyedStateHandle> ofHeap)
      throws Exception {
    timelog = open(ours.get(), parallelism, ofTimelog);
    heap = open(new HashMapStateBackend(), parallelism, ofHeap);
    States.registerAll(timelog);
    States.registerAll(heap);
  }

  /** Another pair of the same kind, not started. */
  SideBySide another() {
    return new SideBySide(random, keys, keyGroups, ours);
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

  /** Our backend. */
  Subtasks timelog() {
    return timelog;
  }

  /** The heap backend. */
  Subtasks heap() {
    return heap;
  }

  /** Gives each state of each kind this text at every third key, as often as it holds it. */
  void fill(String text) throws Exception {
    for (ModelState kind : ModelState.values()) {
      for (Namespaces namespaces : Namespaces.values()) {
        for (Object namespace : namespaces.all()) {
          for (int key = 0; key < keys; key++) {
            compare(kind.filling(text), kind, namespaces, String.valueOf(key), namespace);
          }
        }
      }
    }
  }

  /** Does something to both, and compares what they say. */
  void act() throws Exception {
    int what = random.nextInt(40);
    if (what == 0) {
      mergeNamespaces();
    } else if (what < 3) {
      changeTimers();
    } else {
      actOnState();
    }
  }

  private String key() {
    return "k".repeat(random.nextInt(3)) + random.nextInt(keys);
  }

  private void actOnState() throws Exception {
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

  private void changeTimers() {
    String key = key();
    TimerHeapInternalTimer<String, VoidNamespace> timer =
        new TimerHeapInternalTimer<>(random.nextInt(50), key, VoidNamespace.INSTANCE);
    boolean adds = random.nextInt(3) > 0;
    for (Subtasks subtasks : List.of(timelog, heap)) {
      if (adds) {
        subtasks.timersAt(key).add(timer);
      } else {
        subtasks.timersAt(key).remove(timer);
      }
    }
  }

  /** Compares all that they have. */
  void compareAll() throws Exception {
    assertThat(timelog.timers()).isEqualTo(heap.timers());
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
