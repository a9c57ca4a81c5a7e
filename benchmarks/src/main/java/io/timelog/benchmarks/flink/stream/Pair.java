package io.timelog.benchmarks.flink.stream;

import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.streaming.api.functions.co.ProcessJoinFunction;
import org.apache.flink.util.Collector;

/** A number of each pair. */
final class Pair
    extends ProcessJoinFunction<Tuple3<Long, Long, Long>, Tuple3<Long, Long, Long>, Long> {
  private static final long serialVersionUID = 1L;

  @Override
  public void processElement(
      Tuple3<Long, Long, Long> left,
      Tuple3<Long, Long, Long> right,
      Context context,
      Collector<Long> out) {
    out.collect(31 * left.f2 + right.f2);
  }
}
