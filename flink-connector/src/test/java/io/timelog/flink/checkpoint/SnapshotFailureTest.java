package io.timelog.flink.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.flink.fixture.CheckpointStore;
import io.timelog.flink.fixture.Subtasks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.runtime.checkpoint.CheckpointType;
import org.apache.flink.runtime.state.AbstractKeyedStateBackend;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A checkpoint that fails at any operation of the storage, or is cancelled there or later, leaves
 * no file, and the one before stays good.
 */
final class SnapshotFailureTest {
  @TempDir private Path folder;

  private CheckpointStore store;

  @BeforeEach
  void makeStore() {
    store = new CheckpointStore(folder, 1);
  }

  @ParameterizedTest(name = "incremental {0}, threads {1}")
  @CsvSource({"true, 1", "true, 4", "false, 1", "false, 4"})
  void checkpointThatFails_leavesNothing(boolean incremental, int threads) throws Exception {
    try (Subtasks subtasks = Subtasks.of(Sample.backend(incremental, threads)).open()) {
      Set<Path> before = firstCheckpoint(subtasks);
      List<Object> expected = Sample.content(subtasks);
      int operations = 0;
      FailingStorage storage;
      do {
        operations++;
        long id = 1L + operations;
        Sample.write(subtasks, operations);
        storage =
            new FailingStorage(
                store.storage(id),
                operations,
                () -> {
                  throw new IOException("No space left on device");
                });
        Subtasks.Begun begun = subtasks.snapshot(id, CheckpointType.CHECKPOINT, storage);
        if (storage.hasFailed() || fails(begun, storage)) {
          assertThat(store.files()).as("after operation %d", operations).isEqualTo(before);
        }
      } while (storage.hasFailed());

      assertThat(operations).isGreaterThan(5);
      restored(incremental, threads, expected);
    }
  }

  private static boolean fails(Subtasks.Begun begun, FailingStorage storage) throws Exception {
    try {
      CheckpointStore.discard(begun.finish());
      return false;
    } catch (ExecutionException e) {
      assertThat(storage.hasFailed()).isTrue();
      assertThat(e)
          .hasRootCauseMessage("No space left on device")
          .hasMessageContaining("A snapshot of keyed state could not be stored: checkpoint=")
          .hasMessageContaining("keyGroups=[0, 15], cause=No space left on device")
          .hasMessageContaining("Earlier checkpoints stay as they are")
          .hasMessageContaining("execution.checkpointing.dir");
      return true;
    }
  }

  @ParameterizedTest(name = "incremental {0}, threads {1}")
  @CsvSource({"true, 1", "true, 4", "false, 1", "false, 4"})
  void checkpointThatIsCancelled_leavesNothing(boolean incremental, int threads) throws Exception {
    try (Subtasks subtasks = Subtasks.of(Sample.backend(incremental, threads)).open()) {
      Set<Path> before = firstCheckpoint(subtasks);
      List<Object> expected = Sample.content(subtasks);
      int operations = 0;
      FailingStorage storage;
      do {
        operations++;
        long id = 1L + operations;
        Sample.write(subtasks, operations);
        Subtasks.Begun[] begun = new Subtasks.Begun[1];
        storage = new FailingStorage(store.storage(id), operations, () -> begun[0].cancel());
        begun[0] = subtasks.snapshot(id, CheckpointType.CHECKPOINT, storage);
        try {
          CheckpointStore.discard(begun[0].finish());
          assertThat(storage.hasFailed()).isFalse();
        } catch (CancellationException cancelled) {
          assertThat(storage.hasFailed()).isTrue();
        } finally {
          // The thread that writes a checkpoint is interrupted when that is cancelled.
          Thread.interrupted();
        }
        assertThat(store.files()).as("after operation %d", operations).isEqualTo(before);
      } while (storage.hasFailed());

      assertThat(operations).isGreaterThan(5);
      restored(incremental, threads, expected);
    }
  }

  /** Upkeep comes when all of a checkpoint is stored, and before there is a result. */
  @ParameterizedTest
  @CsvSource({"true", "false"})
  void checkpointThatIsCancelled_whenAllIsStored_leavesNothing(boolean incremental)
      throws Exception {
    AtomicReference<Runnable> afterUpkeep = new AtomicReference<>(() -> {});
    ExecutorService executor =
        new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>()) {
          @Override
          public void execute(Runnable upkeep) {
            upkeep.run();
            afterUpkeep.get().run();
          }
        };
    try (Subtasks subtasks =
        Subtasks.of(Sample.backend(incremental, 1)).executor(executor).open()) {
      Set<Path> before = firstCheckpoint(subtasks);
      Sample.write(subtasks, 1);
      List<Object> expected = Sample.content(subtasks);
      Subtasks.Begun second = subtasks.snapshot(2, CheckpointType.CHECKPOINT, store.storage(2));
      Set<Path> stored = new TreeSet<>();
      afterUpkeep.set(
          () -> {
            stored.addAll(files());
            second.cancel();
          });

      assertThatThrownBy(second::finish).isInstanceOf(CancellationException.class);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(stored).hasSizeGreaterThan(before.size());
      assertThat(store.files()).isEqualTo(before);
      afterUpkeep.set(() -> {});
      store.complete(3, subtasks.snapshot(3, CheckpointType.CHECKPOINT, store.storage(3)).finish());
      try (Subtasks restored =
          Subtasks.of(Sample.backend(incremental, 1)).restoring(store.handles(3)).open()) {
        assertThat(Sample.content(restored)).isEqualTo(expected);
      }
    } finally {
      executor.shutdownNow();
    }
  }

  private Set<Path> files() {
    try {
      return store.files();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Set<Path> firstCheckpoint(Subtasks subtasks) throws Exception {
    Sample.write(subtasks, 0);
    store.complete(1, subtasks.snapshot(1, CheckpointType.CHECKPOINT, store.storage(1)).finish());
    for (AbstractKeyedStateBackend<String> backend : subtasks.backends()) {
      backend.notifyCheckpointComplete(1);
    }
    return store.files();
  }

  private void restored(boolean incremental, int threads, List<Object> expected) throws Exception {
    try (Subtasks restored =
        Subtasks.of(Sample.backend(incremental, threads)).restoring(store.handles(1)).open()) {
      assertThat(Sample.content(restored)).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void checkpointAfterAFailedOne_isGood(boolean incremental) throws Exception {
    try (Subtasks subtasks = Subtasks.of(Sample.backend(incremental, 1)).open()) {
      firstCheckpoint(subtasks);
      Sample.write(subtasks, 1);
      Subtasks.Begun failing =
          subtasks.snapshot(
              2,
              CheckpointType.CHECKPOINT,
              new FailingStorage(
                  store.storage(2),
                  3,
                  () -> {
                    throw new IOException("No space left on device");
                  }));
      assertThatThrownBy(failing::finish).hasRootCauseMessage("No space left on device");
      List<Object> expected = Sample.content(subtasks);
      store.complete(3, subtasks.snapshot(3, CheckpointType.CHECKPOINT, store.storage(3)).finish());

      assertThat(store.files()).isEqualTo(store.named());
      try (Subtasks restored =
          Subtasks.of(Sample.backend(incremental, 1)).restoring(store.handles(3)).open()) {
        assertThat(Sample.content(restored)).isEqualTo(expected);
      }
    }
  }
}
