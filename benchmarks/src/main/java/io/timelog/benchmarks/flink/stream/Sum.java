package io.timelog.benchmarks.flink.stream;

import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.java.tuple.Tuple3;

/** The sum of the numbers of events. */
final class Sum implements AggregateFunction<Tuple3<Long, Long, Long>, Long, Long> {
  private static final long serialVersionUID = 1L;

  @Override
  public Long createAccumulator() {
    return 0L;
  }

  @Override
  public Long add(Tuple3<Long, Long, Long> event, Long sum) {
    return sum + event.f2;
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
