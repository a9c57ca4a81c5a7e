package io.timelog.flink.internal.table;

import io.timelog.KeyGroups;
import io.timelog.TimelogStore;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.flink.runtime.state.RegisteredKeyValueStateBackendMetaInfo;
import org.jspecify.annotations.Nullable;

/**
 * All registered states of a backend, and the store that has their tables. For the task's thread.
 *
 * @param <K> type of the keys
 */
public final class StateTables<K> implements AutoCloseable {
  private final TimelogStore store;
  private final StateLayouts<K> layouts;
  private final DerivedTables derived;
  private final Map<String, StateTable<K, ?, ?>> states = new LinkedHashMap<>();

  /** Tells the tables of a state apart that is rewritten, and has two for a while. */
  private int tablesMade;

  /**
   * States without entries.
   *
   * @param layouts how tables of states are made
   * @param derived makes the store of what is derived from states, if there is need for one
   */
  public StateTables(TimelogStore store, StateLayouts<K> layouts, Supplier<TimelogStore> derived) {
    this.store = store;
    this.layouts = layouts;
    this.derived = new DerivedTables(derived);
  }

  /** The store. */
  public TimelogStore store() {
    return store;
  }

  /** How keys begin with their key group. */
  public KeyGroups keyGroups() {
    return layouts.keyGroups();
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
    DeclaredState<K, N, V> declared = layouts.declare(meta, unusedName(meta.getName()));
    store.createTable(declared.options());
    return over(declared);
  }

  /**
   * A state that is not among the states of the backend as yet, over a table of the store that has
   * its entries already. It must be given to {@link #replace} or {@link #discard}.
   *
   * @throws IllegalArgumentException if the store has no such table
   */
  public <N, V> StateTable<K, N, V> over(DeclaredState<K, N, V> declared) {
    return new StateTable<>(
        declared.meta(),
        declared.layout(),
        store.table(declared.options().name()),
        declared.expired(),
        new Marks(),
        derived);
  }

  /** A name for a table that none of the store has: this one, if possible. */
  public String unusedName(String state) {
    String name = state;
    while (store.tables().contains(name)) {
      name = state + "#" + tablesMade++;
    }
    return name;
  }

  /**
   * The state with what its meta information says by now, in the table that it has; null if its
   * entries would have to be laid out otherwise.
   */
  public <N, V> @Nullable StateTable<K, N, V> refreshed(StateTable<K, N, V> state) {
    TableLayout<K, N> layout = layouts.of(state.meta());
    return layout.sharesTableWith(state.layout())
        ? new StateTable<>(
            state.meta(), layout, state.table(), state.expired(), state.marks(), derived)
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

  /** Closes the store, and what was derived. Closing twice does nothing. */
  @Override
  public void close() {
    derived.close();
    store.close();
  }
}
