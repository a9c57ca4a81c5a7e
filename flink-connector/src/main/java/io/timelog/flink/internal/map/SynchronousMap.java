package io.timelog.flink.internal.map;

import org.apache.flink.api.common.state.MapState;

/**
 * Something over map state through which nothing need be seen: who gets that may use it instead.
 */
public interface SynchronousMap<MK, MV> {
  /** The map state. */
  MapState<MK, MV> synchronous();
}
