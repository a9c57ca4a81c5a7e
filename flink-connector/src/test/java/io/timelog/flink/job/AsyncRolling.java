package io.timelog.flink.job;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.v2.MapState;
import org.apache.flink.api.common.state.v2.MapStateDescriptor;
import org.apache.flink.api.common.state.v2.ValueState;
import org.apache.flink.api.common.state.v2.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** As {@link Rolling}, with asynchronous state; and for each key the number of its timers. */
final class AsyncRolling extends KeyedProcessFunction<Integer, Event, String> {
  private static final long serialVersionUID = 1L;

  private transient MapState<Long, Long> sums;
  private transient ValueState<Long> fired;

  @Override
  public void open(OpenContext context) {
    MapStateDescriptor<Long, Long> sumsOf =
        new MapStateDescriptor<>("sums", LongSerializer.INSTANCE, LongSerializer.INSTANCE);
    sumsOf.enableTimeToLive(StateTtlConfig.newBuilder(Duration.ofDays(1)).build());
    sums = getRuntimeContext().getMapState(sumsOf);
    fired =
        getRuntimeContext().getState(new ValueStateDescriptor<>("fired", LongSerializer.INSTANCE));
  }

  @Override
  public void processElement(Event event, Context context, Collector<String> out) {
    long time = event.time;
    long value = event.value;
    sums.asyncGet(time)
        .thenCompose(before -> sums.asyncPut(time, before == null ? value : before + value))
        .thenAccept(done -> context.timerService().registerEventTimeTimer(time + 300));
  }

  @Override
  public void onTimer(long timestamp, OnTimerContext context, Collector<String> out) {
    int key = context.getCurrentKey();
    List<Long> inTime = new ArrayList<>();
    List<Long> past = new ArrayList<>();
    sums.asyncEntries()
        .thenCompose(
            entries ->
                entries.onNext(
                    entry -> {
                      if (entry.getKey() <= timestamp - 300) {
                        past.add(entry.getKey());
                      } else if (entry.getKey() <= timestamp) {
                        inTime.add(entry.getValue());
                      }
                    }))
        .thenAccept(done -> past.forEach(sums::asyncRemove))
        .thenCompose(done -> fired.asyncValue())
        .thenCompose(
            before -> {
              long number = before == null ? 1 : before + 1;
              long sum = inTime.stream().mapToLong(Long::longValue).sum();
              out.collect(key + " " + timestamp + " " + sum + " " + number);
              return fired.asyncUpdate(number);
            });
  }
}
