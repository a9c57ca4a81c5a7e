package io.timelog.flink.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.flink.fixture.CheckpointStore;
import io.timelog.flink.fixture.Subtasks;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.runtime.checkpoint.CheckpointType;
import org.apache.flink.runtime.state.BackendBuildingException;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.filesystem.FileStateHandle;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever happens to a file of a checkpoint, a restore says so, and starts nothing. */
final class DamagedSnapshotTest {
  private static final int PLACES = 150;

  @TempDir private Path folder;

  private CheckpointStore store;

  @BeforeEach
  void takeCheckpoint() throws Exception {
    store = new CheckpointStore(folder, 1);
    try (Subtasks subtasks = Subtasks.of(Sample.backend(true, 1)).open()) {
      Sample.write(subtasks, 1);
      Sample.write(subtasks, 2);
      store.complete(1, subtasks.snapshot(1, CheckpointType.CHECKPOINT, store.storage(1)).finish());
    }
  }

  private void restore() throws Exception {
    Subtasks.of(Sample.backend(true, 1)).restoring(store.handles(1)).open().close();
  }

  private Path metadata() throws Exception {
    FileStateHandle file =
        (FileStateHandle)
            ((IncrementalRemoteKeyedStateHandle) store.handles(1).get(0)).getMetaDataStateHandle();
    return Path.of(file.getFilePath().toUri().getPath());
  }

  private Path pack() throws Exception {
    Path metadata = metadata();
    return store.files().stream().filter(file -> !file.equals(metadata)).findAny().orElseThrow();
  }

  @Test
  void wholeSnapshot_isRestored() throws Exception {
    restore();
  }

  @Test
  void byteThatHasChanged_isFoundWhereverItIs() throws Exception {
    for (Path file : store.files()) {
      byte[] content = Files.readAllBytes(file);
      int step = Math.max(1, content.length / PLACES);
      for (int i = 0; i < content.length; i += step) {
        byte[] damaged = content.clone();
        damaged[i] ^= 0x10;
        Files.write(file, damaged);

        assertThatThrownBy(this::restore)
            .as("byte %d of %s", i, file)
            .isInstanceOf(BackendBuildingException.class)
            .hasMessageStartingWith("Keyed state could not be restored: operator=operator-0")
            .hasMessageMatching("(?s).*(damaged|too early|formatVersion=).*");
      }
      Files.write(file, content);
    }
    restore();
  }

  @Test
  void fileThatIsCutOff_isFound() throws Exception {
    for (Path file : store.files()) {
      byte[] content = Files.readAllBytes(file);
      for (int length : List.of(0, 1, content.length / 2, content.length - 1)) {
        Files.write(file, Arrays.copyOf(content, length));

        assertThatThrownBy(this::restore)
            .as("%d bytes of %s", length, file)
            .isInstanceOf(BackendBuildingException.class)
            .hasMessageMatching("(?s).*(damaged|too early).*");
      }
      Files.write(file, content);
    }
  }

  @Test
  void damagedPack_isNamedWithThePlace() throws Exception {
    Path pack = pack();
    byte[] content = Files.readAllBytes(pack);
    content[content.length / 2] ^= 1;
    Files.write(pack, content);

    assertThatThrownBy(this::restore)
        .hasMessageContaining("A file of the snapshot is damaged: ")
        .hasMessageContaining("checkpoint=1, keyGroups=[0, 15]")
        .hasMessageContaining(pack.getFileName().toString())
        .hasMessageContaining("Restore an older checkpoint, or a savepoint");
  }

  @Test
  void missingPack_isNamed() throws Exception {
    Path pack = pack();
    Files.delete(pack);

    assertThatThrownBy(this::restore)
        .hasMessageContaining("A file of the snapshot cannot be read")
        .hasMessageContaining(pack.getFileName().toString())
        .hasMessageContaining("Restore an older checkpoint, or a savepoint");
  }

  @Test
  void missingMetadata_areNamed() throws Exception {
    Path metadata = metadata();
    Files.delete(metadata);

    assertThatThrownBy(this::restore)
        .hasMessageContaining("The metadata of the snapshot cannot be opened")
        .hasMessageContaining(metadata.getFileName().toString());
  }

  @Test
  void newerFormat_isRefusedWithWhatToDo() throws Exception {
    byte[] content = Files.readAllBytes(metadata());
    ByteBuffer.wrap(content).putInt(Long.BYTES, 2);
    Files.write(metadata(), content);

    assertThatThrownBy(this::restore)
        .hasMessageContaining("does not read")
        .hasMessageContaining("formatVersion=2, known=1")
        .hasMessageContaining("Start with the version that wrote it");
  }

  @Test
  void failedRestore_leavesTheCheckpointAsItWas() throws Exception {
    Path pack = pack();
    byte[] content = Files.readAllBytes(pack);
    Files.delete(pack);
    assertThatThrownBy(this::restore).isInstanceOf(BackendBuildingException.class);
    Files.write(pack, content);

    restore();

    assertThat(store.files()).isEqualTo(store.named());
  }
}
