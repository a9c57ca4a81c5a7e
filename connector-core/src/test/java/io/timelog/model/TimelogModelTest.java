package io.timelog.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every read of a store equals the same read of plain sorted sets that saw the same operations,
 * whatever the settings of the store and whenever it flushes and compacts.
 *
 * <p>A seed names a workload, the settings of the stores that run it side by side, and every
 * operation. Rerun one of them with {@code -Dtest=TimelogModelTest -Dseed=<seed>}; run many more
 * and longer ones with {@code -Psoak}. A failure tells the last operations and the shortest list of
 * operations found that fails as well.
 */
@Execution(ExecutionMode.CONCURRENT)
final class TimelogModelTest {
  private static final int SEEDS = Integer.getInteger("model.seeds", 2 * Workload.ALL.size());
  private static final long FIRST_SEED = Long.getLong("model.firstSeed", 0);
  private static final int OPERATIONS = Integer.getInteger("model.operations", 25_000);
  private static final int STORES = 4;
  private static final long SHRINK_BUDGET = 8_000_000;
  private static final int PRINTED = 80;
  private static final long TIGHT_BUDGET_BYTES = 3L << 20;

  @ParameterizedTest(name = "seed {0}, {1}")
  @MethodSource("seeds")
  void everyRead_equalsTheReadOfASortedMap(long seed, Workload workload) {
    run(seed, workload, StoreConfig.of(seed, STORES), OPERATIONS);
  }

  @ParameterizedTest(name = "seed {0}, {1}")
  @MethodSource("seeds")
  void writeThatTheBudgetRefuses_changesNothing(long seed, Workload workload) {
    StoreConfig config = StoreConfig.of(seed, 1).get(0).withBudgetBytes(TIGHT_BUDGET_BYTES);

    run(seed, workload, List.of(config), OPERATIONS / 4);
  }

  @ParameterizedTest(name = "seed {0}, {1}")
  @MethodSource("seeds")
  void listenersThatThrow_changeNothing(long seed, Workload workload) {
    StoreConfig config = StoreConfig.of(seed + 1, 1).get(0).withThrowingListeners();

    run(seed, workload, List.of(config), OPERATIONS / 8);
  }

  static Stream<Arguments> seeds() {
    String only = System.getProperty("seed");
    LongStream seeds =
        only == null
            ? LongStream.range(FIRST_SEED, FIRST_SEED + SEEDS)
            : LongStream.of(Long.parseLong(only));
    return seeds.mapToObj(seed -> Arguments.of(seed, Workload.of(seed)));
  }

  private static void run(long seed, Workload workload, List<StoreConfig> configs, int operations) {
    OperationGenerator generator = new OperationGenerator(seed, workload);
    LockstepRun run = new LockstepRun(workload, configs);
    try {
      for (int i = 0; i < operations; i++) {
        run.step(generator.next());
      }
      run.close();
    } catch (Throwable failure) {
      String story = story(seed, workload, configs, run);
      try {
        run.abandon();
      } catch (RuntimeException | Error e) {
        failure.addSuppressed(e);
      }
      throw new AssertionError(story, failure);
    }
    assertThat(run.steps()).isGreaterThan(run.refusals());
  }

  private static String story(
      long seed, Workload workload, List<StoreConfig> configs, LockstepRun run) {
    StringBuilder story = new StringBuilder();
    story.append("Store and model disagree: seed=").append(seed);
    story.append(", workload=").append(workload);
    story.append(", step=").append(run.steps());
    StoreConfig culprit = run.culprit();
    story.append("\n  store: ").append(culprit == null ? configs : culprit);
    story.append("\n  tables:");
    workload.tables().forEach(table -> story.append("\n    ").append(table));
    story.append("\n  last operations:").append(lines(run.last()));
    if (culprit != null && run.steps() < Integer.MAX_VALUE) {
      story.append(shrunk(seed, workload, culprit, (int) run.steps()));
    }
    return story.append('\n').toString();
  }

  private static String shrunk(long seed, Workload workload, StoreConfig culprit, int steps) {
    OperationGenerator generator = new OperationGenerator(seed, workload);
    List<Operation> operations = new ArrayList<>(steps);
    for (int i = 0; i < steps; i++) {
      operations.add(generator.next());
    }
    List<Operation> shortest =
        new Shrinker(list -> failure(workload, culprit, list) != null, SHRINK_BUDGET)
            .shrink(operations);
    if (shortest.isEmpty()) {
      return "\n  this store alone does not fail when it does the same again";
    }
    return "\n  "
        + shortest.size()
        + " operations are enough for this store to fail:"
        + lines(shortest.subList(0, Math.min(PRINTED, shortest.size())))
        + "\n  with: "
        + failure(workload, culprit, shortest);
  }

  private static @Nullable Throwable failure(
      Workload workload, StoreConfig config, List<Operation> operations) {
    LockstepRun run = new LockstepRun(workload, List.of(config));
    try {
      operations.forEach(run::step);
      run.close();
      return null;
    } catch (RuntimeException | Error failure) {
      try {
        run.abandon();
      } catch (RuntimeException | Error e) {
        failure.addSuppressed(e);
      }
      return failure;
    }
  }

  private static String lines(List<Operation> operations) {
    return operations.stream().map(operation -> "\n    " + operation).collect(Collectors.joining());
  }
}
