package io.timelog.flink.job;

import io.timelog.Entry;
import io.timelog.flink.state.TimeIndexedState;
import io.timelog.flink.state.TimeIndexedStateDescriptor;
import io.timelog.flink.state.TimeIndexedStates;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** What {@link RollingEvents} does, as an operator, newest first. */
final class RollingOperator extends AbstractStreamOperator<String>
    implements OneInputStreamOperator<Event, String>, Triggerable<Integer, VoidNamespace> {
  private static final long serialVersionUID = 1L;

  private transient TimeIndexedState<Event> events;
  private transient InternalTimerService<VoidNamespace> timers;

  @Override
  public void open() throws Exception {
    super.open();
    events =
        TimeIndexedStates.of(
            getKeyedStateBackend(), new TimeIndexedStateDescriptor<>("events", Event.class));
    timers = getInternalTimerService("timers", VoidNamespaceSerializer.INSTANCE, this);
  }

  @Override
  public void processElement(StreamRecord<Event> element) {
    Event event = element.getValue();
    events.append(event.time, event);
    timers.registerEventTimeTimer(VoidNamespace.INSTANCE, event.time + 300);
  }

  @Override
  public void onEventTime(InternalTimer<Integer, VoidNamespace> timer) {
    long timestamp = timer.getTimestamp();
    events.deleteBefore(timestamp - 299);
    long total = 0;
    for (Entry<Event> entry : events.rangeBackward(timestamp - 299, timestamp + 1)) {
      total += entry.value().value;
    }
    output.collect(new StreamRecord<>(timer.getKey() + " " + timestamp + " " + total));
  }

  @Override
  public void onProcessingTime(InternalTimer<Integer, VoidNamespace> timer) {
    throw new AssertionError("There are no timers of processing time.");
  }
}
