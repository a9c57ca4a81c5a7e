package io.timelog.flink.internal.checkpoint;

import io.timelog.MemoryBudgetExceededException;
import io.timelog.StoreImport;
import io.timelog.TimelogCorruptionException;
import io.timelog.TimelogException;
import io.timelog.TimelogStorageException;
import io.timelog.TimelogStore;
import io.timelog.flink.internal.local.StateDirectory;
import io.timelog.flink.internal.metrics.RestoreTimings;
import io.timelog.flink.internal.table.StateLayouts;
import io.timelog.flink.internal.table.StateTables;
import io.timelog.flink.internal.timer.Timers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.core.fs.CloseableRegistry;
import org.apache.flink.runtime.state.IncrementalKeyedStateHandle;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.StateSerializerProvider;
import org.apache.flink.util.IOUtils;
import org.apache.flink.util.StateMigrationException;

/**
 * Restores native snapshots, from the storage of checkpoints or from copies on this machine: of all
 * of them the key groups of the task. Files of which all key groups are wanted are taken as they
 * are. For the task's thread.
 *
 * @param <K> type of the keys
 */
public final class NativeRestore<K> {
  private final KeyGroupRange keyGroups;
  private final StateLayouts<K> layouts;
  private final StateSerializerProvider<K> keySerializer;
  private final ClassLoader userCode;
  private final CloseableRegistry cancellation;
  private final TransferThreads threads;
  private final RestoreTimings timings;

  /**
   * For a task with these key groups.
   *
   * @param layouts of the states
   * @param keySerializer of the job; is told of that of the snapshots
   * @param cancellation closed if the task is cancelled meanwhile, which ends a restore
   * @param threads read files, several at a time
   * @param timings are told what that takes
   */
  public NativeRestore(
      KeyGroupRange keyGroups,
      StateLayouts<K> layouts,
      StateSerializerProvider<K> keySerializer,
      ClassLoader userCode,
      CloseableRegistry cancellation,
      TransferThreads threads,
      RestoreTimings timings) {
    this.keyGroups = keyGroups;
    this.layouts = layouts;
    this.keySerializer = keySerializer;
    this.userCode = userCode;
    this.cancellation = cancellation;
    this.threads = threads;
    this.timings = timings;
  }

  /** Whether a snapshot is such a one, or a native one of another backend. */
  public static boolean isNative(KeyedStateHandle handle) {
    return handle instanceof IncrementalKeyedStateHandle;
  }

  /**
   * Makes a store and tables of snapshots; empty ones if there are none. Nothing is left behind if
   * that fails.
   *
   * @param handles {@linkplain #isNative native} ones, each with some of the wanted key groups
   * @param directory gets the store
   * @param timersOf makes the timer queues of a backend with these states
   * @throws StateMigrationException if the keys cannot be read by the job
   * @throws IOException if a snapshot cannot be read; names what and where, and says what to do
   */
  public RestoredSnapshots<K> restore(
      List<KeyedStateHandle> handles,
      StateDirectory directory,
      Function<StateTables<K>, Timers> timersOf)
      throws Exception {
    List<NativeSnapshot<K>> snapshots = new ArrayList<>();
    try {
      for (KeyedStateHandle handle : handles) {
        snapshots.add(timings.ofFiles(() -> open(handle)));
      }
      requireReadableKeys(snapshots);
      return restoreOpened(snapshots, directory, timersOf);
    } finally {
      snapshots.forEach(IOUtils::closeQuietly);
    }
  }

  private NativeSnapshot<K> open(KeyedStateHandle handle) throws IOException {
    return NativeSnapshot.open(
        (IncrementalKeyedStateHandle) handle, keyGroups, userCode, cancellation);
  }

