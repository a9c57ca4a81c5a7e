package io.timelog.integration.flink.job;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** Tells of each reading which one came before it, and so in which order they came. */
final class WithPredecessor extends KeyedProcessFunction<String, Reading, String> {
  private static final long serialVersionUID = 1L;

  private transient ValueState<Reading> predecessor;

  @Override
  public void open(OpenContext context) {
    predecessor =
        getRuntimeContext().getState(new ValueStateDescriptor<>("predecessor", Reading.class));
  }

  @Override
  public void processElement(Reading reading, Context context, Collector<String> out)
      throws Exception {
    out.collect(Line.ofPair("sorted", reading, predecessor.value()));
    predecessor.update(reading);
  }
}
