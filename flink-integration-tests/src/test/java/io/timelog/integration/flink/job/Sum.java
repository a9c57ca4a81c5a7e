package io.timelog.integration.flink.job;

import org.apache.flink.api.common.functions.AggregateFunction;

/** The sum of the values. */
final class Sum implements AggregateFunction<Reading, Long, Long> {
  private static final long serialVersionUID = 1L;

  @Override
  public Long createAccumulator() {
    return 0L;
  }

  @Override
  public Long add(Reading reading, Long sum) {
    return sum + reading.value();
  }

  @Override
  public Long getResult(Long sum) {
    return sum;
  }

  @Override
  public Long merge(Long left, Long right) {
    return left + right;
  }
}
