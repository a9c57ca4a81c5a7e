package io.timelog.benchmarks.flink.timer;

import java.util.List;

/** All that one child JVM weighed. */
public record TimerCosts(List<TimerCost> costs) {
  public TimerCosts {
    costs = List.copyOf(costs);
  }
}
