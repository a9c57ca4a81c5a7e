package io.timelog.flink.processor;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.state.api.functions.KeyedStateBootstrapFunction;

/** Puts states of several kinds, and a timer, at a key. */
final class Writer extends KeyedStateBootstrapFunction<Integer, Integer> {
  private static final long serialVersionUID = 1L;

  private transient ValueState<String> value;
  private transient ListState<Long> list;
  private transient MapState<Long, String> map;

  @Override
  public void open(OpenContext context) {
    value = getRuntimeContext().getState(Descriptors.VALUE);
    list = getRuntimeContext().getListState(Descriptors.LIST);
    map = getRuntimeContext().getMapState(Descriptors.MAP);
  }

  @Override
  public void processElement(Integer key, Context context) throws Exception {
    value.update("value " + key);
    list.add((long) key);
    list.add((long) key + 1);
    map.put(-1L, "before " + key);
    map.put((long) key, "at " + key);
    context.timerService().registerEventTimeTimer(1_000L + key);
  }
}
