package io.timelog.flink.state;

import io.timelog.flink.internal.bucket.Binding;
import io.timelog.flink.internal.bucket.Order;
import java.util.List;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;

/**
 * Gets {@link TimeIndexedState}, wherever Flink gives keyed state. Get it once, where a function or
 * operator is opened, not with each record.
 *
 * <p>Any descriptor of a map from longs to lists will do, so the state of a job that has such a map
 * already can be worked with as it is. {@link TimeIndexedStateDescriptor} says the same in fewer
 * words.
 */
public final class TimeIndexedStates {
  private TimeIndexedStates() {}

  /**
   * The state of a function, such as a {@code KeyedProcessFunction}.
   *
   * <p>Flink gives functions its map state in a wrapper, which is looked into by reflection in
   * order to find the Timelog backend behind it. Should a later Flink prevent that, the state works
   * all the same, through the map, and a warning in the log says so.
   *
   * @throws RuntimeException what {@link RuntimeContext#getMapState} throws
   */
  public static <V> TimeIndexedState<V> of(
      RuntimeContext context, MapStateDescriptor<Long, List<V>> descriptor) {
    return over(context.getMapState(descriptor));
  }

  /**
   * The state of a {@code CheckpointedFunction}; as {@link #of(RuntimeContext,
   * MapStateDescriptor)}.
   *
   * @throws RuntimeException what {@link KeyedStateStore#getMapState} throws
   */
  public static <V> TimeIndexedState<V> of(
      KeyedStateStore store, MapStateDescriptor<Long, List<V>> descriptor) {
    MapState<Long, List<V>> map = store.getMapState(descriptor);
    return Binding.bind(map, Order.of(store.getBackendTypeIdentifier(), descriptor));
  }

  /**
   * The state of an operator, of its {@code getKeyedStateBackend()}. There is no reflection in
   * this.
   *
   * @throws Exception what {@link KeyedStateBackend#getPartitionedState} throws
   */
  public static <V> TimeIndexedState<V> of(
      KeyedStateBackend<?> backend, MapStateDescriptor<Long, List<V>> descriptor) throws Exception {
    MapState<Long, List<V>> map =
        backend.getPartitionedState(
            VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, descriptor);
    return Binding.bind(map, Order.of(backend.getBackendTypeIdentifier(), descriptor));
  }

  /**
   * The state of a function of an operator with asynchronous state ({@code enableAsyncState}), by
   * its synchronous methods: the same state under the same name. On the Timelog backend it is as
   * fast as without asynchronous state. Where a backend reads elsewhere in the meantime, each
   * access waits for it.
   *
   * @throws RuntimeException what {@link RuntimeContext#getMapState} throws
   */
  public static <V> TimeIndexedState<V> of(
      RuntimeContext context,
      org.apache.flink.api.common.state.v2.MapStateDescriptor<Long, List<V>> descriptor) {
    return Binding.bind(context.getMapState(descriptor));
  }

  /**
   * A map from timestamps to values as time-indexed state; both are the same state from then on.
   */
  public static <V> TimeIndexedState<V> over(MapState<Long, List<V>> map) {
    return Binding.bind(map, Order.UNKNOWN);
  }
}
