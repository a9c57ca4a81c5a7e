package io.timelog.flink.internal.checkpoint;

import io.timelog.ExportedFile;
import io.timelog.TimelogException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.apache.flink.runtime.state.DirectoryStateHandle;
import org.apache.flink.runtime.state.LocalSnapshotDirectoryProvider;
import org.apache.flink.runtime.state.SnapshotDirectory;
import org.apache.flink.util.FileUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies of checkpoints on this machine, from which a task that is restarted here is restored
 * without asking the storage. Each has a directory with the engine's files under their own names.
 * What lies in a file of the backend already, or in the copy before, is linked to and not written.
 * Thread-safe.
 */
final class LocalCopies {
  private static final Logger LOG = LoggerFactory.getLogger(LocalCopies.class);
  private static final int BUFFER_BYTES = 64 << 10;

  private final LocalSnapshotDirectoryProvider directories;

  /** Apart from that of other backends, which may be in the same task. */
  private final String directoryName;

  private @Nullable Path before;

  LocalCopies(LocalSnapshotDirectoryProvider directories, UUID backend) {
    this.directories = directories;
    this.directoryName = backend.toString().replace("-", "");
  }

  /** Where Flink wants copies. */
  LocalSnapshotDirectoryProvider directories() {
    return directories;
  }

  /**
   * Writes a copy of these files; null if that fails, which is logged, because a checkpoint is good
   * without.
   */
  synchronized @Nullable DirectoryStateHandle write(long checkpointId, List<ExportedFile> files) {
    Path directory =
        directories
            .subtaskSpecificCheckpointDirectory(checkpointId)
            .toPath()
            .resolve(directoryName);
    try {
      FileUtils.deleteDirectory(directory.toFile());
      Files.createDirectories(directory);
      byte[] buffer = new byte[BUFFER_BYTES];
      for (ExportedFile file : files) {
        Path copy = directory.resolve(file.name());
        if (!file.linkTo(copy) && !isLinked(file.name(), copy)) {
          try (OutputStream out = Files.newOutputStream(copy)) {
            PackWriter.copy(file, buffer, out);
          }
        }
      }
      before = directory;
      return SnapshotDirectory.permanent(directory).completeSnapshotAndGetHandle();
    } catch (IOException | TimelogException e) {
      LOG.warn(
          "No local copy of a checkpoint could be written: checkpoint={}, directory={}",
          checkpointId,
          directory,
          e);
      FileUtils.deleteDirectoryQuietly(directory.toFile());
      return null;
    }
  }

  /** Links to what the copy before has; false if it is gone, or never had it. */
  private boolean isLinked(String name, Path copy) {
    Path earlier = before;
    if (earlier == null) {
      return false;
    }
    try {
      Files.createLink(copy, earlier.resolve(name));
      return true;
    } catch (IOException | UnsupportedOperationException notThere) {
      return false;
    }
  }
}
