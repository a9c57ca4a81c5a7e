package io.timelog.flink.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.flink.TimelogStateBackend;
import io.timelog.flink.fixture.Subtasks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.State;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.state.AbstractKeyedStateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Iterations over the keys of a state that is changed, cleared and filled meanwhile, with the same
 * done to Flink's heap backend.
 */
final class ChangingKeysTest {
  private static final int KEYS = 200;

  /** How often something is done at each key at first. */
  private static final int FILLED = 5;

  /** How many keys an iteration has returned when the state changes. */
  private static final int SEEN = 20;

  private Subtasks timelog;
  private Subtasks heap;

  @BeforeEach
  void open() throws Exception {
    timelog = Subtasks.of(new TimelogStateBackend()).open();
    heap = Subtasks.of(new HashMapStateBackend()).open();
    for (Subtasks subtasks : List.of(timelog, heap)) {
      States.registerAll(subtasks);
    }
  }

  @AfterEach
  void close() throws IOException {
    timelog.close();
    heap.close();
  }

  /** What is done at a key depends on nothing but the key, as backends have keys in any order. */
  private static void act(
      Subtasks subtasks, ModelState kind, Namespaces namespaces, String key, int round)
      throws Exception {
    Random random = new Random(31L * key.hashCode() + round);
    for (Object namespace : namespaces.all()) {
      on(kind, random, States.at(subtasks, kind, namespaces, key, namespace));
    }
  }

  @SuppressWarnings("unchecked")
  private static void on(ModelState kind, Random random, State state) throws Exception {
    ((Action<State>) kind.action(random)).on(state);
  }

  private void fill(Subtasks subtasks, ModelState kind, Namespaces namespaces) throws Exception {
    for (int i = 0; i < KEYS; i++) {
      for (int round = 0; round < FILLED; round++) {
        act(subtasks, kind, namespaces, "first " + i, round);
        act(subtasks, kind, namespaces, "second " + i, round);
      }
    }
  }

  /** Of each four keys one is written to, one is cleared, one adds a key and one clears another. */
  private void change(Subtasks subtasks, ModelState kind, Namespaces namespaces, String key)
      throws Exception {
    if (!key.startsWith("first ")) {
      return;
    }
    String number = key.substring("first ".length());
    switch (Integer.parseInt(number) % 4) {
      case 0 -> act(subtasks, kind, namespaces, key, FILLED);
      case 1 -> clear(subtasks, kind, namespaces, key);
      case 2 -> act(subtasks, kind, namespaces, "added " + number, FILLED);
      default -> clear(subtasks, kind, namespaces, "second " + number);
    }
  }

  private static void clear(Subtasks subtasks, ModelState kind, Namespaces namespaces, String key)
      throws Exception {
    for (Object namespace : namespaces.all()) {
      States.at(subtasks, kind, namespaces, key, namespace).clear();
    }
  }

  private void changeAll(Subtasks subtasks, ModelState kind, Namespaces namespaces)
      throws Exception {
    for (int i = 0; i < KEYS; i++) {
      change(subtasks, kind, namespaces, "first " + i);
    }
  }

  @ParameterizedTest
  @EnumSource
  void applyToAllKeys_visitsEachKeyOnce_whateverItDoesToTheState(ModelState kind) throws Exception {
    for (Namespaces namespaces : Namespaces.values()) {
      fill(timelog, kind, namespaces);
      fill(heap, kind, namespaces);
      Object namespace = namespaces.all().get(0);

      Set<String> visited = changeEach(timelog, kind, namespaces, namespace);

      assertThat(visited)
          .as("%s", namespaces)
          .isEqualTo(changeEach(heap, kind, namespaces, namespace))
          .hasSizeGreaterThan(KEYS / 2);
      compare(kind, namespaces);
    }
  }

  @SuppressWarnings("unchecked")
  private Set<String> changeEach(
      Subtasks subtasks, ModelState kind, Namespaces namespaces, Object namespace)
      throws Exception {
    Set<String> visited = new HashSet<>();
    AbstractKeyedStateBackend<String> backend = subtasks.backends().get(0);
    backend.applyToAllKeys(
        namespace,
        namespaces.serializer(),
        (StateDescriptor<State, Object>) kind.descriptor(States.name(kind, namespaces)),
        (key, state) -> {
          assertThat(visited.add(key)).as("%s comes once", key).isTrue();
          assertThat(backend.getCurrentKey()).isEqualTo(key);
          change(subtasks, kind, namespaces, key);
        });
    return visited;
  }

  @ParameterizedTest
  @CsvSource({
    "VALUE, VOID",
    "LIST, WINDOW",
    "REDUCING, LONG",
    "TEXT_MAP, STRING",
    "LONG_MAP, VOID"
  })
  void getKeys_hasTheKeysOfItsCall_whateverIsDoneMeanwhile(ModelState kind, Namespaces namespaces)
      throws Exception {
    fill(timelog, kind, namespaces);
    fill(heap, kind, namespaces);
    String name = States.name(kind, namespaces);
    Object namespace = namespaces.all().get(0);
    Set<String> expected = States.keys(heap, name, namespace);

    List<String> keys = new ArrayList<>();
    try (Stream<String> all = timelog.backends().get(0).getKeys(name, namespace)) {
      changeMeanwhile(all.iterator(), keys::add, kind, namespaces);
    }

    assertThat(keys).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(expected);
    changeAll(heap, kind, namespaces);
    compare(kind, namespaces);
  }

  @ParameterizedTest
  @CsvSource({"VALUE, WINDOW", "LIST, LONG", "AGGREGATING, VOID", "LONG_LIST_MAP, STRING"})
  void getKeysAndNamespaces_hasThoseOfItsCall_whateverIsDoneMeanwhile(
      ModelState kind, Namespaces namespaces) throws Exception {
    fill(timelog, kind, namespaces);
    fill(heap, kind, namespaces);
    String name = States.name(kind, namespaces);
    Set<Tuple2<String, Object>> expected = States.keys(heap, name);

    List<Tuple2<String, Object>> keys = new ArrayList<>();
    try (Stream<Tuple2<String, Object>> all =
        timelog.backends().get(0).getKeysAndNamespaces(name)) {
      changeMeanwhile(all.iterator(), keys::add, kind, namespaces);
    }

    assertThat(keys).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(expected);
    changeAll(heap, kind, namespaces);
    compare(kind, namespaces);
  }

  private <T> void changeMeanwhile(
      Iterator<T> all, Consumer<T> seen, ModelState kind, Namespaces namespaces) throws Exception {
    for (int i = 0; i < SEEN; i++) {
      seen.accept(all.next());
    }
    changeAll(timelog, kind, namespaces);
    all.forEachRemaining(seen);
  }

  @SuppressWarnings("unchecked")
  private void compare(ModelState kind, Namespaces namespaces) throws Exception {
    String name = States.name(kind, namespaces);
    Action<State> content = (Action<State>) kind.content();
    Set<Tuple2<String, Object>> keys = States.keys(heap, name);
    assertThat(States.keys(timelog, name)).isEqualTo(keys);
    for (Tuple2<String, Object> at : keys) {
      assertThat(content.on(States.at(timelog, kind, namespaces, at.f0, at.f1)))
          .as("%s at %s", name, at)
          .isEqualTo(content.on(States.at(heap, kind, namespaces, at.f0, at.f1)));
    }
  }
}
