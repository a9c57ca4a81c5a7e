package io.timelog.flink.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.flink.TimelogStateBackend;
import io.timelog.flink.fixture.Backends;
import io.timelog.flink.fixture.LocalFiles;
import io.timelog.flink.fixture.Subtasks;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random operations on all kinds of state, in all kinds of namespaces, on our backend and on
 * Flink's heap backend, through snapshots, restores of each other's savepoints, and rescaling.
 * Rerun one case with {@code -Dseed=<seed>}.
 */
final class BackendModelTest {
  private static final long MEMORY_BYTES = 4 << 20;
  private static final int OPERATIONS = Integer.getInteger("model.operations", 20_000);

  static LongStream seeds() {
    Long seed = Long.getLong("seed");
    return seed == null ? LongStream.rangeClosed(1, 6) : LongStream.of(seed);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void backend_answersAsTheHeapBackendDoes(long seed) throws Exception {
    Random random = new Random(seed);
    try (SideBySide pair =
        new SideBySide(random, 5, random.nextBoolean() ? 16 : 300, TimelogStateBackend::new)) {
      pair.start(1, List.of(), List.of());
      run(pair, random, OPERATIONS);
    }
  }

  /** Five times as much as the memory holds, in states of all kinds. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2})
  void backendWithLittleMemory_answersAsTheHeapBackendDoes(long seed, @TempDir Path folder)
      throws Exception {
    Random random = new Random(seed);
    try (SideBySide pair =
        new SideBySide(random, 150, 16, () -> Backends.spilling(MEMORY_BYTES, folder))) {
      pair.start(1, List.of(), List.of());
      pair.fill("x".repeat(1_000));
      assertThat(LocalFiles.bytes(folder)).isGreaterThan(5 * MEMORY_BYTES);
      run(pair, random, OPERATIONS / 10);
    }
    assertThat(folder).isEmptyDirectory();
  }

  private static void run(SideBySide pair, Random random, int operations) throws Exception {
    Run run = new Run(pair, random);
    for (int i = 0; i < operations; i++) {
      run.step();
    }
    pair.compareAll();
  }

  /** Both backends, and what was begun on them. */
  private static final class Run {
    private final SideBySide pair;
    private final Random random;
    private long snapshots;

    Run(SideBySide pair, Random random) {
      this.pair = pair;
      this.random = random;
    }

    void step() throws Exception {
      int what = random.nextInt(2_000);
      if (what == 0) {
        restart();
      } else if (what < 5) {
        pair.compareAll();
      } else {
        pair.act();
      }
    }

    /** Takes snapshots, goes on while they are read, and starts again from them. */
    private void restart() throws Exception {
      boolean nativeFormat = random.nextInt(3) == 0;
      long id = ++snapshots;
      Subtasks.Begun ofTimelog =
          nativeFormat ? pair.timelog().checkpoint(id) : pair.timelog().savepoint(id);
      Subtasks.Begun ofHeap = pair.heap().savepoint(id);
      for (int i = random.nextInt(200); i > 0; i--) {
        pair.act();
      }
      List<KeyedStateHandle> timelogHandles = ofTimelog.finish();
      List<KeyedStateHandle> heapHandles = ofHeap.finish();
      pair.close();
      int parallelism = 1 + random.nextInt(4);
      if (!nativeFormat && random.nextBoolean()) {
        pair.start(parallelism, heapHandles, timelogHandles);
      } else {
        pair.start(parallelism, timelogHandles, heapHandles);
      }
      pair.compareAll();
    }
  }
}
