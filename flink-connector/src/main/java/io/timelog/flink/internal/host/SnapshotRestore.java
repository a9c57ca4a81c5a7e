package io.timelog.flink.internal.host;

import io.timelog.flink.internal.checkpoint.CheckpointLineage;
import io.timelog.flink.internal.checkpoint.NativeRestore;
import io.timelog.flink.internal.checkpoint.RestoredSnapshots;
import io.timelog.flink.internal.checkpoint.TransferThreads;
import io.timelog.flink.internal.key.CompositeKeyFormat;
import io.timelog.flink.internal.local.StateDirectory;
import io.timelog.flink.internal.metrics.RestoreTimings;
import io.timelog.flink.internal.snapshot.CanonicalRestore;
import io.timelog.flink.internal.table.StateLayouts;
import io.timelog.flink.internal.table.StateTables;
import io.timelog.flink.internal.timer.Timers;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.apache.flink.core.fs.CloseableRegistry;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.StateSerializerProvider;

/** Restores a backend from whatever snapshots it is given: native ones, canonical ones, or both. */
final class SnapshotRestore<K> {
  private final TaskContext<K> task;
  private final Function<StateTables<K>, Timers> timersOf;
  private final TransferThreads threads;
  private final CloseableRegistry cancellation;
  private final RestoreTimings timings;

  SnapshotRestore(
      TaskContext<K> task,
      Function<StateTables<K>, Timers> timersOf,
      TransferThreads threads,
      CloseableRegistry cancellation,
      RestoreTimings timings) {
    this.task = task;
    this.timersOf = timersOf;
    this.threads = threads;
    this.cancellation = cancellation;
    this.timings = timings;
  }

  /** Makes states of the snapshots, and fills the timer queues. Nothing is left if that fails. */
  RestoredSnapshots<K> restore(Collection<KeyedStateHandle> handles, StateDirectory directory)
      throws Exception {
    List<KeyedStateHandle> natives = new ArrayList<>();
    List<KeyedStateHandle> others = new ArrayList<>();
    for (KeyedStateHandle handle : handles) {
      KeyedStateHandle part = handle == null ? null : handle.getIntersection(task.keyGroups());
      if (part != null) {
        (NativeRestore.isNative(part) ? natives : others).add(part);
      }
    }
    RestoredSnapshots<K> restored =
        new NativeRestore<>(
                task.keyGroups(),
                new StateLayouts<>(
                    task.keySerializer(),
                    CompositeKeyFormat.keyGroups(task.numberOfKeyGroups()),
                    task.ttlTime()),
                task.keySerializer(),
                task.userCode(),
                cancellation,
                threads,
                timings)
            .restore(natives, directory, timersOf);
    if (others.isEmpty()) {
      return restored;
    }
    try {
      new CanonicalRestore<>(
              restored.states(),
              restored.timers(),
              task.keyGroups(),
              natives.isEmpty() ? task.keySerializer() : anotherKeySerializer(),
              task.userCode())
          .restore(others, cancellation);
      return new RestoredSnapshots<>(
          restored.states(), restored.timers(), CheckpointLineage.begin());
    } catch (Exception | Error e) {
      restored.states().close();
      throw e;
    }
  }

  /** What has been told of one snapshot cannot be told of another. */
  private StateSerializerProvider<K> anotherKeySerializer() {
    return StateSerializerProvider.fromNewRegisteredSerializer(
        task.keySerializer().currentSchemaSerializer());
  }
}
