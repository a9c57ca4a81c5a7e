package io.timelog.flink.internal.async;

import io.timelog.flink.internal.map.SynchronousMap;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.runtime.state.internal.InternalMapState;
import org.apache.flink.runtime.state.v2.adaptor.MapStateAdaptor;

/** Map state for operators with asynchronous state, which tells what it is made of. */
final class AsyncMap<K, N, MK, MV> extends MapStateAdaptor<K, N, MK, MV>
    implements SynchronousMap<MK, MV> {
  private final MapState<MK, MV> synchronous;

  AsyncMap(InternalMapState<K, N, MK, MV> synchronous) {
    super(synchronous);
    this.synchronous = synchronous;
  }

  @Override
  public MapState<MK, MV> synchronous() {
    return synchronous;
  }
}
