package io.timelog.flink.internal.bucket;

import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.util.FlinkRuntimeException;
import org.jspecify.annotations.Nullable;

/** Buckets in map state, which throws anything and which has null for nothing. */
record MapBuckets<V>(MapState<Long, List<V>> map) implements Buckets<V> {
  private static RuntimeException unchecked(Exception e) {
    return e instanceof RuntimeException unchecked
        ? unchecked
        : new FlinkRuntimeException("Could not access time-indexed state.", e);
  }

  @Override
  public @Nullable List<V> get(long timestamp) {
    try {
      return map.get(timestamp);
    } catch (Exception e) {
      throw unchecked(e);
    }
  }

  @Override
  public void put(long timestamp, List<V> values) {
    try {
      map.put(timestamp, values);
    } catch (Exception e) {
      throw unchecked(e);
    }
  }

  @Override
  public void remove(long timestamp) {
    try {
      map.remove(timestamp);
    } catch (Exception e) {
      throw unchecked(e);
    }
  }

  @Override
  public void clear() {
    map.clear();
  }

  @Override
  public Iterable<Map.Entry<Long, List<V>>> entries() {
    try {
      Iterable<Map.Entry<Long, List<V>>> entries = map.entries();
      return entries == null ? List.of() : entries;
    } catch (Exception e) {
      throw unchecked(e);
    }
  }

  @Override
  public Iterable<Long> timestamps() {
    try {
      Iterable<Long> timestamps = map.keys();
      return timestamps == null ? List.of() : timestamps;
    } catch (Exception e) {
      throw unchecked(e);
    }
  }
}
