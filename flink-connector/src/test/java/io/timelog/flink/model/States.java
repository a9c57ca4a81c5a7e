package io.timelog.flink.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.flink.fixture.Subtasks;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.State;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.state.AbstractKeyedStateBackend;

/** A state of each kind in each kind of namespaces. */
final class States {
  private States() {}

  static <T> T any(Random random, T[] all) {
    return all[random.nextInt(all.length)];
  }

  static String name(ModelState kind, Namespaces namespaces) {
    return kind + " in " + namespaces;
  }

  /** A state at a key and namespace. */
  @SuppressWarnings("unchecked")
  static State at(
      Subtasks subtasks, ModelState kind, Namespaces namespaces, String key, Object namespace)
      throws Exception {
    StateDescriptor<State, ?> descriptor =
        (StateDescriptor<State, ?>) kind.descriptor(name(kind, namespaces));
    return subtasks.at(key).getPartitionedState(namespace, namespaces.serializer(), descriptor);
  }

  /** Registers all states; Flink's heap backend names the keys of a restored one only then. */
  static void registerAll(Subtasks subtasks) throws Exception {
    for (AbstractKeyedStateBackend<String> backend : subtasks.backends()) {
      for (ModelState kind : ModelState.values()) {
        for (Namespaces namespaces : Namespaces.values()) {
          backend.getPartitionedState(
              namespaces.all().get(0),
              namespaces.serializer(),
              kind.descriptor(name(kind, namespaces)));
        }
      }
    }
  }

  /** All keys and namespaces at which a state has something. */
  static Set<Tuple2<String, Object>> keys(Subtasks subtasks, String state) {
    Set<Tuple2<String, Object>> all = new HashSet<>();
    for (AbstractKeyedStateBackend<String> backend : subtasks.backends()) {
      try (Stream<Tuple2<String, Object>> keys = backend.getKeysAndNamespaces(state)) {
        keys.forEach(key -> assertThat(all.add(key)).as("%s comes once", key).isTrue());
      }
    }
    return all;
  }

  /** All keys at which a state has something in a namespace. */
  static Set<String> keys(Subtasks subtasks, String state, Object namespace) {
    Set<String> all = new HashSet<>();
    for (AbstractKeyedStateBackend<String> backend : subtasks.backends()) {
      try (Stream<String> keys = backend.getKeys(state, namespace)) {
        keys.forEach(key -> assertThat(all.add(key)).as("%s comes once", key).isTrue());
      }
    }
    return all;
  }
}
