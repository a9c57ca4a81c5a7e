package io.timelog.flink.internal.checkpoint;

import java.io.IOException;
import java.util.concurrent.CancellationException;
import org.apache.flink.core.fs.CloseableRegistry;
import org.apache.flink.runtime.state.CheckpointStateOutputStream;
import org.apache.flink.runtime.state.CheckpointStreamFactory;
import org.apache.flink.runtime.state.CheckpointStreamWithResultProvider;
import org.apache.flink.runtime.state.CheckpointedStateScope;
import org.apache.flink.runtime.state.LocalSnapshotDirectoryProvider;
import org.apache.flink.runtime.state.SnapshotResult;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.util.IOUtils;
import org.jspecify.annotations.Nullable;

/**
 * Stores the files of one snapshot. Each is complete or not there: a stream that fails, or that is
 * closed because the snapshot was cancelled, leaves nothing. Thread-safe.
 *
 * @param factory of Flink
 * @param open closed if the snapshot is cancelled, and with it all streams in it
 * @param written gets every file that is complete
 */
record SnapshotStreams(
    CheckpointStreamFactory factory, CloseableRegistry open, WrittenFiles written) {

  /** Writes what a file has. */
  @FunctionalInterface
  interface Content {
    void writeTo(CheckpointStateOutputStream out) throws IOException;
  }

  /**
   * Stores a file.
   *
   * @param localCopies where a copy for local recovery goes as well, if there is to be one
   * @throws IOException if it cannot be stored
   * @throws CancellationException if the snapshot was cancelled
   */
  SnapshotResult<StreamStateHandle> write(
      CheckpointedStateScope scope,
      long checkpointId,
      @Nullable LocalSnapshotDirectoryProvider localCopies,
      Content content)
      throws IOException {
    CheckpointStreamWithResultProvider stream =
        localCopies == null
            ? CheckpointStreamWithResultProvider.createSimpleStream(scope, factory)
            : CheckpointStreamWithResultProvider.createDuplicatingStream(
                checkpointId, scope, factory, localCopies);
    try {
      open.registerCloseable(stream);
      content.writeTo(stream.getCheckpointOutputStream());
      if (!open.unregisterCloseable(stream)) {
        throw new CancellationException("The snapshot was cancelled.");
      }
      SnapshotResult<StreamStateHandle> stored = stream.closeAndFinalizeCheckpointStreamResult();
      written.add(stored);
      if (stored.getJobManagerOwnedSnapshot() == null) {
        throw new IOException("The storage of checkpoints has kept nothing of a file.");
      }
      return stored;
    } catch (Throwable failure) {
      open.unregisterCloseable(stream);
      Uninterrupted.run(() -> IOUtils.closeQuietly(stream));
      throw failure;
    }
  }
}
