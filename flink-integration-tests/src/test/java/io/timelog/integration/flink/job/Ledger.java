package io.timelog.integration.flink.job;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.AggregatingState;
import org.apache.flink.api.common.state.AggregatingStateDescriptor;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ReducingState;
import org.apache.flink.api.common.state.ReducingStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.ListSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Keeps the books on each sensor in state of every kind, and tells a checksum of all of them at
 * each reading. What is a second old is told and removed when its timer fires.
 */
final class Ledger extends KeyedProcessFunction<String, Reading, String> {
  private static final long serialVersionUID = 1L;

  private static final long SECOND_MILLIS = 1_000;
  private static final int RECENT_AT_MOST = 12;

  private transient ValueState<Long> count;
  private transient ListState<Long> recent;
  private transient MapState<Long, List<Long>> valuesByTime;
  private transient MapState<String, Long> sumsByDigit;
  private transient ReducingState<Long> largest;
  private transient AggregatingState<Long, Long> mixed;

  @Override
  public void open(OpenContext context) {
    LongSerializer longs = LongSerializer.INSTANCE;
    count = getRuntimeContext().getState(new ValueStateDescriptor<>("count", longs));
    recent = getRuntimeContext().getListState(new ListStateDescriptor<>("recent", longs));
    valuesByTime =
        getRuntimeContext()
            .getMapState(
                new MapStateDescriptor<>("values by time", longs, new ListSerializer<>(longs)));
    sumsByDigit =
        getRuntimeContext()
            .getMapState(
                new MapStateDescriptor<>("sums by digit", StringSerializer.INSTANCE, longs));
    largest =
        getRuntimeContext()
            .getReducingState(new ReducingStateDescriptor<>("largest", Long::max, longs));
    mixed =
        getRuntimeContext()
            .getAggregatingState(new AggregatingStateDescriptor<>("mixed", new Mix(), longs));
  }

  @Override
  public void processElement(Reading reading, Context context, Collector<String> out)
      throws Exception {
    long value = reading.value();
    long number = count.value() == null ? 1 : count.value() + 1;
    count.update(number);
    keepRecent(value);
    List<Long> values = valuesByTime.get(reading.time());
    List<Long> more = values == null ? new ArrayList<>() : values;
    more.add(value);
    valuesByTime.put(reading.time(), more);
    String digit = "digit" + value % 10;
    Long sum = sumsByDigit.get(digit);
    sumsByDigit.put(digit, sum == null ? value : sum + value);
    largest.add(value);
    mixed.add(value);
    context
        .timerService()
        .registerEventTimeTimer((reading.time() / SECOND_MILLIS + 1) * SECOND_MILLIS);
    out.collect("ledger " + reading.sensor() + " " + number + " " + checksum());
  }

  private void keepRecent(long value) throws Exception {
    recent.add(value);
    List<Long> all = new ArrayList<>();
    recent.get().forEach(all::add);
    if (all.size() > RECENT_AT_MOST) {
      recent.update(all.subList(RECENT_AT_MOST / 2, all.size()));
    }
  }

  /** Of everything but what timers remove, which is not the same at each run. */
  private long checksum() throws Exception {
    long checksum = 31 * largest.get() + mixed.get();
    for (long value : recent.get()) {
      checksum = 31 * checksum + value;
    }
    for (Map.Entry<String, Long> sum : sumsByDigit.entries()) {
      checksum += sum.getKey().hashCode() * sum.getValue();
    }
    return checksum;
  }

  @Override
  public void onTimer(long timestamp, OnTimerContext context, Collector<String> out)
      throws Exception {
    long removed = 0;
    long checksum = 0;
    Iterator<Map.Entry<Long, List<Long>>> times = valuesByTime.iterator();
    while (times.hasNext()) {
      Map.Entry<Long, List<Long>> values = times.next();
      if (values.getKey() < timestamp) {
        removed++;
        checksum += values.getKey() * values.getValue().hashCode();
        times.remove();
      }
    }
    out.collect(
        "removed " + context.getCurrentKey() + " " + timestamp + " " + removed + " " + checksum);
  }

  /** Values in their order. */
  private static final class Mix implements AggregateFunction<Long, Long, Long> {
    private static final long serialVersionUID = 1L;

    @Override
    public Long createAccumulator() {
      return 1L;
    }

    @Override
    public Long add(Long value, Long mixed) {
      return 31 * mixed + value;
    }

    @Override
    public Long getResult(Long mixed) {
      return mixed;
    }

    @Override
    public Long merge(Long left, Long right) {
      throw new AssertionError("Keys do not merge.");
    }
  }
}
