package io.timelog.flink.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.flink.TimelogStateBackend;
import io.timelog.flink.fixture.Backends;
import io.timelog.flink.fixture.CheckpointStore;
import io.timelog.flink.fixture.LocalFiles;
import io.timelog.flink.fixture.Subtasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.runtime.checkpoint.CheckpointType;
import org.apache.flink.runtime.jobgraph.JobVertexID;
import org.apache.flink.runtime.state.AbstractKeyedStateBackend;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.LocalRecoveryConfig;
import org.apache.flink.runtime.state.LocalSnapshotDirectoryProviderImpl;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkpoints of a state that is five times as large as the memory of its slot. */
final class SpilledCheckpointTest {
  private static final long MEMORY_BYTES = 4 << 20;
  private static final int KEYS = 20_000;
  private static final String TEXT = "x".repeat(1_000);

  @TempDir private Path folder;

  private Path local;
  private CheckpointStore store;
  private final Map<Integer, String> expected = new HashMap<>();

  @BeforeEach
  void makeStore() throws IOException {
    local = Files.createDirectory(folder.resolve("local"));
    store = new CheckpointStore(folder.resolve("storage"), 1);
  }

  private Subtasks open(int parallelism, List<KeyedStateHandle> restored) throws IOException {
    return builder(parallelism, restored).open();
  }

  private Subtasks.Builder builder(int parallelism, List<KeyedStateHandle> restored) {
    TimelogStateBackend backend = Backends.spilling(MEMORY_BYTES, local);
    return Subtasks.of(backend).parallelism(parallelism).restoring(restored);
  }

  private static ValueState<String> value(Subtasks subtasks, int key) throws Exception {
    return subtasks
        .at("key " + key)
        .getPartitionedState(
            VoidNamespace.INSTANCE,
            VoidNamespaceSerializer.INSTANCE,
            new ValueStateDescriptor<>("value", StringSerializer.INSTANCE));
  }

  private void write(Subtasks subtasks, int key, int round) throws Exception {
    String text = TEXT + key + "/" + round;
    value(subtasks, key).update(text);
    expected.put(key, text);
  }

  private void fill(Subtasks subtasks) throws Exception {
    for (int key = 0; key < KEYS; key++) {
      write(subtasks, key, 0);
    }
    assertThat(LocalFiles.bytes(local)).isGreaterThan(3 * MEMORY_BYTES);
  }

  private void requireAll(Subtasks subtasks) throws Exception {
    for (int key = 0; key < KEYS; key++) {
      assertThat(value(subtasks, key).value()).as("key %d", key).isEqualTo(expected.get(key));
    }
  }

  /** Takes a checkpoint, which completes; returns the bytes of the files that it has stored. */
  private long checkpoint(Subtasks subtasks, long id) throws Exception {
    Set<Path> before = store.files();
    List<KeyedStateHandle> handles =
        subtasks.snapshot(id, CheckpointType.CHECKPOINT, store.storage(id)).finish();
    Set<Path> stored = new TreeSet<>(store.files());
    stored.removeAll(before);
    long bytes = 0;
    for (Path file : stored) {
      bytes += Files.size(file);
    }
    store.complete(id, handles);
    for (AbstractKeyedStateBackend<String> backend : subtasks.backends()) {
      backend.notifyCheckpointComplete(id);
    }
    return bytes;
  }

  @Test
  void checkpoint_storesWhatIsNew() throws Exception {
    try (Subtasks subtasks = open(1, List.of())) {
      fill(subtasks);
      long first = checkpoint(subtasks, 1);
      assertThat(first).isGreaterThan(4 * MEMORY_BYTES);
      // Files that were merged meanwhile are new, too; nothing is, when all are.
      long id = 2;
      while (checkpoint(subtasks, id++) > first / 20) {
        assertThat(id).isLessThan(20);
      }

      for (int key = 0; key < KEYS; key += 1_000) {
        write(subtasks, key, 1);
      }

      assertThat(checkpoint(subtasks, id)).isPositive().isLessThan(first / 20);
      assertThat(store.files()).isEqualTo(store.named());
      requireAll(subtasks);
    }
  }

