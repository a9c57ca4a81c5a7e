package io.timelog.flink.internal.checkpoint;

import io.timelog.flink.internal.checkpoint.SnapshotMetadata.TableOfState;
import io.timelog.flink.internal.table.CanonicalSink;
import io.timelog.flink.internal.table.DeclaredState;
import io.timelog.flink.internal.table.StateTable;
import io.timelog.flink.internal.table.StateTables;
import io.timelog.flink.internal.timer.Timers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot.BackendStateType;

/** Makes states and timer queues of imported tables: of several of one state one. */
final class RestoredTables<K> {
  private final DeclaredTables<K> declared;
  private final StateTables<K> states;
  private final Timers timers;

  /** The tables that have become those of states, or were copied into them. */
  private final Set<String> done = new HashSet<>();

  RestoredTables(DeclaredTables<K> declared, StateTables<K> states, Timers timers) {
    this.declared = declared;
    this.states = states;
    this.timers = timers;
  }

  /** Drops what is the table of nothing. To be called first. */
  void dropOthers() {
    for (String table : Set.copyOf(states.store().tables())) {
      if (!declared.all().containsKey(table)) {
        states.store().dropTable(table);
      }
    }
  }

  /** Makes the states and timer queues of a snapshot, and reads the timers that are in no table. */
  void add(NativeSnapshot<K> snapshot) throws IOException {
    Map<String, TableOfState> ofStates = new HashMap<>();
    Map<String, TableOfState> ofTimers = new HashMap<>();
    for (TableOfState table : snapshot.metadata().tables()) {
      (table.hasTimers() ? ofTimers : ofStates).put(table.state(), table);
    }
    List<CanonicalSink> onHeap = new ArrayList<>();
    for (StateMetaInfoSnapshot meta : snapshot.metadata().states()) {
      String name = meta.getName();
      if (meta.getBackendStateType() == BackendStateType.KEY_VALUE) {
        // DeclaredTables has seen to it that there is one.
        addState(Objects.requireNonNull(ofStates.get(name)).table());
        continue;
      }
      TableOfState table = ofTimers.get(name);
      if (table == null) {
        onHeap.add(timers.restored(meta));
      } else {
        addTimers(meta, table.table());
      }
    }
    snapshot.readTimers(onHeap);
  }

  private void addState(String table) throws IOException {
    DeclaredState<K, ?, ?> of = declared.states().get(table);
    if (of == null || !done.add(table)) {
      return;
    }
    StateTable<K, ?, ?> state = states.over(of);
    if (declared.mayHaveMarks(table)) {
      state.marks().note();
    }
    StateTable<K, ?, ?> present = states.find(state.name());
    if (present == null) {
      states.replace(state);
    } else {
      present.addAll(state);
      states.discard(state);
    }
  }

  private void addTimers(StateMetaInfoSnapshot meta, String table) throws IOException {
    if (done.add(table)) {
      timers.adopt(meta, states.store().table(table));
    }
  }
}
