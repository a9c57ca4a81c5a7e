package io.timelog.flink.job;

import java.util.Iterator;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** At each event the sum of the last 300 milliseconds of its key, which are kept in a map. */
final class Rolling extends KeyedProcessFunction<Integer, Event, String> {
  private static final long serialVersionUID = 1L;

  private transient MapState<Long, Long> sums;

  @Override
  public void open(OpenContext context) {
    sums =
        getRuntimeContext()
            .getMapState(
                new MapStateDescriptor<>("sums", LongSerializer.INSTANCE, LongSerializer.INSTANCE));
  }

  @Override
  public void processElement(Event event, Context context, Collector<String> out) throws Exception {
    Long before = sums.get(event.time);
    sums.put(event.time, before == null ? event.value : before + event.value);
    context.timerService().registerEventTimeTimer(event.time + 300);
  }

  @Override
  public void onTimer(long timestamp, OnTimerContext context, Collector<String> out)
      throws Exception {
    long total = 0;
    Iterator<Map.Entry<Long, Long>> entries = sums.iterator();
    while (entries.hasNext()) {
      Map.Entry<Long, Long> entry = entries.next();
      if (entry.getKey() <= timestamp - 300) {
        entries.remove();
      } else if (entry.getKey() <= timestamp) {
        total += entry.getValue();
      }
    }
    out.collect(context.getCurrentKey() + " " + timestamp + " " + total);
  }
}
