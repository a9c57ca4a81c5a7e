package io.timelog.flink.internal.bucket;

import java.util.List;
import java.util.Map;

/** Values with the same timestamp, the last that was appended first. */
final class NewestFirst<V> extends BucketEntries<V> {
  NewestFirst(BucketedState<V> state, List<Map.Entry<Long, List<V>>> buckets) {
    super(state, buckets);
  }

  @Override
  int index(int before, int size) {
    return size - 1 - before;
  }
}
