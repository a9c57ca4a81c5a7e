package io.timelog.flink.internal.state;

import io.timelog.flink.internal.table.StateTable;
import java.util.Collection;
import org.apache.flink.api.common.functions.ReduceFunction;
import org.apache.flink.api.common.state.ReducingStateDescriptor;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.runtime.state.internal.InternalReducingState;
import org.jspecify.annotations.Nullable;

/** Reducing state: the value is what the function made of all that was added. */
final class ReducingTableState<K, N, V> extends SingleState<K, N, V>
    implements InternalReducingState<K, N, V> {
  private ReduceFunction<V> function;

  ReducingTableState(
      KeyContext<K> keys, StateTable<K, N, V> state, ReducingStateDescriptor<V> descriptor) {
    super(keys, state);
    function = descriptor.getReduceFunction();
  }

  @Override
  @SuppressWarnings("unchecked")
  public void register(StateTable<K, N, V> registered, StateDescriptor<?, V> descriptor) {
    super.register(registered, descriptor);
    function = ((ReducingStateDescriptor<V>) descriptor).getReduceFunction();
  }

  @Override
  public @Nullable V get() {
    return read();
  }

  @Override
  public @Nullable V getInternal() {
    return read();
  }

  @Override
  public void updateInternal(@Nullable V value) {
    write(value);
  }

  @Override
  public void add(V value) throws Exception {
    V present = read();
    write(present == null ? value : function.reduce(present, value));
  }

  @Override
  public void mergeNamespaces(N target, Collection<N> sources) throws Exception {
    merge(target, sources, function::reduce);
  }
}
