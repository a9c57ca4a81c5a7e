package io.timelog.flink.internal.checkpoint;

import io.timelog.flink.internal.checkpoint.SnapshotWriting.Sharing;
import java.util.concurrent.RunnableFuture;
import java.util.function.Supplier;
import org.apache.flink.core.fs.CloseableRegistry;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.checkpoint.SnapshotType.SharingFilesStrategy;
import org.apache.flink.runtime.state.CheckpointStreamFactory;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.LocalRecoveryConfig;
import org.apache.flink.runtime.state.SnapshotExecutionType;
import org.apache.flink.runtime.state.SnapshotResult;
import org.apache.flink.runtime.state.SnapshotStrategy;
import org.apache.flink.runtime.state.SnapshotStrategyRunner;
import org.jspecify.annotations.Nullable;

/**
 * Takes native snapshots of a backend: full or incremental checkpoints, and native savepoints. For
 * the task's thread, but for what it hands out.
 *
 * @param <K> type of the keys
 */
public final class NativeStrategy<K> implements AutoCloseable {
  private final Supplier<NativeMoment<K>> moment;
  private final boolean incremental;
  private final KeyGroupRange keyGroups;
  private final CheckpointLineage lineage;
  private final TransferThreads threads;
  private final @Nullable LocalCopies localCopies;
  private final Runnable upkeep;

  /**
   * Snapshots of the moments that {@code moment} holds on the task's thread.
   *
   * @param incremental whether a checkpoint names again what an earlier one has stored
   * @param localRecovery whether, and where, checkpoints are copied to this machine
   * @param upkeep called on the thread of a snapshot when that has ended; must not take long
   */
  public NativeStrategy(
      Supplier<NativeMoment<K>> moment,
      boolean incremental,
      KeyGroupRange keyGroups,
      CheckpointLineage lineage,
      TransferThreads threads,
      LocalRecoveryConfig localRecovery,
      Runnable upkeep) {
    this.moment = moment;
    this.incremental = incremental;
    this.keyGroups = keyGroups;
    this.lineage = lineage;
    this.threads = threads;
    this.localCopies =
        localRecovery.isLocalBackupEnabled()
            ? new LocalCopies(
                localRecovery
                    .getLocalStateDirectoryProvider()
                    .orElseThrow(LocalRecoveryConfig.localRecoveryNotEnabled()),
                lineage.backend())
            : null;
    this.upkeep = upkeep;
  }

  /**
   * Holds the present moment, and returns what stores it when it is run. If that fails or is
   * cancelled, nothing of it is left.
   *
   * @param cancellation closed if the task is cancelled, and with it the snapshot
   * @throws Exception if the moment cannot be held
   */
  public RunnableFuture<SnapshotResult<KeyedStateHandle>> snapshot(
      long checkpointId,
      long timestamp,
      CheckpointStreamFactory streamFactory,
      CheckpointOptions options,
      CloseableRegistry cancellation)
      throws Exception {
    WrittenFiles written = new WrittenFiles();
    return new SnapshotTask<>(
        new SnapshotStrategyRunner<>(
                "Timelog native snapshot",
                new OneSnapshot(written),
                cancellation,
                SnapshotExecutionType.ASYNCHRONOUS)
            .snapshot(checkpointId, timestamp, streamFactory, options),
        written);
  }

  private Sharing sharing(SharingFilesStrategy strategy) {
    if (!incremental) {
      return Sharing.PRIVATE;
    }
    return switch (strategy) {
      case FORWARD_BACKWARD -> Sharing.WITH_ALL;
      case FORWARD -> Sharing.WITH_LATER;
      case NO_SHARING -> Sharing.WITH_NONE;
    };
  }

  /** The job manager retains a checkpoint, which later ones may build on. */
  public void completed(long checkpointId) {
    lineage.history().confirm(checkpointId);
  }

  /** The job manager has given a checkpoint up. */
  public void aborted(long checkpointId) {
    lineage.history().forget(checkpointId);
  }

  /** The job manager has dropped this checkpoint and all before it for a later one. */
  public void subsumed(long checkpointId) {
    lineage.history().forgetUpTo(checkpointId);
  }

  @Override
  public void close() {
    threads.close();
  }

  /** A snapshot whose files are noted. */
  private final class OneSnapshot implements SnapshotStrategy<KeyedStateHandle, NativeMoment<K>> {
    private final WrittenFiles written;

    OneSnapshot(WrittenFiles written) {
      this.written = written;
    }

    @Override
    public NativeMoment<K> syncPrepareResources(long checkpointId) {
      return moment.get();
    }

    @Override
    public SnapshotResultSupplier<KeyedStateHandle> asyncSnapshot(
        NativeMoment<K> resources,
        long checkpointId,
        long timestamp,
        CheckpointStreamFactory streamFactory,
        CheckpointOptions options) {
      if (resources.isEmpty()) {
        return registry -> SnapshotResult.empty();
      }
      boolean savepoint = options.getCheckpointType().isSavepoint();
      SnapshotWriting<K> writing =
          new SnapshotWriting<>(
              resources,
              checkpointId,
              keyGroups,
              lineage,
              sharing(options.getCheckpointType().getSharingFilesStrategy()),
              threads,
              savepoint ? null : localCopies,
              streamFactory,
              written);
      return registry -> {
        try {
          return writing.get(registry);
        } finally {
          upkeep.run();
        }
      };
    }
  }
}
