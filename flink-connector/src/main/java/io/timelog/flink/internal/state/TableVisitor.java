package io.timelog.flink.internal.state;

import io.timelog.BatchPosition;
import io.timelog.Cursor;
import io.timelog.Span;
import io.timelog.TimeRange;
import io.timelog.flink.internal.key.CompositeKeyFormat;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.StateEntry;
import org.apache.flink.runtime.state.internal.InternalKvState.StateIncrementalVisitor;
import org.apache.flink.util.FlinkRuntimeException;
import org.jspecify.annotations.Nullable;

/**
 * Walks through a state a little at a time, while the job goes on: with each access to the state a
 * few entries, of which those whose time to live is over are removed. Of a map an entry has only so
 * many of its keys and values as were wanted, so that no step depends on how large maps are.
 *
 * <p>Holds the keys of some key groups between two steps, and nothing of the engine.
 */
final class TableVisitor<K, N, V> implements StateIncrementalVisitor<K, N, V> {
  /** About how many keys are kept at most, unless a single key group has more. */
  private static final int MAX_KEYS = 200_000;

  private final TableState<K, N, V> state;
  private final int wanted;
  private final int lastKeyGroup;
  private final Deque<byte[]> keys = new ArrayDeque<>();
  private final BatchPosition position = new BatchPosition();
  private final DataInputDeserializer in = new DataInputDeserializer();
  private int nextKeyGroup;
  private int keyGroupsAtOnce = 1;
  private @Nullable Place<K, N> place;

  TableVisitor(TableState<K, N, V> state, KeyGroupRange keyGroups, int wanted) {
    this.state = state;
    this.wanted = Math.max(wanted, 1);
    this.nextKeyGroup = keyGroups.getStartKeyGroup();
    this.lastKeyGroup = keyGroups.getEndKeyGroup();
  }

  private record Place<K, N>(Span row, K key, N namespace) {}

  private record Part<K, N, V>(Place<K, N> place, V value) implements StateEntry<K, N, V> {
    @Override
    public K getKey() {
      return place.key();
    }

    @Override
    public N getNamespace() {
      return place.namespace();
    }

    @Override
    public V getState() {
      return value;
    }
  }

  @Override
  public boolean hasNext() {
    while (place == null && keys.isEmpty() && nextKeyGroup <= lastKeyGroup) {
      collectKeys(nextKeyGroup++);
    }
    return place != null || !keys.isEmpty();
  }

  private void collectKeys(int keyGroup) {
    try (Cursor rows = state.state().table().scanKeyGroups(keyGroup, keyGroup, TimeRange.all())) {
      long number = 0;
      while (rows.advance()) {
        if (keys.isEmpty() || rows.keyNumber() != number) {
          number = rows.keyNumber();
          keys.add(rows.key());
        }
      }
    }
    if (keys.size() < MAX_KEYS / 2) {
      keyGroupsAtOnce *= 2;
    } else if (keys.size() > MAX_KEYS) {
      keyGroupsAtOnce = Math.max(1, keyGroupsAtOnce / 2);
    }
  }

  @Override
  public Collection<StateEntry<K, N, V>> nextEntries() {
    List<StateEntry<K, N, V>> parts = new ArrayList<>();
    while (parts.size() < wanted && hasNext()) {
      Place<K, N> at = place == null ? nextPlace() : place;
      V part = state.readPart(at.row(), position, wanted);
      place = position.isExhausted() ? null : at;
      if (part != null) {
        parts.add(new Part<>(at, part));
      }
    }
    return parts;
  }

  private Place<K, N> nextPlace() {
    byte[] row = keys.remove();
    CompositeKeyFormat<K, N> format = state.state().layout().format();
    try {
      in.setBuffer(row);
      K key = format.readKey(in);
      N namespace = format.readNamespace(in);
      position.begin(state.state().layout().rangeOf(namespace));
      return new Place<>(Span.of(row), key, namespace);
    } catch (IOException e) {
      throw new FlinkRuntimeException("Could not read a key: state=" + state.state().name(), e);
    }
  }

  @Override
  public void remove(StateEntry<K, N, V> entry) {
    replace(entry, null);
  }

  @Override
  public void update(StateEntry<K, N, V> entry, V value) {
    replace(entry, value);
  }

  private void replace(StateEntry<K, N, V> entry, @Nullable V value) {
    Part<K, N, V> part = (Part<K, N, V>) entry;
    state.replacePart(part.place().row(), part.getNamespace(), part.value(), value);
  }
}
