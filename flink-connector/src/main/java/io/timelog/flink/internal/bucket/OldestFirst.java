package io.timelog.flink.internal.bucket;

import java.util.List;
import java.util.Map;

/** Values with the same timestamp in the order in which they were appended. */
final class OldestFirst<V> extends BucketEntries<V> {
  OldestFirst(BucketedState<V> state, List<Map.Entry<Long, List<V>>> buckets) {
    super(state, buckets);
  }

  @Override
  int index(int before, int size) {
    return before;
  }
}
