package io.timelog.flink.internal.snapshot;

import io.timelog.flink.internal.table.CanonicalSink;
import io.timelog.flink.internal.table.StateTable;
import io.timelog.flink.internal.table.StateTables;
import io.timelog.flink.internal.timer.Timers;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.flink.core.fs.CloseableRegistry;
import org.apache.flink.runtime.execution.CancelTaskException;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.RegisteredKeyValueStateBackendMetaInfo;
import org.apache.flink.runtime.state.StateSerializerProvider;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot;
import org.apache.flink.runtime.state.restore.FullSnapshotRestoreOperation;
import org.apache.flink.runtime.state.restore.KeyGroup;
import org.apache.flink.runtime.state.restore.KeyGroupEntry;
import org.apache.flink.runtime.state.restore.SavepointRestoreResult;
import org.apache.flink.runtime.state.restore.ThrowingIterator;

/**
 * Restores canonical snapshots, whichever backend has written them: of all handles the key groups
 * of the task. For the task's thread, before anything else uses the states.
 *
 * @param <K> type of the keys
 */
public final class CanonicalRestore<K> {
  private final StateTables<K> states;
  private final Timers timers;
  private final KeyGroupRange keyGroups;
  private final StateSerializerProvider<K> keySerializer;
  private final ClassLoader userCode;
  private volatile boolean cancelled;

  public CanonicalRestore(
      StateTables<K> states,
      Timers timers,
      KeyGroupRange keyGroups,
      StateSerializerProvider<K> keySerializer,
      ClassLoader userCode) {
    this.states = states;
    this.timers = timers;
    this.keyGroups = keyGroups;
    this.keySerializer = keySerializer;
    this.userCode = userCode;
  }

  /**
   * Takes in what the handles have.
   *
   * @param cancellation closed if the task is cancelled meanwhile, which ends the restore
   * @throws CancelTaskException if the task was cancelled
   * @throws org.apache.flink.util.StateMigrationException if the keys cannot be read by the job
   * @throws IOException if a handle cannot be read
   */
  public void restore(Collection<KeyedStateHandle> handles, CloseableRegistry cancellation)
      throws Exception {
    List<KeyedStateHandle> parts = new ArrayList<>();
    for (KeyedStateHandle handle : handles) {
      KeyedStateHandle part = handle == null ? null : handle.getIntersection(keyGroups);
      if (part != null) {
        requireCanonical(part);
        parts.add(part);
      }
    }
    if (parts.isEmpty()) {
      return;
    }
    Closeable cancel = () -> cancelled = true;
    cancellation.registerCloseable(cancel);
    try (ThrowingIterator<SavepointRestoreResult> results =
        new FullSnapshotRestoreOperation<>(keyGroups, userCode, parts, keySerializer).restore()) {
      while (results.hasNext()) {
        restore(results.next());
      }
    } finally {
      cancellation.unregisterCloseable(cancel);
    }
  }

  private static void requireCanonical(KeyedStateHandle handle) throws IOException {
    if (!(handle instanceof KeyGroupsStateHandle)) {
      throw new IOException(
          "The snapshot is in the own format of another state backend: handle="
              + handle.getClass().getSimpleName()
              + ", keyGroups="
              + handle.getKeyGroupRange()
              + ". With the backend that wrote it, take a savepoint of type canonical, and start"
              + " from that.");
    }
  }

  private void restore(SavepointRestoreResult result) throws Exception {
    List<CanonicalSink> sinks = new ArrayList<>();
    for (StateMetaInfoSnapshot meta : result.getStateMetaInfoSnapshots()) {
      sinks.add(
          switch (meta.getBackendStateType()) {
            case KEY_VALUE -> stateSink(meta);
            case PRIORITY_QUEUE -> timers.restored(meta);
            default ->
                throw new IOException(
                    "The snapshot has keyed state of a type that is not known: state="
                        + meta.getName()
                        + ", type="
                        + meta.getBackendStateType());
          });
    }
    try (ThrowingIterator<KeyGroup> groups = result.getRestoredKeyGroups()) {
      while (groups.hasNext()) {
        restore(groups.next(), sinks);
      }
    }
  }

  private void restore(KeyGroup group, List<CanonicalSink> sinks) throws Exception {
    try (ThrowingIterator<KeyGroupEntry> entries = group.getKeyGroupEntries()) {
      while (entries.hasNext()) {
        if (cancelled) {
          throw new CancelTaskException("The task was cancelled while its state was restored.");
        }
        KeyGroupEntry entry = entries.next();
        sinks.get(entry.getKvStateId()).accept(entry.getKey(), entry.getValue());
      }
    }
  }

  private CanonicalSink stateSink(StateMetaInfoSnapshot meta) {
    StateTable<K, ?, ?> present = states.find(meta.getName());
    return present != null
        ? present.sink()
        : states.add(new RegisteredKeyValueStateBackendMetaInfo<>(meta)).sink();
  }
}
