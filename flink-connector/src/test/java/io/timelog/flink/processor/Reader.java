package io.timelog.flink.processor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.state.api.functions.KeyedStateReaderFunction;
import org.apache.flink.util.Collector;

/** Says what a key has. */
final class Reader extends KeyedStateReaderFunction<Integer, String> {
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
  public void readKey(Integer key, Context context, Collector<String> out) throws Exception {
    List<Long> elements = new ArrayList<>();
    list.get().forEach(elements::add);
    Map<Long, String> entries = new TreeMap<>();
    for (Map.Entry<Long, String> entry : map.entries()) {
      entries.put(entry.getKey(), entry.getValue());
    }
    out.collect(
        List.of(key, value.value(), elements, entries, context.registeredEventTimeTimers())
            .toString());
  }

  /** What a key has that {@link Writer} has filled. */
  static String expected(int key) {
    return List.of(
            key,
            "value " + key,
            List.of((long) key, key + 1L),
            new TreeMap<>(Map.of(-1L, "before " + key, (long) key, "at " + key)),
            List.of(1_000L + key))
        .toString();
  }
}
