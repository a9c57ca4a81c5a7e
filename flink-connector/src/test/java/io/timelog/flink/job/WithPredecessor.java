package io.timelog.flink.job;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** Each event with the one that came before it. */
final class WithPredecessor extends KeyedProcessFunction<Integer, Event, String> {
  private static final long serialVersionUID = 1L;

  private transient ValueState<Event> last;

  @Override
  public void open(OpenContext context) {
    last = getRuntimeContext().getState(new ValueStateDescriptor<>("last", Event.class));
  }

  @Override
  public void processElement(Event event, Context context, Collector<String> out) throws Exception {
    out.collect(StreamsJob.line("sorted", event, last.value()));
    last.update(event);
  }
}
