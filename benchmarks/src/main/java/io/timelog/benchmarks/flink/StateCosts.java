package io.timelog.benchmarks.flink;

import java.util.List;

/** All that one child JVM weighed. */
public record StateCosts(List<StateCost> costs) {
  public StateCosts {
    costs = List.copyOf(costs);
  }
}
