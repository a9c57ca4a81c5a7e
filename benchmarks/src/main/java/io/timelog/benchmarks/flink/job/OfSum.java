package io.timelog.benchmarks.flink.job;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;

/** A result of a window's sum. */
final class OfSum extends ProcessWindowFunction<Long, Long, Long, TimeWindow> {
  private static final long serialVersionUID = 1L;

  @Override
  public void open(OpenContext context) {
    Gauge.operatorStarts();
  }

  @Override
  public void process(Long key, Context context, Iterable<Long> sums, Collector<Long> out) {
    for (long sum : sums) {
      out.collect(31 * (31 * key + context.window().getEnd()) + sum);
    }
  }

  @Override
  public void close() {
    Gauge.operatorEnds();
  }
}
