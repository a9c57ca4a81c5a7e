package io.timelog.integration.flink.soak;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.runtime.state.filesystem.AbstractFsCheckpointStorageAccess;
import org.apache.flink.runtime.state.filesystem.FileStateHandle;

/**
 * Files that Flink itself leaves, of whatever backend they are.
 *
 * <p>When a job is cancelled, and its latest checkpoint stays, a later one may be under way. The
 * job manager has registered the shared files of the tasks that have stored their part of it. It
 * gives the checkpoint up and leaves files to the registry; and that deletes what only checkpoints
 * before the one that stays have used, as {@code StandaloneCompletedCheckpointStore.shutdown} asks
 * it to. What a later one has is in no checkpoint, and nobody knows of it any more.
 */
public final class Orphans {
  private Orphans() {}

  /**
   * The shared files of a job that is over, but for those that its retained checkpoint names.
   *
   * @param checkpoint the directory of the latest, which is retained
   */
  public static List<Path> beside(Path checkpoint) throws IOException {
    Path shared =
        checkpoint.resolveSibling(AbstractFsCheckpointStorageAccess.CHECKPOINT_SHARED_STATE_DIR);
    Set<Path> named = named(checkpoint);
    return Leavings.files(shared).stream().filter(file -> !named.contains(file)).toList();
  }

  private static Set<Path> named(Path checkpoint) throws IOException {
    Path file = checkpoint.resolve(AbstractFsCheckpointStorageAccess.METADATA_FILE_NAME);
    CheckpointMetadata metadata;
    try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
      metadata =
          Checkpoints.loadCheckpointMetadata(
              in, Orphans.class.getClassLoader(), checkpoint.toString());
    }
    Set<Path> named = new HashSet<>();
    metadata.getOperatorStates().stream()
        .flatMap(operator -> operator.getStates().stream())
        .flatMap(subtask -> subtask.getManagedKeyedState().stream())
        .flatMap(Orphans::sharedFiles)
        .forEach(named::add);
    return named;
  }

  private static Stream<Path> sharedFiles(Object handle) {
    return handle instanceof IncrementalRemoteKeyedStateHandle incremental
        ? incremental.getSharedState().stream().flatMap(file -> path(file.getHandle()))
        : Stream.empty();
  }

  /** None for what is so small that it is in the metadata. */
  private static Stream<Path> path(StreamStateHandle handle) {
    return handle instanceof FileStateHandle file
        ? Stream.of(Path.of(file.getFilePath().toUri().getPath()))
        : Stream.empty();
  }
}
