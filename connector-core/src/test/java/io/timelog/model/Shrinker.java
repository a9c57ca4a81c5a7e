package io.timelog.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Leaves out operations for as long as a failure stays: halves first, then quarters, down to single
 * ones. Gives up improving when too many operations were replayed.
 */
final class Shrinker {
  private final Predicate<List<Operation>> fails;
  private long budget;

  /**
   * @param fails whether a fresh run of these operations fails
   * @param budget how many operations may be replayed in all
   */
  Shrinker(Predicate<List<Operation>> fails, long budget) {
    this.fails = fails;
    this.budget = budget;
  }

  /**
   * The shortest failing list that was found, or an empty one if {@code operations} do not fail.
   */
  List<Operation> shrink(List<Operation> operations) {
    if (!fail(operations)) {
      return List.of();
    }
    List<Operation> best = operations;
    for (int chunk = (best.size() + 1) / 2; chunk >= 1 && budget > 0; chunk /= 2) {
      best = without(best, chunk);
    }
    return best;
  }

  /** Leaves out every run of {@code chunk} operations that the failure does not need. */
  private List<Operation> without(List<Operation> operations, int chunk) {
    List<Operation> best = operations;
    // From the end, so that a cut does not move the runs that are still to be tried.
    for (int start = (best.size() - 1) / chunk * chunk; start >= 0 && budget > 0; start -= chunk) {
      List<Operation> candidate = new ArrayList<>(best);
      candidate.subList(start, Math.min(start + chunk, best.size())).clear();
      if (fail(candidate)) {
        best = candidate;
      }
    }
    return best;
  }

  private boolean fail(List<Operation> operations) {
    budget -= operations.size() + 1;
    return fails.test(operations);
  }
}
