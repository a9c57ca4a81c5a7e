package io.timelog.benchmarks.flink.checkpoint;

import io.timelog.benchmarks.flink.checkpoint.CheckpointCost.Taken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.RunnableFuture;
import org.apache.flink.core.fs.local.LocalFileSystem;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.checkpoint.CheckpointType;
import org.apache.flink.runtime.state.AbstractKeyedStateBackend;
import org.apache.flink.runtime.state.CheckpointStorageLocationReference;
import org.apache.flink.runtime.state.CheckpointStreamFactory;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.SharedStateRegistry;
import org.apache.flink.runtime.state.SharedStateRegistryImpl;
import org.apache.flink.runtime.state.SnapshotResult;
import org.apache.flink.runtime.state.filesystem.FsCheckpointStreamFactory;

/**
 * Takes checkpoints of a subtask into files, of which the last one is retained: the part of Flink's
 * job manager.
 */
final class LastCheckpoint {
  /**
   * As {@code state.storage.fs.memory-threshold} and {@code ...write-buffer-size} are by default.
   */
  private static final int IN_METADATA_AT_MOST = 20 << 10;

  private static final int WRITE_BUFFER_BYTES = 4 << 10;

  private final Path directory;
  private final SharedStateRegistry registry = new SharedStateRegistryImpl();
  private List<KeyedStateHandle> handles = List.of();
  private long id;

  LastCheckpoint(Path directory) {
    this.directory = directory;
  }

  /** Takes a checkpoint, after which the one before is deleted. */
  Taken take(AbstractKeyedStateBackend<?> backend) throws Exception {
    id++;
    CheckpointStreamFactory files = files();
    CheckpointOptions options =
        new CheckpointOptions(
            CheckpointType.CHECKPOINT, CheckpointStorageLocationReference.getDefault());
    long start = System.nanoTime();
    RunnableFuture<SnapshotResult<KeyedStateHandle>> snapshot =
        backend.snapshot(id, id, files, options);
    long goesOn = System.nanoTime();
    snapshot.run();
    KeyedStateHandle handle = snapshot.get().getJobManagerOwnedSnapshot();
    long end = System.nanoTime();
    if (handle == null) {
      throw new IllegalStateException("A checkpoint is empty: id=" + id);
    }
    Taken taken = new Taken(goesOn - start, end - start, handle.getCheckpointedSize());
    complete(handle);
    backend.notifyCheckpointComplete(id);
    return taken;
  }

  private CheckpointStreamFactory files() throws IOException {
    return new FsCheckpointStreamFactory(
        LocalFileSystem.getSharedInstance(),
        made(directory.resolve("chk-" + id)),
        made(directory.resolve("shared")),
        IN_METADATA_AT_MOST,
        WRITE_BUFFER_BYTES);
  }

  private static org.apache.flink.core.fs.Path made(Path path) throws IOException {
    return new org.apache.flink.core.fs.Path(Files.createDirectories(path).toUri());
  }

  private void complete(KeyedStateHandle handle) throws Exception {
    handle.registerSharedStates(registry, id);
    for (KeyedStateHandle before : handles) {
      before.discardState();
    }
    registry.unregisterUnusedState(id);
    handles = List.of(handle);
  }

  /** What a subtask is restored from. */
  List<KeyedStateHandle> handles() {
    return handles;
  }
}
