package io.timelog.flink.internal.host;

import io.timelog.Cursor;
import io.timelog.TimeRange;
import io.timelog.flink.internal.key.CompositeKeyFormat;
import io.timelog.flink.internal.table.StateTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.util.FlinkRuntimeException;

/**
 * The keys of a state. They are read as a whole and copied, because Flink closes few of the streams
 * that it asks for, and jobs change state while they go through its keys.
 */
final class KeyIteration {
  private KeyIteration() {}

  /**
   * The keys that have entries in a namespace, each once. O(keys of the state in all namespaces).
   */
  static <K, N> List<K> keys(StateTable<K, N, ?> state, N namespace) {
    List<K> keys = new ArrayList<>();
    forEach(
        state,
        state.layout().rangeOf(namespace),
        (key, of) -> {
          if (of.equals(namespace)) {
            keys.add(key);
          }
        });
    return keys;
  }

  /** The keys and namespaces that have entries, each pair once. */
  static <K, N> List<Tuple2<K, N>> keysAndNamespaces(StateTable<K, N, ?> state) {
    List<Tuple2<K, N>> found = new ArrayList<>();
    forEach(state, TimeRange.all(), (key, namespace) -> found.add(Tuple2.of(key, namespace)));
    return found;
  }

  /** How many pairs of key and namespace have entries. O(keys). */
  static long count(StateTable<?, ?, ?> state) {
    long count = 0;
    try (Cursor keys = state.table().keys(TimeRange.all())) {
      while (keys.advance()) {
        count++;
      }
    }
    return count;
  }

  private interface Visitor<K, N> {
    void visit(K key, N namespace);
  }

  private static <K, N> void forEach(
      StateTable<K, N, ?> state, TimeRange range, Visitor<K, N> visitor) {
    CompositeKeyFormat<K, N> format = state.layout().format();
    DataInputDeserializer in = new DataInputDeserializer();
    try (Cursor keys = state.table().keys(range)) {
      while (keys.advance()) {
        in.setBuffer(keys.key());
        K key = format.readKey(in);
        visitor.visit(key, format.readNamespace(in));
      }
    } catch (IOException e) {
      throw new FlinkRuntimeException("Could not read a key: state=" + state.name(), e);
    }
  }
}
