package io.timelog.flink.internal.map;

import io.timelog.flink.internal.state.KeyContext;
import io.timelog.flink.internal.state.TableState;
import io.timelog.flink.internal.table.StateTable;
import io.timelog.flink.state.TimeIndexedState;
import java.util.List;
import org.apache.flink.api.common.state.MapState;
import org.jspecify.annotations.Nullable;

/** Makes map states. */
public final class MapStates {
  /**
   * What {@code getBackendTypeIdentifier()} says of the backend that has these states. Nothing else
   * is told of a backend by whatever Flink puts around its states.
   */
  public static final String BACKEND_TYPE = "timelog";

  private MapStates() {}

  /**
   * State that is indexed by time on the very table of a map from longs to lists; null if the map
   * is not one of this backend, or something that sees each access to it.
   */
  public static <V> @Nullable TimeIndexedState<V> timeIndexed(MapState<Long, List<V>> map) {
    return map instanceof LongListMap<?, ?, V> lists ? lists.timeIndexed() : null;
  }

  /**
   * Whether a state finds a range of time without going through what lies outside: whether it is
   * one of {@link #timeIndexed}.
   */
  public static boolean findsRanges(TimeIndexedState<?> state) {
    return state instanceof TimeIndexedLists<?>;
  }

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
