package io.timelog.flink.job;

import io.timelog.Entry;
import io.timelog.flink.state.TimeIndexedState;
import io.timelog.flink.state.TimeIndexedStateDescriptor;
import io.timelog.flink.state.TimeIndexedStates;
import java.io.Serializable;
import java.time.Duration;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.v2.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** What {@link Rolling} does, with the events of a key in time-indexed state. */
final class RollingEvents extends KeyedProcessFunction<Integer, Event, String> {
  private static final long serialVersionUID = 1L;

  private final Opening opening;
  private transient TimeIndexedState<Event> events;

  private RollingEvents(Opening opening) {
    this.opening = opening;
  }

  /** How the function gets its state. */
  @FunctionalInterface
  private interface Opening extends Serializable {
    TimeIndexedState<Event> open(RuntimeContext context);
  }

  /** With state as most functions have it. */
  static RollingEvents plain() {
    return new RollingEvents(
        context ->
            TimeIndexedStates.of(context, new TimeIndexedStateDescriptor<>("events", Event.class)));
  }

  /** With a time to live for its state. */
  static RollingEvents withTimeToLive(Duration duration) {
    return new RollingEvents(
        context -> {
          TimeIndexedStateDescriptor<Event> descriptor =
              new TimeIndexedStateDescriptor<>("events", Event.class);
          descriptor.enableTimeToLive(StateTtlConfig.newBuilder(duration).build());
          return TimeIndexedStates.of(context, descriptor);
        });
  }

  /** For operators with asynchronous state. */
  static RollingEvents ofAsynchronousState() {
    return new RollingEvents(
        context ->
            TimeIndexedStates.of(
                context,
                new MapStateDescriptor<>(
                    "events", Types.LONG, Types.LIST(Types.POJO(Event.class)))));
  }

  @Override
  public void open(OpenContext context) {
    events = opening.open(getRuntimeContext());
  }

  @Override
  public void processElement(Event event, Context context, Collector<String> out) {
    events.append(event.time, event);
    context.timerService().registerEventTimeTimer(event.time + 300);
  }

  @Override
  public void onTimer(long timestamp, OnTimerContext context, Collector<String> out) {
    events.deleteBefore(timestamp - 299);
    long total = 0;
    for (Entry<Event> entry : events.range(timestamp - 299, timestamp + 1)) {
      total += entry.value().value;
    }
    out.collect(context.getCurrentKey() + " " + timestamp + " " + total);
  }
}
