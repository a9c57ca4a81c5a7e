package io.timelog.flink.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.flink.api.common.state.ListStateDeclaration;
import org.apache.flink.api.common.state.MapStateDeclaration;
import org.apache.flink.api.common.state.ReducingStateDeclaration;
import org.apache.flink.api.common.state.StateDeclaration;
import org.apache.flink.api.common.state.StateDeclarations;
import org.apache.flink.api.common.state.ValueStateDeclaration;
import org.apache.flink.api.common.state.v2.ListState;
import org.apache.flink.api.common.state.v2.MapState;
import org.apache.flink.api.common.state.v2.ValueState;
import org.apache.flink.api.common.typeinfo.TypeDescriptors;
import org.apache.flink.datastream.api.common.Collector;
import org.apache.flink.datastream.api.context.PartitionedContext;
import org.apache.flink.datastream.api.context.StateManager;
import org.apache.flink.datastream.api.extension.eventtime.function.OneInputEventTimeStreamProcessFunction;
import org.apache.flink.datastream.api.extension.eventtime.timer.EventTimeManager;

/**
 * As {@link Rolling}, as a function of DataStream V2, with state of more kinds: the last digits of
 * all values since the last timer, their total, and how often timers have fired.
 */
final class ModernRolling implements OneInputEventTimeStreamProcessFunction<Event, String> {
  private static final long serialVersionUID = 1L;

  private static final MapStateDeclaration<Long, Long> SUMS =
      StateDeclarations.mapState("sums", TypeDescriptors.LONG, TypeDescriptors.LONG);
  private static final ListStateDeclaration<Long> DIGITS =
      StateDeclarations.listState("digits", TypeDescriptors.LONG);
  private static final ReducingStateDeclaration<Long> TOTAL =
      StateDeclarations.reducingState("total", TypeDescriptors.LONG, Long::sum);
  private static final ValueStateDeclaration<Long> FIRED =
      StateDeclarations.valueState("fired", TypeDescriptors.LONG);

  private transient EventTimeManager timers;

  @Override
  public Set<StateDeclaration> usesStates() {
    return Set.of(SUMS, DIGITS, TOTAL, FIRED);
  }

  @Override
  public void initEventTimeProcessFunction(EventTimeManager manager) {
    timers = manager;
  }

  @Override
  public void processRecord(Event event, Collector<String> out, PartitionedContext<String> context)
      throws Exception {
    StateManager states = context.getStateManager();
    MapState<Long, Long> sums = states.getState(SUMS);
    long time = event.time;
    long value = event.value;
    states.getState(DIGITS).add(value % 10);
    states.getState(TOTAL).asyncAdd(value);
    sums.asyncGet(time)
        .thenCompose(before -> sums.asyncPut(time, before == null ? value : before + value));
    timers.registerTimer(time + 300);
  }

  @Override
  public void onEventTimer(
      long timestamp, Collector<String> out, PartitionedContext<String> context) throws Exception {
    StateManager states = context.getStateManager();
    MapState<Long, Long> sums = states.getState(SUMS);
    long inTime = 0;
    List<Long> past = new ArrayList<>();
    for (var entry : sums.entries()) {
      if (entry.getKey() <= timestamp - 300) {
        past.add(entry.getKey());
      } else if (entry.getKey() <= timestamp) {
        inTime += entry.getValue();
      }
    }
    past.forEach(sums::remove);
    ListState<Long> digits = states.getState(DIGITS);
    StringBuilder seen = new StringBuilder();
    Iterable<Long> all = digits.get();
    if (all != null) {
      all.forEach(seen::append);
    }
    digits.clear();
    ValueState<Long> fired = states.getState(FIRED);
    Long before = fired.value();
    fired.update(before == null ? 1 : before + 1);
    int key = states.getCurrentKey();
    out.collect(
        String.join(
            " ",
            List.of(
                Integer.toString(key),
                Long.toString(timestamp),
                Long.toString(inTime),
                seen.toString(),
                Long.toString(states.getState(TOTAL).get()),
                Long.toString(fired.value()))));
  }
}
