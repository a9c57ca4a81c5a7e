package io.timelog.benchmarks.flink.job;

import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * At each event the sum of a range behind it, of which a map has a sum for each second. What is out
 * of range for all that may come is removed by a timer.
 */
final class Rolling extends KeyedProcessFunction<Long, Tuple3<Long, Long, Long>, Long> {
  private static final long serialVersionUID = 1L;

  private static final long SECOND = 1_000;

  private final long rangeMillis;
  private transient MapState<Long, Long> sums;

  Rolling(Duration range) {
    rangeMillis = range.toMillis();
  }

  @Override
  public void open(OpenContext context) {
    sums =
        getRuntimeContext()
            .getMapState(
                new MapStateDescriptor<>("sums", LongSerializer.INSTANCE, LongSerializer.INSTANCE));
    Gauge.operatorStarts();
  }

  @Override
  public void processElement(Tuple3<Long, Long, Long> event, Context context, Collector<Long> out)
      throws Exception {
    long second = event.f1 / SECOND * SECOND;
    Long before = sums.get(second);
    sums.put(second, before == null ? event.f2 : before + event.f2);
    long sum = 0;
    for (Map.Entry<Long, Long> entry : sums.entries()) {
      if (entry.getKey() > second - rangeMillis && entry.getKey() <= second) {
        sum += entry.getValue();
      }
    }
    out.collect(31 * event.f0 + sum);
    context
        .timerService()
        .registerEventTimeTimer(second + rangeMillis + Events.OUT_OF_ORDER_MILLIS + SECOND);
  }

  @Override
  public void onTimer(long timestamp, OnTimerContext context, Collector<Long> out)
      throws Exception {
    Iterator<Map.Entry<Long, Long>> entries = sums.iterator();
    while (entries.hasNext()) {
      if (entries.next().getKey()
          <= timestamp - rangeMillis - Events.OUT_OF_ORDER_MILLIS - SECOND) {
        entries.remove();
      }
    }
  }

  @Override
  public void close() {
    Gauge.operatorEnds();
  }
}
