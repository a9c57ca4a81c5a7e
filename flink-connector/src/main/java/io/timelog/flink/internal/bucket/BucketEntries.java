package io.timelog.flink.internal.bucket;

import io.timelog.Entry;
import java.util.ConcurrentModificationException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/** Goes through the values of buckets that were collected, one bucket after the other. */
abstract sealed class BucketEntries<V> implements Iterator<Entry<V>>
    permits OldestFirst, NewestFirst {
  private final BucketedState<V> state;
  private final long version;
  private final Iterator<Map.Entry<Long, List<V>>> buckets;
  private long timestamp;
  private List<V> values = List.of();
  private int passed;

  /** Values of these buckets, which come in the order in which they are wanted. */
  BucketEntries(BucketedState<V> state, List<Map.Entry<Long, List<V>>> buckets) {
    this.state = state;
    this.version = state.version();
    this.buckets = buckets.iterator();
  }

  /** The index of a value among {@code size} of one timestamp, by how many come before it. */
  abstract int index(int before, int size);

  @Override
  public final boolean hasNext() {
    if (version != state.version()) {
      throw new ConcurrentModificationException(
          "The state was changed since this iteration began. Copy the entries to a list before"
              + " changing it.");
    }
    while (passed == values.size() && buckets.hasNext()) {
      Map.Entry<Long, List<V>> bucket = buckets.next();
      timestamp = bucket.getKey();
      List<V> found = bucket.getValue();
      values = found == null ? List.of() : found;
      passed = 0;
    }
    return passed < values.size();
  }

  @Override
  public final Entry<V> next() {
    if (!hasNext()) {
      throw new NoSuchElementException("The range has no more entries.");
    }
    return new Entry<>(timestamp, values.get(index(passed++, values.size())));
  }
}
