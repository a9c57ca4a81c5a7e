package io.timelog.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.MemoryBudget;
import io.timelog.testing.DirectMemory;
import java.util.stream.LongStream;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * After any random run, the direct memory of the process is what the budget says, and none is left
 * when the store is closed. Rerun one case with {@code -Dtest=ModelMemoryTest -Dseed=<seed>}.
 */
@Isolated("direct memory is that of the process")
final class ModelMemoryTest {
  private static final int SEEDS = Integer.getInteger("model.seeds", Workload.ALL.size());
  private static final long FIRST_SEED = Long.getLong("model.firstSeed", 0);
  private static final int OPERATIONS = Integer.getInteger("model.operations", 220_000) / 10;
  private static final long ALLOWANCE_BYTES = 1L << 20;

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void memoryInTheBudget_isMemoryHeld(long seed) {
    Workload workload = Workload.of(seed);
    StoreConfig config = StoreConfig.of(5 * seed, 1).get(0);
    OperationGenerator operations = new OperationGenerator(seed, workload);
    MemoryBudget budget = MemoryBudget.ofBytes(config.budgetBytes());
    long before = DirectMemory.reachableBytes();
    LockstepRun run = new LockstepRun(workload, config, budget);
    try {
      for (int i = 0; i < OPERATIONS; i++) {
        run.step(operations.next());
      }
      run.settle();

      long used = budget.usedBytes();
      assertThat(DirectMemory.reachableBytes() - before)
          .as("direct memory held: seed=%d, %s", seed, config)
          .isLessThanOrEqualTo(used + Math.max(used / 50, ALLOWANCE_BYTES));
      run.close();
    } catch (RuntimeException | Error failure) {
      run.abandon();
      throw failure;
    }
    assertThat(budget.usedBytes()).as("bytes left after close: seed=%d", seed).isZero();
    assertThat(DirectMemory.reachableBytes() - before)
        .as("direct memory after close: seed=%d, %s", seed, config)
        .isLessThanOrEqualTo(ALLOWANCE_BYTES);
  }

  static LongStream seeds() {
    String only = System.getProperty("seed");
    return only == null
        ? LongStream.range(FIRST_SEED, FIRST_SEED + SEEDS)
        : LongStream.of(Long.parseLong(only));
  }
}