  @Test
  void synchronousPart_writesNothingAndTakesNoMemory() throws Exception {
    try (Subtasks subtasks = open(1, List.of())) {
      fill(subtasks);
      List<Path> files = LocalFiles.in(local);
      Subtasks.Begun begun = subtasks.snapshot(1, CheckpointType.CHECKPOINT, store.storage(1));

      assertThat(LocalFiles.in(local)).isEqualTo(files);
      assertThat(store.files()).isEmpty();
      begun.cancel();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void restored_hasItAll_inAsLittleMemory(int parallelism) throws Exception {
    try (Subtasks subtasks = open(1, List.of())) {
      fill(subtasks);
      checkpoint(subtasks, 1);
      for (int key = 0; key < KEYS; key += 3) {
        write(subtasks, key, 1);
      }
      checkpoint(subtasks, 2);
    }
    assertThat(local).isEmptyDirectory();

    try (Subtasks restored = open(parallelism, store.handles(2))) {
      requireAll(restored);
      for (int key = 0; key < KEYS; key += 2) {
        write(restored, key, 2);
      }
      requireAll(restored);
      checkpoint(restored, 3);
    }
    try (Subtasks again = open(1, store.handles(3))) {
      requireAll(again);
    }
    assertThat(local).isEmptyDirectory();
  }

  /** What is in files is neither copied for a copy of the checkpoint, nor for a restore from it. */
  @Test
  void copyOnTheMachine_isMadeAndRestoredByLinks() throws Exception {
    LocalRecoveryConfig copies =
        LocalRecoveryConfig.backupAndRecoveryEnabled(
            new LocalSnapshotDirectoryProviderImpl(
                Files.createDirectory(folder.resolve("copies")).toFile(),
                new JobID(),
                new JobVertexID(),
                0));
    KeyedStateHandle copy;
    try (Subtasks subtasks = builder(1, List.of()).localRecovery(copies).open()) {
      fill(subtasks);
      copy =
          subtasks
              .snapshot(1, CheckpointType.CHECKPOINT, store.storage(1))
              .results()
              .get(0)
              .getTaskLocalSnapshot();
      assertThat(linked()).isGreaterThan(3 * MEMORY_BYTES);
    }
    for (Path file : store.files()) {
      Files.delete(file);
    }

    try (Subtasks restored = builder(1, List.of(copy)).localRecovery(copies).open()) {
      assertThat(linked()).isGreaterThan(3 * MEMORY_BYTES);
      requireAll(restored);
    }
  }

  /** The bytes of the files that are in the copy and in the directory of the backend. */
  private long linked() throws IOException {
    Set<Object> inCopies = new HashSet<>();
    for (Path file : LocalFiles.in(folder.resolve("copies"))) {
      inCopies.add(inode(file));
    }
    long bytes = 0;
    for (Path file : LocalFiles.in(local)) {
      bytes += inCopies.contains(inode(file)) ? Files.size(file) : 0;
    }
    return bytes;
  }

  private static Object inode(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }

  @Test
  void stateThatChangesDuringACheckpoint_isInItAsItWas() throws Exception {
    try (Subtasks subtasks = open(1, List.of())) {
      fill(subtasks);
      Map<Integer, String> then = Map.copyOf(expected);
      Subtasks.Begun begun = subtasks.snapshot(1, CheckpointType.CHECKPOINT, store.storage(1));
      for (int key = 0; key < KEYS; key++) {
        write(subtasks, key, 1);
      }
      store.complete(1, begun.finish());
      requireAll(subtasks);
      expected.putAll(then);
    }

    try (Subtasks restored = open(1, store.handles(1))) {
      requireAll(restored);
    }
  }
}
