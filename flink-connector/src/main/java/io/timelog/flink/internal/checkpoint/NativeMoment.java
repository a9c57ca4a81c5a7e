package io.timelog.flink.internal.checkpoint;

import io.timelog.StoreExport;
import io.timelog.flink.internal.checkpoint.SnapshotMetadata.TableOfState;
import io.timelog.flink.internal.table.CanonicalEntries;
import io.timelog.flink.internal.table.StateTable;
import io.timelog.flink.internal.table.StateTables;
import io.timelog.flink.internal.timer.Timers;
import io.timelog.flink.internal.timer.TimersAtMoment;
import io.timelog.flink.internal.timer.TimersOnHeap;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.runtime.state.KeyedBackendSerializationProxy;
import org.apache.flink.runtime.state.SnapshotResources;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot;

/**
 * One moment of a backend, for a native snapshot. Made on the task's thread in O(states, partition
 * windows, timers on the heap); read on another after that.
 *
 * @param <K> type of the keys
 */
public final class NativeMoment<K> implements SnapshotResources {
  private final KeyedBackendSerializationProxy<K> states;
  private final List<TableOfState> tables = new ArrayList<>();
  private final List<TimersOnHeap> onHeap = new ArrayList<>();
  private final StoreExport export;

  public NativeMoment(StateTables<K> states, Timers timers, TypeSerializer<K> keySerializer) {
    List<StateMetaInfoSnapshot> metas = new ArrayList<>();
    for (StateTable<K, ?, ?> state : states.all()) {
      metas.add(state.metaSnapshot());
      tables.add(new TableOfState(state.name(), state.table().name(), state.description()));
    }
    for (TimersAtMoment queue : timers.moment()) {
      metas.add(queue.meta());
      if (queue instanceof TimersOnHeap heap) {
        onHeap.add(heap);
      } else {
        tables.add(
            new TableOfState(
                queue.meta().getName(),
                Objects.requireNonNull(queue.table()),
                TableOfState.TIMERS));
      }
    }
    this.states = new KeyedBackendSerializationProxy<>(keySerializer, metas, false);
    this.export = states.store().beginExport();
  }

  /** Whether nothing was registered as yet. */
  boolean isEmpty() {
    return states.getStateMetaInfoSnapshots().isEmpty();
  }

  /** What Flink knows of the states and timer queues. */
  KeyedBackendSerializationProxy<K> states() {
    return states;
  }

  /** The tables of states and timer queues. */
  List<TableOfState> tables() {
    return tables;
  }

  /** The timers that are in no table, by queue. To be called once. */
  List<CanonicalEntries> timersOnHeap() {
    return onHeap.stream().map(TimersOnHeap::entries).toList();
  }

  /** The engine. */
  StoreExport export() {
    return export;
  }

  @Override
  public void release() {
    export.close();
  }
}
