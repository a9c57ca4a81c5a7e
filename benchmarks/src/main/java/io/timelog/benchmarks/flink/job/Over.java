package io.timelog.benchmarks.flink.job;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.ListSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * The accesses to state of Flink's own operator for {@code SUM(..) OVER (.. RANGE BETWEEN ..
 * PRECEDING AND CURRENT ROW)} in event time, one by one: rows wait in a map of times to lists for
 * their time to come; then they are added to a sum, from which those that have left the range are
 * taken away.
 */
final class Over extends KeyedProcessFunction<Long, Tuple3<Long, Long, Long>, Long> {
  private static final long serialVersionUID = 1L;

  private final long rangeMillis;
  private transient ValueState<Long> lastTriggering;
  private transient ValueState<Long> sum;
  private transient MapState<Long, List<Long>> rows;
  private transient ValueState<Long> cleanup;

  Over(Duration range) {
    rangeMillis = range.toMillis();
  }

  @Override
  public void open(OpenContext context) {
    lastTriggering = value("lastTriggering");
    sum = value("sum");
    rows =
        getRuntimeContext()
            .getMapState(
                new MapStateDescriptor<>(
                    "rows",
                    LongSerializer.INSTANCE,
                    new ListSerializer<>(LongSerializer.INSTANCE)));
    cleanup = value("cleanup");
    Gauge.operatorStarts();
  }

  private ValueState<Long> value(String name) {
    return getRuntimeContext().getState(new ValueStateDescriptor<>(name, LongSerializer.INSTANCE));
  }

  @Override
  public void processElement(Tuple3<Long, Long, Long> event, Context context, Collector<Long> out)
      throws Exception {
    long time = event.f1;
    Long last = lastTriggering.value();
    if (last != null && time <= last) {
      return;
    }
    List<Long> waiting = rows.get(time);
    if (waiting == null) {
      List<Long> first = new ArrayList<>();
      first.add(event.f2);
      rows.put(time, first);
      context.timerService().registerEventTimeTimer(time);
    } else {
      waiting.add(event.f2);
      rows.put(time, waiting);
    }
    registerCleanup(context, time);
  }

  private void registerCleanup(Context context, long time) throws Exception {
    Long registered = cleanup.value();
    if (registered == null || registered < time + rangeMillis + 1) {
      long at = time + rangeMillis * 3 / 2 + 1;
      context.timerService().registerEventTimeTimer(at);
      cleanup.update(at);
    }
  }

  @Override
  public void onTimer(long timestamp, OnTimerContext context, Collector<Long> out)
      throws Exception {
    Long cleanupTime = cleanup.value();
    if (cleanupTime != null && cleanupTime <= timestamp) {
      rows.clear();
      sum.clear();
      lastTriggering.clear();
      cleanup.clear();
      return;
    }
    List<Long> due = rows.get(timestamp);
    if (due == null) {
      return;
    }
    Long before = sum.value();
    long now = before == null ? 0 : before;
    List<Long> left = new ArrayList<>();
    for (Map.Entry<Long, List<Long>> entry : rows.entries()) {
      if (timestamp - entry.getKey() > rangeMillis) {
        for (long value : entry.getValue()) {
          now -= value;
        }
        left.add(entry.getKey());
      }
    }
    for (long value : due) {
      now += value;
      out.collect(31 * (31 * context.getCurrentKey() + timestamp) + now);
    }
    for (long time : left) {
      rows.remove(time);
    }
    sum.update(now);
    lastTriggering.update(timestamp);
  }

  @Override
  public void close() {
    Gauge.operatorEnds();
  }
}
