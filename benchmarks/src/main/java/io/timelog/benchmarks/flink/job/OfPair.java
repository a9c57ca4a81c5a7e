package io.timelog.benchmarks.flink.job;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.streaming.api.functions.co.ProcessJoinFunction;
import org.apache.flink.util.Collector;

/** A result of each pair. */
final class OfPair
    extends ProcessJoinFunction<Tuple3<Long, Long, Long>, Tuple3<Long, Long, Long>, Long> {
  private static final long serialVersionUID = 1L;

  @Override
  public void open(OpenContext context) {
    Gauge.operatorStarts();
  }

  @Override
  public void processElement(
      Tuple3<Long, Long, Long> left,
      Tuple3<Long, Long, Long> right,
      Context context,
      Collector<Long> out) {
    out.collect(31 * left.f2 + right.f2);
  }

  @Override
  public void close() {
    Gauge.operatorEnds();
  }
}
