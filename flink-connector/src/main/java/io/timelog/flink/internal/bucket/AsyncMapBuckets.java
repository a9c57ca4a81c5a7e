package io.timelog.flink.internal.bucket;

import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.state.v2.MapState;
import org.jspecify.annotations.Nullable;

/** Buckets in the map state of operators with asynchronous state, by its synchronous methods. */
record AsyncMapBuckets<V>(MapState<Long, List<V>> map) implements Buckets<V> {
  @Override
  public @Nullable List<V> get(long timestamp) {
    return map.get(timestamp);
  }

  @Override
  public void put(long timestamp, List<V> values) {
    map.put(timestamp, values);
  }

  @Override
  public void remove(long timestamp) {
    map.remove(timestamp);
  }

  @Override
  public void clear() {
    map.clear();
  }

  @Override
  public Iterable<Map.Entry<Long, List<V>>> entries() {
    Iterable<Map.Entry<Long, List<V>>> entries = map.entries();
    return entries == null ? List.of() : entries;
  }

  @Override
  public Iterable<Long> timestamps() {
    Iterable<Long> timestamps = map.keys();
    return timestamps == null ? List.of() : timestamps;
  }
}
