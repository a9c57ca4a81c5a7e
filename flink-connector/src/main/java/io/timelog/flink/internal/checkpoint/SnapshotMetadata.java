package io.timelog.flink.internal.checkpoint;

import io.timelog.flink.internal.table.StateTable;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot;

/**
 * What a native snapshot says of itself. Timers, which are many, follow it in the same file.
 *
 * @param keyGroups of the task that it was taken of
 * @param keySerializer as the snapshot has it
 * @param states all states and timer queues; timers on the heap are in this order of queues
 * @param tables the tables of the states, and of the timer queues that have one
 * @param engine {@link io.timelog.StoreExport#metadata}, nothing else being in the buffer
 * @param packs where the engine's files are
 * @param <K> type of the keys
 */
record SnapshotMetadata<K>(
    KeyGroupRange keyGroups,
    TypeSerializerSnapshot<K> keySerializer,
    List<StateMetaInfoSnapshot> states,
    List<TableOfState> tables,
    ByteBuffer engine,
    List<Pack> packs) {
  /** Copies the lists. */
  SnapshotMetadata {
    states = List.copyOf(states);
    tables = List.copyOf(tables);
    packs = List.copyOf(packs);
  }

  /**
   * The table that has the entries of a state, or the timers of a queue.
   *
   * @param layout how they are laid out in it
   */
  record TableOfState(String state, String table, String layout) {
    /** The layout of timers. */
    static final String TIMERS = "TIMERS";

    /** The same table without a word of what may be among its rows. */
    TableOfState withoutMarks() {
      return mayHaveMarks()
          ? new TableOfState(
              state, table, layout.substring(0, layout.length() - StateTable.WITH_MARKS.length()))
          : this;
    }

    /** Whether some rows may be no elements of lists. */
    boolean mayHaveMarks() {
      return layout.endsWith(StateTable.WITH_MARKS);
    }

    boolean hasTimers() {
      return layout.equals(TIMERS);
    }
  }
}
