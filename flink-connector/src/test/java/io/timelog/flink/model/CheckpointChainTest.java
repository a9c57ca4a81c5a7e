package io.timelog.flink.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.flink.TimelogOptions;
import io.timelog.flink.TimelogStateBackend;
import io.timelog.flink.TimerService;
import io.timelog.flink.fixture.Backends;
import io.timelog.flink.fixture.CheckpointStore;
import io.timelog.flink.fixture.LocalFiles;
import io.timelog.flink.fixture.Subtasks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.CheckpointType;
import org.apache.flink.runtime.checkpoint.SavepointType;
import org.apache.flink.runtime.checkpoint.SnapshotType;
import org.apache.flink.runtime.state.AbstractKeyedStateBackend;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.PlaceholderStreamStateHandle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Chains of checkpoints that are written in any order, given up, completed and dropped, with and
 * without the tasks hearing of it, while a model of the job manager deletes every file as soon as
 * no retained checkpoint names it; and restores of any retained one, with any parallelism. Flink's
 * heap backend, beside ours, says what has to be in each. Rerun one case with {@code
 * -Dseed=<seed>}.
 */
final class CheckpointChainTest {
  private static final long MEMORY_BYTES = 2 << 20;
  private static final int OPERATIONS = Integer.getInteger("model.operations", 3_000);
  private static final int[] PARALLELISMS = {1, 2, 4, 3};

  @TempDir private Path folder;

  static Stream<Arguments> cases() {
    Long only = Long.getLong("seed");
    List<Long> seeds = only == null ? List.of(1L, 2L, 3L, 4L) : List.of(only);
    return seeds.stream()
        .flatMap(seed -> Stream.of(Arguments.of(seed, true), Arguments.of(seed, false)));
  }

  @ParameterizedTest(name = "seed {0}, incremental {1}")
  @MethodSource("cases")
  void retainedCheckpoints_canAllBeRestored(long seed, boolean incremental) throws Exception {
    Random random = new Random(seed);
    try (SideBySide pair =
        new SideBySide(
            random, 5, random.nextBoolean() ? 16 : 300, () -> backend(incremental, random))) {
      pair.start(1, List.of(), List.of());
      check(pair, random, OPERATIONS, incremental);
    }
  }

