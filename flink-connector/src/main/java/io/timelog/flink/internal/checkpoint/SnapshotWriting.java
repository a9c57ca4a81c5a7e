package io.timelog.flink.internal.checkpoint;

import io.timelog.ExportedFile;
import io.timelog.MemoryBudgetExceededException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.apache.flink.core.fs.CloseableRegistry;
import org.apache.flink.core.memory.DataOutputViewStreamWrapper;
import org.apache.flink.runtime.state.CheckpointStreamFactory;
import org.apache.flink.runtime.state.CheckpointedStateScope;
import org.apache.flink.runtime.state.DirectoryStateHandle;
import org.apache.flink.runtime.state.IncrementalKeyedStateHandle.HandleAndLocalPath;
import org.apache.flink.runtime.state.IncrementalLocalKeyedStateHandle;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.SnapshotResult;
import org.apache.flink.runtime.state.SnapshotStrategy.SnapshotResultSupplier;
import org.apache.flink.runtime.state.StateUtil;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.jspecify.annotations.Nullable;

/**
 * Writes one native snapshot. If that fails, or is cancelled meanwhile, nothing of it is left. Used
 * once.
 */
final class SnapshotWriting<K> implements SnapshotResultSupplier<KeyedStateHandle> {
  private final NativeMoment<K> moment;
  private final long checkpointId;
  private final KeyGroupRange keyGroups;
  private final CheckpointLineage lineage;
  private final Sharing sharing;
  private final TransferThreads threads;
  private final @Nullable LocalCopies localCopies;
  private final CheckpointStreamFactory streamFactory;
  private final WrittenFiles written;

  SnapshotWriting(
      NativeMoment<K> moment,
      long checkpointId,
      KeyGroupRange keyGroups,
      CheckpointLineage lineage,
      Sharing sharing,
      TransferThreads threads,
      @Nullable LocalCopies localCopies,
      CheckpointStreamFactory streamFactory,
      WrittenFiles written) {
    this.moment = moment;
    this.checkpointId = checkpointId;
    this.keyGroups = keyGroups;
    this.lineage = lineage;
    this.sharing = sharing;
    this.threads = threads;
    this.localCopies = localCopies;
    this.streamFactory = streamFactory;
    this.written = written;
  }

  /** With which other snapshots one may have packs in common. */
  enum Sharing {
    /** With earlier and later ones: an incremental checkpoint. */
    WITH_ALL(CheckpointedStateScope.SHARED),
    /** With later ones: the first checkpoint after a restore that must not touch what it was of. */
    WITH_LATER(CheckpointedStateScope.SHARED),
    /**
     * With none: a savepoint. Flink has its packs as shared ones all the same, so that a job that
     * is started from it, and owns it then, goes on incrementally.
     */
    WITH_NONE(CheckpointedStateScope.EXCLUSIVE),
    /** With none, ever: a full checkpoint. */
    PRIVATE(CheckpointedStateScope.EXCLUSIVE);

    private final CheckpointedStateScope scope;

    Sharing(CheckpointedStateScope scope) {
      this.scope = scope;
    }

    private boolean isRemembered() {
      return this == WITH_ALL || this == WITH_LATER;
    }
  }

  @Override
  public SnapshotResult<KeyedStateHandle> get(CloseableRegistry registry) throws Exception {
    try {
      SnapshotResult<KeyedStateHandle> result = write(registry);
      if (registry.isClosed()) {
        throw new CancellationException("The snapshot was cancelled.");
      }
      return result;
    } catch (Throwable failure) {
      written.discard();
      if (sharing.isRemembered()) {
        lineage.history().forget(checkpointId);
      }
      throw failure;
    }
  }

  private SnapshotResult<KeyedStateHandle> write(CloseableRegistry registry) throws Exception {
    List<ExportedFile> files = export();
    try {
      return store(files, registry);
    } catch (IOException e) {
      throw new IOException(
          "A snapshot of keyed state could not be stored: checkpoint="
              + checkpointId
              + ", keyGroups="
              + keyGroups.prettyPrintInterval()
              + ", cause="
              + e.getMessage()
              + ". Earlier checkpoints stay as they are. See whether there is space below"
              + " execution.checkpointing.dir, and whether it can be written to.",
          e);
    }
  }

