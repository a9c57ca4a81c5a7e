package io.timelog.benchmarks.kafka.query;

import java.util.List;

/** All that one child JVM weighed. */
public record QueryCosts(List<QueryCost> costs) {
  public QueryCosts {
    costs = List.copyOf(costs);
  }
}
