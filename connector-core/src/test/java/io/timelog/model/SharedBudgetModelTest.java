package io.timelog.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.MemoryBudget;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Several stores that share one budget, each compared with a model of its own: however short memory
 * is, none shows what it should not, none refuses a delete, and all of it comes back. Each store is
 * at work for a while and then idle. Rerun one case with {@code -Dtest=SharedBudgetModelTest
 * -Dseed=<seed>}.
 */
@Execution(ExecutionMode.CONCURRENT)
final class SharedBudgetModelTest {
  private static final int SEEDS = Integer.getInteger("model.seeds", 12);
  private static final long FIRST_SEED = Long.getLong("model.firstSeed", 0);
  private static final int OPERATIONS = Integer.getInteger("model.operations", 220_000) / 4;
  private static final int STORES = 4;
  private static final int LONGEST_TURN = 3_000;
  private static final long BUDGET_BYTES = 8L << 20;

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void storesOfOneBudget_equalTheirModels_andGiveEverythingBack(long seed) {
    MemoryBudget budget = MemoryBudget.ofBytes(BUDGET_BYTES);
    SplittableRandom random = new SplittableRandom(seed);
    List<Worker> workers = new ArrayList<>();
    for (int i = 0; i < STORES; i++) {
      workers.add(new Worker(STORES * seed + i, budget));
    }
    Worker atWork = workers.get(0);
    int done = 0;
    try {
      while (done < OPERATIONS) {
        atWork = workers.get(random.nextInt(STORES));
        for (int turn = random.nextInt(LONGEST_TURN); turn > 0; turn--) {
          atWork.run.step(atWork.operations.next());
          done++;
        }
      }
      for (Worker worker : workers) {
        atWork = worker;
        worker.run.close();
      }
    } catch (RuntimeException | Error failure) {
      String story = atWork.story(seed, done);
      workers.forEach(worker -> worker.abandon(failure));
      throw new AssertionError(story, failure);
    }
    assertThat(budget.usedBytes()).as("bytes left after close, seed=%d", seed).isZero();
  }

  static LongStream seeds() {
    String only = System.getProperty("seed");
    return only == null
        ? LongStream.range(FIRST_SEED, FIRST_SEED + SEEDS)
        : LongStream.of(Long.parseLong(only));
  }

  /** One store, its model and what is done with both. */
  private static final class Worker {
    private final Workload workload;
    private final StoreConfig config;
    private final OperationGenerator operations;
    private final LockstepRun run;

    Worker(long seed, MemoryBudget budget) {
      workload = Workload.of(seed);
      // To the store the budget is tight, as others have most of it.
      config = StoreConfig.of(seed, 1).get(0).withBudgetBytes(BUDGET_BYTES);
      operations = new OperationGenerator(seed, workload);
      run = new LockstepRun(workload, config, budget);
    }

    String story(long seed, int done) {
      StringBuilder story = new StringBuilder("Store and model disagree: seed=").append(seed);
      story.append(", step=").append(done);
      story.append(", workload=").append(workload).append("\n  store: ").append(config);
      story.append("\n  last operations of the store:");
      run.last().forEach(operation -> story.append("\n    ").append(operation));
      return story.append('\n').toString();
    }

    void abandon(Throwable failure) {
      try {
        run.abandon();
      } catch (RuntimeException | Error e) {
        failure.addSuppressed(e);
      }
    }
  }
}