  /** One snapshot after the other is of the same job, so the first one speaks for all. */
  private void requireReadableKeys(List<NativeSnapshot<K>> snapshots)
      throws StateMigrationException {
    if (snapshots.isEmpty()) {
      return;
    }
    TypeSerializer<K> ofJob = keySerializer.currentSchemaSerializer();
    TypeSerializerSchemaCompatibility<K> compatibility =
        keySerializer.setPreviousSerializerSnapshotForRestoredState(
            snapshots.get(0).metadata().keySerializer());
    if (compatibility.isCompatibleAfterMigration() || compatibility.isIncompatible()) {
      throw new StateMigrationException(
          "The new key serializer ("
              + ofJob
              + ") must be compatible with the previous key serializer ("
              + keySerializer.previousSchemaSerializer()
              + "): "
              + snapshots.get(0)
              + ". Start the job with the key type that it had");
    }
  }

  private RestoredSnapshots<K> restoreOpened(
      List<NativeSnapshot<K>> snapshots,
      StateDirectory directory,
      Function<StateTables<K>, Timers> timersOf)
      throws Exception {
    DeclaredTables<K> declared = new DeclaredTables<>(layouts);
    for (NativeSnapshot<K> snapshot : snapshots) {
      declared.add(snapshot);
    }
    StateTables<K> states =
        new StateTables<>(
            snapshots.isEmpty()
                ? directory.openStates()
                : timings.ofFiles(() -> imported(snapshots, declared, directory)),
            layouts,
            directory::openDerived);
    try {
      Timers timers = timersOf.apply(states);
      RestoredTables<K> tables = new RestoredTables<>(declared, states, timers);
      tables.dropOthers();
      for (NativeSnapshot<K> snapshot : snapshots) {
        tables.add(snapshot);
      }
      boolean goesOn = snapshots.size() == 1 && snapshots.get(0).isOf(keyGroups);
      return new RestoredSnapshots<>(
          states, timers, goesOn ? snapshots.get(0).lineage() : CheckpointLineage.begin());
    } catch (Exception | Error e) {
      states.close();
      throw e;
    }
  }

  private TimelogStore imported(
      List<NativeSnapshot<K>> snapshots, DeclaredTables<K> declared, StateDirectory directory)
      throws IOException {
    try {
      StoreImport all = directory.importStates().executor(threads.executor());
      declared.options().forEach(all::table);
      for (NativeSnapshot<K> snapshot : snapshots) {
        KeyGroupRange wanted = snapshot.wanted();
        all.add(
            snapshot.metadata().engine().array(),
            snapshot.engineFiles(),
            wanted.getStartKeyGroup(),
            wanted.getEndKeyGroup());
      }
      return all.finish();
    } catch (TimelogCorruptionException e) {
      throw new UnreadableSnapshotException(
          "A file of the snapshot is damaged: "
              + e.getMessage()
              + ", "
              + place(snapshots, e.file())
              + ". Restore an older checkpoint, or a savepoint",
          e);
    } catch (MemoryBudgetExceededException e) {
      throw new IOException(
          "The state of the snapshot does not fit into the memory of the slot: keyGroups="
              + keyGroups.prettyPrintInterval()
              + ", usedBytes="
              + e.use().usedBytes()
              + ", limitBytes="
              + e.use().limitBytes()
              + ", requestedBytes="
              + e.use().requestedBytes()
              + ". Raise taskmanager.memory.managed.size (or .fraction), or"
              + " state.backend.timelog.memory.fixed-per-slot if that is set; or spread the state"
              + " over more slots by a higher parallelism",
          e);
    } catch (TimelogStorageException e) {
      throw new IOException(
          "The state of the snapshot cannot be put into the directory of the task: "
              + e.getMessage()
              + ", directory="
              + directory
              + ". Make room there, or set state.backend.timelog.localdir to another one",
          e);
    } catch (TimelogException e) {
      String cause = e.getCause() == null ? "" : ", cause=" + e.getCause().getMessage();
      throw new UnreadableSnapshotException(
          "A file of the snapshot cannot be read: "
              + e.getMessage()
              + cause
              + ", "
              + snapshots
              + ". Restore an older checkpoint, or a savepoint",
          e);
    }
  }

  private static String place(List<? extends NativeSnapshot<?>> snapshots, String file) {
    List<String> places = new ArrayList<>();
    for (NativeSnapshot<?> snapshot : snapshots) {
      places.add(snapshot + ", " + snapshot.engineFiles().place(file));
    }
    return String.join("; ", places);
  }
}
