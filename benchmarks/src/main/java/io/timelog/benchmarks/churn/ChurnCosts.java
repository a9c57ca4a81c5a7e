package io.timelog.benchmarks.churn;

import java.util.List;

/** All that one child JVM measured. */
public record ChurnCosts(List<ChurnCost> costs) {
  public ChurnCosts {
    costs = List.copyOf(costs);
  }
}