  /** Each has more than the memory holds, of which most was stored before. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = 1)
  void retainedCheckpointsOfALargeState_canAllBeRestored(long seed) throws Exception {
    Path local = Files.createDirectory(folder.resolve("local"));
    Random random = new Random(seed);
    try (SideBySide pair =
        new SideBySide(random, 70, 16, () -> Backends.spilling(MEMORY_BYTES, local))) {
      pair.start(1, List.of(), List.of());
      pair.fill("x".repeat(1_000));
      assertThat(LocalFiles.bytes(local)).isGreaterThan(3 * MEMORY_BYTES);
      check(pair, random, OPERATIONS / 8, true);
    }
    assertThat(local).isEmptyDirectory();
  }

  private void check(SideBySide pair, Random random, int operations, boolean incremental)
      throws Exception {
    Chain chain =
        new Chain(
            pair, random, new CheckpointStore(folder.resolve("storage"), 1 + random.nextInt(3)));
    for (int i = 0; i < operations; i++) {
      chain.step();
    }
    pair.compareAll();
    chain.restoreAll();
    chain.giveUpTheRest();
    assertThat(chain.store.files())
        .as("files of checkpoints that are not there any more")
        .isEqualTo(chain.store.named());
    if (incremental) {
      assertThat(chain.reusing).as("checkpoints that reused files").isPositive();
    }
  }

  /** One whose timers may be elsewhere than those of the snapshot that it starts from. */
  private static TimelogStateBackend backend(boolean incremental, Random random) {
    Configuration configuration = new Configuration();
    configuration.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, incremental);
    configuration.set(
        TimelogOptions.TIMER_SERVICE_FACTORY, States.any(random, TimerService.values()));
    return Backends.configured(configuration);
  }

  /** A snapshot of both backends that was begun. */
  private record Pending(
      long id, boolean checkpoint, Subtasks.Begun ofTimelog, Subtasks.Begun ofHeap) {}

  /** One that was written. */
  private record Written(
      long id, List<KeyedStateHandle> ofTimelog, List<KeyedStateHandle> ofHeap) {}

  private static final class Chain {
    private final SideBySide pair;
    private final Random random;
    private final CheckpointStore store;
    private final List<Pending> pending = new ArrayList<>();
    private final List<Written> written = new ArrayList<>();
    private final Map<Long, List<KeyedStateHandle>> ofHeap = new HashMap<>();
    private long ids;
    private long completed;
    private int reusing;
    private int restarts;

    Chain(SideBySide pair, Random random, CheckpointStore store) {
      this.pair = pair;
      this.random = random;
      this.store = store;
    }

    void step() throws Exception {
      switch (random.nextInt(300)) {
        case 0, 1, 2, 3, 4, 5 -> begin();
        case 6, 7, 8, 9, 10, 11 -> write();
        case 12, 13, 14, 15, 16 -> complete();
        case 17 -> abort();
        case 18 -> restart();
        default -> pair.act();
      }
    }

    private void begin() throws Exception {
      if (pending.size() > 2) {
        return;
      }
      long id = ++ids;
      SnapshotType type =
          switch (random.nextInt(8)) {
            case 0 -> SavepointType.savepoint(SavepointFormatType.NATIVE);
            case 1 -> CheckpointType.FULL_CHECKPOINT;
            default -> CheckpointType.CHECKPOINT;
          };
      pending.add(
          new Pending(
              id,
              !type.isSavepoint(),
              pair.timelog().snapshot(id, type, store.storage(id)),
              pair.heap().savepoint(id)));
    }

    /** The tasks of a checkpoint may finish in any order, and checkpoints, too. */
    private void write() throws Exception {
      if (pending.isEmpty()) {
        return;
      }
      Pending next = pending.remove(random.nextInt(pending.size()));
      List<KeyedStateHandle> handles = next.ofTimelog.finish();
      List<KeyedStateHandle> expected = next.ofHeap.finish();
      if (next.checkpoint) {
        reusing += handles.stream().anyMatch(Chain::reuses) ? 1 : 0;
        written.add(new Written(next.id, handles, expected));
      } else {
        restore(handles, expected);
        CheckpointStore.discard(handles);
      }
    }

    private static boolean reuses(KeyedStateHandle handle) {
      return ((IncrementalRemoteKeyedStateHandle) handle)
          .streamSubHandles()
          .anyMatch(PlaceholderStreamStateHandle.class::isInstance);
    }

    /** Completes one, which gives up all before it. The tasks may hear of it, or not. */
    private void complete() throws Exception {
      if (written.isEmpty()) {
        return;
      }
      Written next = written.remove(random.nextInt(written.size()));
      for (Written older : List.copyOf(written)) {
        if (older.id < next.id) {
          written.remove(older);
          give(older);
        }
      }
      for (Pending older : List.copyOf(pending)) {
        if (older.checkpoint && older.id < next.id) {
          pending.remove(older);
          cancel(older);
        }
      }
      OptionalLong dropped = store.complete(next.id, next.ofTimelog);
      completed = next.id;
      ofHeap.put(next.id, next.ofHeap);
      if (random.nextInt(5) > 0) {
        for (AbstractKeyedStateBackend<String> backend : pair.timelog().backends()) {
          backend.notifyCheckpointComplete(next.id);
          if (dropped.isPresent() && random.nextBoolean()) {
            backend.notifyCheckpointSubsumed(dropped.getAsLong());
          }
        }
      }
    }

    private void cancel(Pending begun) throws Exception {
      if (random.nextBoolean()) {
        begun.ofTimelog.cancel();
      } else {
        CheckpointStore.discard(begun.ofTimelog.finish());
      }
      begun.ofHeap.cancel();
    }

    private void abort() throws Exception {
      if (!written.isEmpty()) {
        give(written.remove(random.nextInt(written.size())));
      }
    }

    private void give(Written up) throws Exception {
      CheckpointStore.discard(up.ofTimelog);
      for (AbstractKeyedStateBackend<String> backend : pair.timelog().backends()) {
        if (random.nextInt(5) > 0) {
          backend.notifyCheckpointAborted(up.id);
        }
      }
    }

    private void restore(List<KeyedStateHandle> timelog, List<KeyedStateHandle> heap)
        throws Exception {
      try (SideBySide restored = pair.another()) {
        restored.start(1 + random.nextInt(4), timelog, heap);
        restored.compareAll();
      }
    }

    void restoreAll() throws Exception {
      for (long id : store.checkpoints()) {
        restore(store.handles(id), ofHeap.get(id));
      }
    }

    void giveUpTheRest() throws Exception {
      for (Pending begun : pending) {
        cancel(begun);
      }
      pending.clear();
      for (Written left : written) {
        CheckpointStore.discard(left.ofTimelog);
      }
      written.clear();
    }

    /** Fails, and starts again from the last checkpoint. */
    private void restart() throws Exception {
      restoreAll();
      if (completed == 0) {
        return;
      }
      giveUpTheRest();
      pair.close();
      // The same parallelism as often as another, because then files are gone on with.
      restarts += random.nextBoolean() ? 1 : 0;
      pair.start(
          PARALLELISMS[restarts % PARALLELISMS.length],
          store.restartFrom(completed),
          ofHeap.get(completed));
      pair.compareAll();
    }
  }
}
