package io.timelog.benchmarks.flink.job;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;

/** A result of a window's events in their order. */
final class OfList extends ProcessWindowFunction<Tuple3<Long, Long, Long>, Long, Long, TimeWindow> {
  private static final long serialVersionUID = 1L;

  @Override
  public void open(OpenContext context) {
    Gauge.operatorStarts();
  }

  @Override
  public void process(
      Long key, Context context, Iterable<Tuple3<Long, Long, Long>> events, Collector<Long> out) {
    long result = 31 * key + context.window().getEnd();
    for (Tuple3<Long, Long, Long> event : events) {
      result = 31 * result + event.f2;
    }
    out.collect(result);
  }

  @Override
  public void close() {
    Gauge.operatorEnds();
  }
}
