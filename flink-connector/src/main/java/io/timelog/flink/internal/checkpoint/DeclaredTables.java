package io.timelog.flink.internal.checkpoint;

import io.timelog.TableOptions;
import io.timelog.flink.internal.checkpoint.SnapshotMetadata.TableOfState;
import io.timelog.flink.internal.table.DeclaredState;
import io.timelog.flink.internal.table.StateLayouts;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.runtime.state.RegisteredKeyValueStateBackendMetaInfo;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot.BackendStateType;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot.CommonSerializerKeys;

/**
 * Which tables the snapshots of a restore have, of which states, and what they have to be like.
 * Tasks have mostly called the table of a state by the same name; where they have not, because they
 * have rewritten it at different times, it has several.
 */
final class DeclaredTables<K> {
  private final StateLayouts<K> layouts;

  /** The states by name, as the first snapshot has them that has them. */
  private final Map<String, StateMetaInfoSnapshot> metas = new HashMap<>();

  private final Map<String, TableOfState> byTable = new LinkedHashMap<>();
  private final Map<String, DeclaredState<K, ?, ?>> states = new HashMap<>();

  /** Tables that have rows that are no elements of lists, in one of the snapshots at least. */
  private final Set<String> withMarks = new HashSet<>();

  DeclaredTables(StateLayouts<K> layouts) {
    this.layouts = layouts;
  }

  /**
   * Adds the states of a snapshot.
   *
   * @throws UnreadableSnapshotException if it has a state in a way that is not known, or that does
   *     not go together with another snapshot
   */
  void add(NativeSnapshot<K> snapshot) throws UnreadableSnapshotException {
    Map<String, TableOfState> tables = new HashMap<>();
    for (TableOfState table : snapshot.metadata().tables()) {
      if (table.hasTimers()) {
        add(table, snapshot);
      } else {
        tables.put(table.state(), table);
      }
    }
    for (StateMetaInfoSnapshot meta : snapshot.metadata().states()) {
      if (meta.getBackendStateType() == BackendStateType.KEY_VALUE) {
        TableOfState table = tables.get(meta.getName());
        if (table == null) {
          throw new UnreadableSnapshotException(
              "The snapshot has no table of a state: state=" + meta.getName() + ", " + snapshot);
        }
        add(meta, table, snapshot);
      }
    }
  }

  private void add(StateMetaInfoSnapshot meta, TableOfState table, NativeSnapshot<K> snapshot)
      throws UnreadableSnapshotException {
    StateMetaInfoSnapshot before = metas.putIfAbsent(meta.getName(), meta);
    if (before != null) {
      requireSameForm(before, meta, snapshot);
    }
    if (table.mayHaveMarks()) {
      withMarks.add(table.table());
    }
    if (add(table.withoutMarks(), snapshot)) {
      DeclaredState<K, ?, ?> state =
          layouts.declare(new RegisteredKeyValueStateBackendMetaInfo<>(meta), table.table());
      requireSameLayout(state, table.withoutMarks(), snapshot);
      states.put(table.table(), state);
    }
  }

  /** Whether no snapshot before had a table of this name. */
  private boolean add(TableOfState table, NativeSnapshot<K> snapshot)
      throws UnreadableSnapshotException {
    TableOfState other = byTable.putIfAbsent(table.table(), table);
    if (other != null && !other.equals(table)) {
      throw new UnreadableSnapshotException(
          "The snapshots have two states in tables of the same name: table="
              + table.table()
              + ", states="
              + other.state()
              + ", "
              + table.state()
              + ", "
              + snapshot
              + ". Restore with the parallelism that the job had, take a savepoint of type"
              + " canonical, and start from that");
    }
    return other == null;
  }

  private void requireSameLayout(
      DeclaredState<K, ?, ?> state, TableOfState table, NativeSnapshot<K> snapshot)
      throws UnreadableSnapshotException {
    if (!state.layout().description().equals(table.layout())) {
      throw new UnreadableSnapshotException(
          "The snapshot has a state in a layout that this version of Timelog does not use:"
              + " state="
              + table.state()
              + ", layout="
              + table.layout()
              + ", expected="
              + state.layout().description()
              + ", "
              + snapshot
              + ". With the version that wrote it, take a savepoint of type canonical, and start"
              + " from that");
    }
  }

  /**
   * Returns normally if two tasks have written the values of a state in the same form. One that has
   * migrated it and one that has not even registered it since have not.
   */
  private static void requireSameForm(
      StateMetaInfoSnapshot one, StateMetaInfoSnapshot other, NativeSnapshot<?> snapshot)
      throws UnreadableSnapshotException {
    TypeSerializerSnapshot<Object> first = values(one);
    TypeSerializerSnapshot<Object> second = values(other);
    if (!isSameForm(first, second) && !isSameForm(second, first)) {
      throw new UnreadableSnapshotException(
          "The tasks of the job have stored a state in different forms, as one has migrated it and"
              + " another has not used it since: state="
              + other.getName()
              + ", serializers="
              + first
              + ", "
              + second
              + ", "
              + snapshot
              + ". Restore with the parallelism that the job had, and rescale when all tasks have"
              + " used the state");
    }
  }

  @SuppressWarnings("unchecked")
  private static TypeSerializerSnapshot<Object> values(StateMetaInfoSnapshot meta) {
    return (TypeSerializerSnapshot<Object>)
        Objects.requireNonNull(
            meta.getTypeSerializerSnapshot(CommonSerializerKeys.VALUE_SERIALIZER));
  }

  private static boolean isSameForm(
      TypeSerializerSnapshot<Object> now, TypeSerializerSnapshot<Object> before) {
    TypeSerializerSchemaCompatibility<Object> compatibility =
        now.resolveSchemaCompatibility(before);
    return compatibility.isCompatibleAsIs()
        || compatibility.isCompatibleWithReconfiguredSerializer();
  }

  /** All tables that the snapshots have, by name. */
  Map<String, TableOfState> all() {
    return byTable;
  }

  /** Whether a table may have rows that are no elements of lists. */
  boolean mayHaveMarks(String table) {
    return withMarks.contains(table);
  }

  /** What tables of states have to be like. */
  Collection<TableOptions> options() {
    return states.values().stream().map(DeclaredState::options).toList();
  }

  /** The states of tables, by the names of the tables. */
  Map<String, DeclaredState<K, ?, ?>> states() {
    return states;
  }
}
