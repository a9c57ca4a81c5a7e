package io.timelog.flink.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.flink.fixture.CheckpointStore;
import io.timelog.flink.fixture.Subtasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.checkpoint.CheckpointType;
import org.apache.flink.runtime.jobgraph.JobVertexID;
import org.apache.flink.runtime.state.AbstractKeyedStateBackend;
import org.apache.flink.runtime.state.IncrementalLocalKeyedStateHandle;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.LocalRecoveryConfig;
import org.apache.flink.runtime.state.LocalSnapshotDirectoryProviderImpl;
import org.apache.flink.runtime.state.PlaceholderStreamStateHandle;
import org.apache.flink.runtime.state.SnapshotResult;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Copies of checkpoints on the machine of the task. */
final class LocalCopyTest {
  @TempDir private Path folder;

  private CheckpointStore store;
  private LocalRecoveryConfig copies;

  @BeforeEach
  void makeStore() throws IOException {
    store = new CheckpointStore(folder.resolve("storage"), 1);
    copies =
        LocalRecoveryConfig.backupAndRecoveryEnabled(
            new LocalSnapshotDirectoryProviderImpl(
                Files.createDirectories(folder.resolve("copies")).toFile(),
                new JobID(),
                new JobVertexID(),
                0));
  }

  private Subtasks open(boolean incremental, List<? extends KeyedStateHandle> restored)
      throws IOException {
    return Subtasks.of(Sample.backend(incremental, 2))
        .localRecovery(copies)
        .restoring(restored)
        .open();
  }

  private SnapshotResult<KeyedStateHandle> checkpoint(Subtasks subtasks, long id) throws Exception {
    SnapshotResult<KeyedStateHandle> result =
        subtasks.snapshot(id, CheckpointType.CHECKPOINT, store.storage(id)).results().get(0);
    store.complete(id, List.of(result.getJobManagerOwnedSnapshot()));
    for (AbstractKeyedStateBackend<String> backend : subtasks.backends()) {
      backend.notifyCheckpointComplete(id);
    }
    return result;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void copy_isRestoredWithoutTheStorage(boolean incremental) throws Exception {
    List<Object> expected;
    KeyedStateHandle copy;
    try (Subtasks subtasks = open(incremental, List.of())) {
      Sample.write(subtasks, 1);
      checkpoint(subtasks, 1);
      Sample.write(subtasks, 2);
      copy = checkpoint(subtasks, 2).getTaskLocalSnapshot();
      expected = Sample.content(subtasks);
    }
    for (Path file : store.files()) {
      Files.delete(file);
    }

    try (Subtasks restored = open(incremental, List.of(copy))) {
      assertThat(Sample.content(restored)).isEqualTo(expected);
    }
  }

  @Test
  void checkpointAfterARestoreFromACopy_reusesWhatIsStored() throws Exception {
    KeyedStateHandle copy;
    try (Subtasks subtasks = open(true, List.of())) {
      Sample.write(subtasks, 1);
      checkpoint(subtasks, 1);
      copy = checkpoint(subtasks, 2).getTaskLocalSnapshot();
    }

    try (Subtasks restored = open(true, List.of(copy))) {
      IncrementalRemoteKeyedStateHandle next =
          (IncrementalRemoteKeyedStateHandle)
              restored.snapshot(3, CheckpointType.CHECKPOINT, store.storage(3)).finish().get(0);

      assertThat(next.getSharedState())
          .isNotEmpty()
          .allMatch(pack -> pack.getHandle() instanceof PlaceholderStreamStateHandle);
    }
  }

  @Test
  void fileThatTheCopyBeforeHas_isLinkedTo() throws Exception {
    try (Subtasks subtasks = open(true, List.of())) {
      Sample.write(subtasks, 1);
      Set<Object> first = inodes(checkpoint(subtasks, 1));
      Set<Object> second = inodes(checkpoint(subtasks, 2));

      assertThat(second).isEqualTo(first).isNotEmpty();
    }
  }

  private static Path directory(SnapshotResult<KeyedStateHandle> result) {
    return ((IncrementalLocalKeyedStateHandle) result.getTaskLocalSnapshot())
        .getDirectoryStateHandle()
        .getDirectory();
  }

  private static Set<Object> inodes(SnapshotResult<KeyedStateHandle> result) throws IOException {
    try (Stream<Path> files = Files.list(directory(result))) {
      return files.map(LocalCopyTest::inode).collect(Collectors.toSet());
    }
  }

  private static Object inode(Path file) {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void copyThatCannotBeWritten_costsNoCheckpoint() throws Exception {
    try (Subtasks subtasks = open(true, List.of())) {
      Sample.write(subtasks, 1);
      Files.delete(folder.resolve("copies"));
      Files.createFile(folder.resolve("copies"));

      SnapshotResult<KeyedStateHandle> result = checkpoint(subtasks, 1);

      assertThat(result.getTaskLocalSnapshot()).isNull();
      assertThat(result.getJobManagerOwnedSnapshot()).isNotNull();
    }
  }

  @Test
  void checkpointThatFails_leavesNoCopy() throws Exception {
    try (Subtasks subtasks = open(true, List.of())) {
      Sample.write(subtasks, 1);
      Subtasks.Begun failing =
          subtasks.snapshot(
              1,
              CheckpointType.CHECKPOINT,
              new FailingStorage(
                  store.storage(1),
                  4,
                  () -> {
                    throw new IOException("No space left on device");
                  }));

      assertThatThrownBy(failing::finish).hasRootCauseMessage("No space left on device");
      try (Stream<Path> files = Files.walk(folder.resolve("copies"))) {
        List<Path> left = files.filter(Files::isRegularFile).toList();
        assertThat(left).isEmpty();
      }
    }
  }

  @Test
  void damagedCopy_isRefused() throws Exception {
    SnapshotResult<KeyedStateHandle> result;
    try (Subtasks subtasks = open(true, List.of())) {
      Sample.write(subtasks, 1);
      result = checkpoint(subtasks, 1);
    }
    try (Stream<Path> files = Files.list(directory(result))) {
      Path file = files.findFirst().orElseThrow();
      byte[] content = Files.readAllBytes(file);
      content[content.length / 2] ^= 1;
      Files.write(file, content);
    }

    assertThatThrownBy(() -> open(true, List.of(result.getTaskLocalSnapshot())))
        .hasMessageContaining("A file of the snapshot is damaged")
        .hasMessageContaining("path=" + folder.resolve("copies"));
  }
}
