package io.timelog.benchmarks.flink.stream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * A rolling sum as it is written by hand: a map of times to sums, which is gone through at each
 * event. Cheap as far as that goes: the sums are numbers and not events, and a timer cleans up once
 * in a minute.
 */
final class MapRolling
    extends KeyedProcessFunction<
        Long, Tuple3<Long, Long, Long>, Tuple2<Tuple3<Long, Long, Long>, Long>> {
  private static final long serialVersionUID = 1L;

  private static final long MINUTE = Duration.ofMinutes(1).toMillis();

  private final long rangeMillis;
  private transient MapState<Long, Long> sums;

  MapRolling(Duration range) {
    rangeMillis = range.toMillis();
  }

  @Override
  public void open(OpenContext context) {
    sums =
        getRuntimeContext().getMapState(new MapStateDescriptor<>("sums", Types.LONG, Types.LONG));
  }

  @Override
  public void processElement(
      Tuple3<Long, Long, Long> event,
      Context context,
      Collector<Tuple2<Tuple3<Long, Long, Long>, Long>> out)
      throws Exception {
    long time = event.f1;
    Long before = sums.get(time);
    sums.put(time, before == null ? event.f2 : before + event.f2);
    long sum = 0;
    for (Map.Entry<Long, Long> entry : sums.entries()) {
      long at = entry.getKey();
      if (at > time - rangeMillis && at <= time) {
        sum += entry.getValue();
      }
    }
    out.collect(Tuple2.of(event, sum));
    context
        .timerService()
        .registerEventTimeTimer(Math.floorDiv(time + rangeMillis, MINUTE) * MINUTE + MINUTE);
  }

  @Override
  public void onTimer(
      long timestamp, OnTimerContext context, Collector<Tuple2<Tuple3<Long, Long, Long>, Long>> out)
      throws Exception {
    List<Long> old = new ArrayList<>();
    for (Long time : sums.keys()) {
      if (time <= timestamp - rangeMillis) {
        old.add(time);
      }
    }
    for (Long time : old) {
      sums.remove(time);
    }
  }
}
