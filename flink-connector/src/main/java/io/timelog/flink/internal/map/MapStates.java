package io.timelog.flink.internal.map;

import io.timelog.flink.internal.state.KeyContext;
import io.timelog.flink.internal.state.TableState;
import io.timelog.flink.internal.table.StateTable;

/** Makes map states. */
public final class MapStates {
  private MapStates() {}

  /** The map state on a table, by how the table is laid out. */
  @SuppressWarnings({"unchecked", "rawtypes"})
  public static <K, N, V> TableState<K, N, V> create(
      KeyContext<K> keys, StateTable<K, N, V> state) {
    return (TableState<K, N, V>)
        switch (state.layout().kind()) {
          case MAP -> new SubkeyMap(keys, state);
          case LONG_MAP -> new LongMap(keys, state);
          case LONG_LIST_MAP -> new LongListMap(keys, state);
          default -> throw new IllegalArgumentException("Not a map: state=" + state.name());
        };
  }
}
