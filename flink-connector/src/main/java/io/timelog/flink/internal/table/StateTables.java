package io.timelog.flink.internal.table;

import io.timelog.KeyGroups;
import io.timelog.TableOptions;
import io.timelog.TimelogStore;
import io.timelog.flink.internal.key.CompositeKeyFormat;
import io.timelog.flink.internal.ttl.ExpiredEntries;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.runtime.state.RegisteredKeyValueStateBackendMetaInfo;
import org.apache.flink.runtime.state.StateSerializerProvider;
import org.apache.flink.runtime.state.ttl.TtlAwareSerializer;
import org.apache.flink.runtime.state.ttl.TtlTimeProvider;
import org.jspecify.annotations.Nullable;

/**
 * All registered states of a backend, and the store that has their tables. For the task's thread.
 *
 * @param <K> type of the keys
 */
public final class StateTables<K> implements AutoCloseable {
  private final TimelogStore store;
  private final StateSerializerProvider<K> keySerializer;
  private final KeyGroups keyGroups;
  private final TtlTimeProvider clock;
  private final Map<String, StateTable<K, ?, ?>> states = new LinkedHashMap<>();

  /** Tells the tables of a state apart that is rewritten, and has two for a while. */
  private int tablesMade;

  /**
   * States without entries.
   *
   * @param keySerializer what a restored snapshot says of it counts from then on
   * @param clock against which entries with a time to live expire
   */
  public StateTables(
      TimelogStore store,
      StateSerializerProvider<K> keySerializer,
      KeyGroups keyGroups,
      TtlTimeProvider clock) {
    this.store = store;
    this.keySerializer = keySerializer;
    this.keyGroups = keyGroups;
    this.clock = clock;
  }

  /** The store. */
  public TimelogStore store() {
    return store;
  }

  /** How keys begin with their key group. */
  public KeyGroups keyGroups() {
    return keyGroups;
  }

  /** The state of this name; null if there is none. */
  public @Nullable StateTable<K, ?, ?> find(String name) {
    return states.get(name);
  }

  /** All states, in the order in which they were registered. */
  public Collection<StateTable<K, ?, ?>> all() {
    return Collections.unmodifiableCollection(states.values());
  }

  /**
   * Adds a state without entries.
   *
   * @throws IllegalStateException if there is one of this name
   */
  public <N, V> StateTable<K, N, V> add(RegisteredKeyValueStateBackendMetaInfo<N, V> meta) {
    if (states.containsKey(meta.getName())) {
      throw new IllegalStateException(
          "There is a state of this name already: state=" + meta.getName());
    }
    StateTable<K, N, V> state = create(meta);
    states.put(meta.getName(), state);
    return state;
  }

  /**
   * A state that is not among the states of the backend as yet, with a table of its own. It must be
   * given to {@link #replace} or {@link #discard}.
   */
  public <N, V> StateTable<K, N, V> create(RegisteredKeyValueStateBackendMetaInfo<N, V> meta) {
    TableLayout<K, N> layout = layout(meta);
    ExpiredEntries expired =
        TtlAwareSerializer.isSerializerTtlEnabled(meta.getStateSerializer())
            ? new ExpiredEntries(layout.kind().headBytes(), clock)
            : null;
    TableOptions.Builder options = layout.tableOptions(unusedName(meta.getName()));
    if (expired != null) {
      options.filter(expired);
    }
    return new StateTable<>(meta, layout, store.createTable(options.build()), expired);
  }

  /** A name for a table that none of the store has: this one, if possible. */
  public String unusedName(String state) {
    String name = state;
    while (store.tables().contains(name)) {
      name = state + "#" + tablesMade++;
    }
    return name;
  }

  private <N, V> TableLayout<K, N> layout(RegisteredKeyValueStateBackendMetaInfo<N, V> meta) {
    return TableLayout.of(
        meta,
        new CompositeKeyFormat<>(
            keySerializer.currentSchemaSerializer(), meta.getNamespaceSerializer(), keyGroups));
  }

  /**
   * The state with what its meta information says by now, in the table that it has; null if its
   * entries would have to be laid out otherwise.
   */
  public <N, V> @Nullable StateTable<K, N, V> refreshed(StateTable<K, N, V> state) {
    TableLayout<K, N> layout = layout(state.meta());
    return layout.sharesTableWith(state.layout())
        ? new StateTable<>(state.meta(), layout, state.table(), state.expired())
        : null;
  }

  /**
   * Puts a state in the place of the one of the same name, whose table is dropped if it is another.
   */
  public void replace(StateTable<K, ?, ?> successor) {
    StateTable<K, ?, ?> before = states.put(successor.name(), successor);
    if (before != null && before.table() != successor.table()) {
      discard(before);
    }
  }

  /** Drops the table of a state that is not among the states of the backend. */
  public void discard(StateTable<K, ?, ?> state) {
    store.dropTable(state.table().name());
  }

  /** Closes the store. Closing twice does nothing. */
  @Override
  public void close() {
    store.close();
  }
}
