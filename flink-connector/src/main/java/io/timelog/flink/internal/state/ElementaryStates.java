package io.timelog.flink.internal.state;

import io.timelog.flink.internal.table.StateTable;
import org.apache.flink.api.common.state.AggregatingStateDescriptor;
import org.apache.flink.api.common.state.ReducingStateDescriptor;
import org.apache.flink.api.common.state.StateDescriptor;

/** Makes states of the kinds in this package. */
public final class ElementaryStates {
  private ElementaryStates() {}

  /**
   * The state that a descriptor describes.
   *
   * @throws IllegalArgumentException if it is none of value, list, reducing and aggregating
   */
  @SuppressWarnings({"unchecked", "rawtypes"})
  public static <K, N, V> TableState<K, N, V> create(
      KeyContext<K> keys, StateTable<K, N, V> state, StateDescriptor<?, V> descriptor) {
    return switch (descriptor.getType()) {
      case VALUE -> new ValueTableState<>(keys, state, descriptor);
      case LIST -> new ListTableState(keys, state);
      case REDUCING ->
          new ReducingTableState<>(keys, state, (ReducingStateDescriptor<V>) descriptor);
      case AGGREGATING ->
          new AggregatingTableState<>(
              keys, state, (AggregatingStateDescriptor<Object, V, Object>) descriptor);
      default -> throw new IllegalArgumentException("Not a type of state made here: " + descriptor);
    };
  }
}
