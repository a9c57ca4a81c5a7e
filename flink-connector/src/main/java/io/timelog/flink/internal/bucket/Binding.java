package io.timelog.flink.internal.bucket;

import io.timelog.flink.internal.map.MapStates;
import io.timelog.flink.internal.map.SynchronousMap;
import io.timelog.flink.state.TimeIndexedState;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.util.List;
import org.apache.flink.api.common.state.MapState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the fastest way to work with a map from timestamps to values. */
public final class Binding {
  /*
   * Only the wrapper that Flink puts around what it gives to functions is ever taken off: it has no
   * purpose but to show nothing as an empty map. What Flink puts around the state of a backend for a
   * changelog, for time to live or to measure must see each access, so a state with one of these is
   * worked with as a map. Matched by its very name, so that no wrapper of a later Flink is taken for
   * it. The other way to get behind it without reflection, the backend's own iterator that it hands
   * out, would show nothing of a wrapper in between that does not wrap iterators.
   */
  private static final String WRAPPER = "org.apache.flink.runtime.state.UserFacingMapState";

  private static final String WRAPPED = "originalState";
  private static final Logger LOG = LoggerFactory.getLogger(Binding.class);

  private Binding() {}

  /**
   * A map as time-indexed state.
   *
   * @param order of the map's entries, as long as it is what Flink's backend has
   */
  public static <V> TimeIndexedState<V> bind(MapState<Long, List<V>> map, Order order) {
    MapState<Long, List<V>> state = unwrapped(map);
    TimeIndexedState<V> stored = MapStates.timeIndexed(state);
    return stored != null ? stored : new BucketedState<>(new MapBuckets<>(map), order);
  }

  /** The map of an operator with asynchronous state as time-indexed state. */
  @SuppressWarnings("unchecked")
  public static <V> TimeIndexedState<V> bind(
      org.apache.flink.api.common.state.v2.MapState<Long, List<V>> map) {
    return map instanceof SynchronousMap<?, ?> ours
        ? bind((MapState<Long, List<V>>) ours.synchronous(), Order.BY_TIME)
        : new BucketedState<>(new AsyncMapBuckets<>(map), Order.UNKNOWN);
  }

  @SuppressWarnings("unchecked")
  private static <V> MapState<Long, List<V>> unwrapped(MapState<Long, List<V>> map) {
    if (!map.getClass().getName().equals(WRAPPER)) {
      return map;
    }
    try {
      Field wrapped = map.getClass().getDeclaredField(WRAPPED);
      wrapped.setAccessible(true);
      return wrapped.get(map) instanceof MapState<?, ?> state
          ? (MapState<Long, List<V>>) state
          : map;
    } catch (ReflectiveOperationException | InaccessibleObjectException e) {
      LOG.warn(
          "Flink's wrapper of map state could not be looked into: time-indexed state goes through"
              + " the map, which is correct and slower on the Timelog backend. wrapper={}",
          WRAPPER,
          e);
      return map;
    }
  }
}
