package io.timelog.flink.internal.async;

import org.apache.flink.api.common.state.State;
import org.apache.flink.api.common.state.v2.StateDescriptor;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.internal.InternalAggregatingState;
import org.apache.flink.runtime.state.internal.InternalListState;
import org.apache.flink.runtime.state.internal.InternalMapState;
import org.apache.flink.runtime.state.internal.InternalReducingState;
import org.apache.flink.runtime.state.internal.InternalValueState;
import org.apache.flink.runtime.state.v2.StateDescriptorUtils;
import org.apache.flink.runtime.state.v2.adaptor.AggregatingStateAdaptor;
import org.apache.flink.runtime.state.v2.adaptor.ListStateAdaptor;
import org.apache.flink.runtime.state.v2.adaptor.ReducingStateAdaptor;
import org.apache.flink.runtime.state.v2.adaptor.ValueStateAdaptor;

/** Makes asynchronous states: Flink's adaptors over synchronous ones. */
final class AsyncStates {
  private AsyncStates() {}

  /**
   * The state that a descriptor describes, in the backend.
   *
   * <p>Flink's translation of descriptors leaves the time to live out, so that is added here.
   */
  @SuppressWarnings({"unchecked", "rawtypes"})
  static <N> Object create(
      KeyedStateBackend<?> states,
      N namespace,
      TypeSerializer<N> namespaceSerializer,
      StateDescriptor<?> descriptor)
      throws Exception {
    org.apache.flink.api.common.state.StateDescriptor synchronous =
        StateDescriptorUtils.transformFromV2ToV1(descriptor);
    if (descriptor.getTtlConfig().isEnabled()) {
      synchronous.enableTimeToLive(descriptor.getTtlConfig());
    }
    State state = states.getPartitionedState(namespace, namespaceSerializer, synchronous);
    return switch (descriptor.getType()) {
      case VALUE -> new ValueStateAdaptor<>((InternalValueState) state);
      case LIST -> new ListStateAdaptor<>((InternalListState) state);
      case REDUCING -> new ReducingStateAdaptor<>((InternalReducingState) state);
      case AGGREGATING -> new AggregatingStateAdaptor<>((InternalAggregatingState) state);
      case MAP -> new AsyncMap<>((InternalMapState) state);
    };
  }
}