  private SnapshotResult<KeyedStateHandle> store(
      List<ExportedFile> files, CloseableRegistry registry) throws Exception {
    UploadPlan plan = plan(files);
    SnapshotStreams streams = new SnapshotStreams(streamFactory, registry, written);
    List<StoredPack> fresh =
        new PackWriter(threads, streams, sharing.scope, checkpointId).write(plan.fresh());
    List<StoredPack> packs = new ArrayList<>(plan.reused());
    packs.addAll(fresh);
    DirectoryStateHandle copy = copy(files);
    SnapshotResult<StreamStateHandle> metadata = writeMetadata(packs, copy != null, streams);
    SnapshotResult<KeyedStateHandle> result =
        result(packs, metadata, metadata.getStateSize() + bytes(fresh), copy);
    if (sharing.isRemembered()) {
      lineage.history().stored(checkpointId, fresh);
    }
    streamFactory.reusePreviousStateHandle(plan.reused().stream().map(StoredPack::handle).toList());
    return result;
  }

  private List<ExportedFile> export() throws IOException {
    try {
      return moment.export().write();
    } catch (MemoryBudgetExceededException e) {
      throw new IOException(
          "There is no memory to write a snapshot of the state in, which needs some beside the"
              + " state: checkpoint="
              + checkpointId
              + ", keyGroups="
              + keyGroups
              + ", usedBytes="
              + e.use().usedBytes()
              + ", limitBytes="
              + e.use().limitBytes()
              + ", requestedBytes="
              + e.use().requestedBytes()
              + ". Raise taskmanager.memory.managed.size (or .fraction), or"
              + " state.backend.timelog.memory.fixed-per-slot if that is set; or spread the state"
              + " over more slots by a higher parallelism.",
          e);
    }
  }

  private UploadPlan plan(List<ExportedFile> files) {
    return sharing.isRemembered()
        ? lineage
            .history()
            .plan(
                checkpointId,
                files,
                sharing == Sharing.WITH_ALL,
                streamFactory::couldReuseStateHandle)
        : UploadHistory.storingAll(files);
  }

  private @Nullable DirectoryStateHandle copy(List<ExportedFile> files) {
    DirectoryStateHandle copy = localCopies == null ? null : localCopies.write(checkpointId, files);
    if (copy != null) {
      written.add(copy);
    }
    return copy;
  }

  private SnapshotResult<StreamStateHandle> writeMetadata(
      List<StoredPack> packs, boolean copied, SnapshotStreams streams) throws IOException {
    return streams.write(
        CheckpointedStateScope.EXCLUSIVE,
        checkpointId,
        copied && localCopies != null ? localCopies.directories() : null,
        stream -> {
          DataOutputViewStreamWrapper out = new DataOutputViewStreamWrapper(stream);
          MetadataFormat.write(
              keyGroups,
              moment.states(),
              moment.tables(),
              moment.export().metadata(),
              packs.stream().map(StoredPack::pack).toList(),
              out);
          TimerBlocks.write(moment.timersOnHeap(), keyGroups, out);
        });
  }

  private static long bytes(List<StoredPack> packs) {
    return packs.stream().mapToLong(stored -> stored.pack().length()).sum();
  }

  private SnapshotResult<KeyedStateHandle> result(
      List<StoredPack> packs,
      SnapshotResult<StreamStateHandle> metadata,
      long storedBytes,
      @Nullable DirectoryStateHandle copy) {
    List<HandleAndLocalPath> files = packs.stream().map(StoredPack::forFlink).toList();
    boolean shared = sharing != Sharing.PRIVATE;
    KeyedStateHandle remote =
        new IncrementalRemoteKeyedStateHandle(
            lineage.backend(),
            keyGroups,
            checkpointId,
            shared ? files : List.of(),
            shared ? List.of() : files,
            Objects.requireNonNull(metadata.getJobManagerOwnedSnapshot()),
            storedBytes);
    StreamStateHandle metadataCopy = metadata.getTaskLocalSnapshot();
    if (copy == null || metadataCopy == null) {
      StateUtil.discardStateObjectQuietly(copy);
      return SnapshotResult.of(remote);
    }
    return SnapshotResult.withLocalState(
        remote,
        new IncrementalLocalKeyedStateHandle(
            lineage.backend(),
            checkpointId,
            copy,
            keyGroups,
            metadataCopy,
            shared ? files : List.of()));
  }
}
