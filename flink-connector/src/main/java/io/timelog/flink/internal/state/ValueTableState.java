package io.timelog.flink.internal.state;

import io.timelog.flink.internal.table.StateTable;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.runtime.state.internal.InternalValueState;
import org.jspecify.annotations.Nullable;

/** Value state. */
final class ValueTableState<K, N, V> extends SingleState<K, N, V>
    implements InternalValueState<K, N, V> {
  private @Nullable V defaultValue;

  ValueTableState(KeyContext<K> keys, StateTable<K, N, V> state, StateDescriptor<?, V> descriptor) {
    super(keys, state);
    defaultValue = descriptor.getDefaultValue();
  }

  @Override
  public void register(StateTable<K, N, V> registered, StateDescriptor<?, V> descriptor) {
    super.register(registered, descriptor);
    defaultValue = descriptor.getDefaultValue();
  }

  @Override
  public @Nullable V value() {
    V present = read();
    return present != null ? present : ValueCoder.copy(defaultValue, getValueSerializer());
  }

  @Override
  public void update(@Nullable V value) {
    write(value);
  }
}
