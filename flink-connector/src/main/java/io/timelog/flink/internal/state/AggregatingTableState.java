package io.timelog.flink.internal.state;

import io.timelog.flink.internal.table.StateTable;
import java.util.Collection;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.state.AggregatingStateDescriptor;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.runtime.state.internal.InternalAggregatingState;
import org.jspecify.annotations.Nullable;

/** Aggregating state: the value is the accumulator of all that was added. */
final class AggregatingTableState<K, N, I, A, O> extends SingleState<K, N, A>
    implements InternalAggregatingState<K, N, I, A, O> {
  private AggregateFunction<I, A, O> function;

  AggregatingTableState(
      KeyContext<K> keys,
      StateTable<K, N, A> state,
      AggregatingStateDescriptor<I, A, O> descriptor) {
    super(keys, state);
    function = descriptor.getAggregateFunction();
  }

  @Override
  @SuppressWarnings("unchecked")
  public void register(StateTable<K, N, A> registered, StateDescriptor<?, A> descriptor) {
    super.register(registered, descriptor);
    function = ((AggregatingStateDescriptor<I, A, O>) descriptor).getAggregateFunction();
  }

  @Override
  public @Nullable O get() {
    A accumulator = read();
    return accumulator == null ? null : function.getResult(accumulator);
  }

  @Override
  public @Nullable A getInternal() {
    return read();
  }

  @Override
  public void updateInternal(@Nullable A accumulator) {
    write(accumulator);
  }

  @Override
  public void add(I value) {
    A present = read();
    write(function.add(value, present == null ? function.createAccumulator() : present));
  }

  @Override
  public void mergeNamespaces(N target, Collection<N> sources) throws Exception {
    merge(target, sources, function::merge);
  }
}
