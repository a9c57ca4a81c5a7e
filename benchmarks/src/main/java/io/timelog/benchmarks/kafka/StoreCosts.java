package io.timelog.benchmarks.kafka;

import java.util.List;

/** All that one child JVM measured. */
public record StoreCosts(List<StoreCost> costs) {
  public StoreCosts {
    costs = List.copyOf(costs);
  }
}
