package io.timelog.flink.internal.bucket;

import io.timelog.Entry;
import io.timelog.TimeRange;
import io.timelog.flink.internal.summary.FoldedRange;
import io.timelog.flink.state.RangeAggregate;
import io.timelog.flink.state.RangeSummary;
import io.timelog.flink.state.TimeIndexedState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Time-indexed state in a map that may be stored in any way. There are no ranges in maps, so
 * everything but an access to one timestamp goes through the buckets of the key, to the end of the
 * range if their order is known and to the last if not, and looks into those that lie in the range.
 */
final class BucketedState<V> implements TimeIndexedState<V> {
  private final Buckets<V> buckets;
  private final Order order;

  /** Moves on with every change. */
  private long version;

  BucketedState(Buckets<V> buckets, Order order) {
    this.buckets = buckets;
    this.order = order;
  }

  /** Moves on with every change that is made here. */
  long version() {
    return version;
  }

  @Override
  public void append(long timestamp, V value) {
    Objects.requireNonNull(value, "value");
    version++;
    List<V> bucket = buckets.get(timestamp);
    buckets.put(timestamp, bucket == null ? listOf(value) : withAppended(bucket, value));
  }

  private static <V> List<V> listOf(V value) {
    List<V> list = new ArrayList<>(1);
    list.add(value);
    return list;
  }

  /**
   * The list itself if it can be added to: backends on the heap keep it, and ours notes what is
   * added. A map that others write may have lists that cannot.
   */
  private static <V> List<V> withAppended(List<V> bucket, V value) {
    try {
      bucket.add(value);
      return bucket;
    } catch (UnsupportedOperationException e) {
      List<V> copy = new ArrayList<>(bucket);
      copy.add(value);
      return copy;
    }
  }

  @Override
  public List<V> at(long timestamp) {
    List<V> bucket = buckets.get(timestamp);
    return bucket == null ? new ArrayList<>() : new ArrayList<>(bucket);
  }

  @Override
  public Iterable<Entry<V>> range(TimeRange range) {
    Objects.requireNonNull(range, "range");
    return () -> new OldestFirst<>(this, collect(range, Map.Entry.comparingByKey()));
  }

  @Override
  public Iterable<Entry<V>> rangeBackward(TimeRange range) {
    Objects.requireNonNull(range, "range");
    return () ->
        new NewestFirst<>(
            this, collect(range, Map.Entry.<Long, List<V>>comparingByKey().reversed()));
  }

  /** The buckets in a range, whose values may not have been deserialized as yet. */
  private List<Map.Entry<Long, List<V>>> collect(
      TimeRange range, Comparator<Map.Entry<Long, List<V>>> wanted) {
    List<Map.Entry<Long, List<V>>> found = new ArrayList<>();
    visit(buckets.entries(), Map.Entry::getKey, range, found::add);
    found.sort(wanted);
    return found;
  }

  /** Visits what has its timestamp in a range. */
  private <T> void visit(
      Iterable<T> all, ToLongFunction<T> timestampOf, TimeRange range, Consumer<T> visitor) {
    if (range.isEmpty()) {
      return;
    }
    for (T one : all) {
      long timestamp = timestampOf.applyAsLong(one);
      if (range.contains(timestamp)) {
        visitor.accept(one);
      } else if (order.isOver(range, timestamp)) {
        return;
      }
    }
  }

  @Override
  public void deleteRange(TimeRange range) {
    version++;
    if (range.equals(TimeRange.all())) {
      buckets.clear();
    } else {
      // Not through the iterator, which leaves empty maps behind on the heap.
      List<Long> doomed = new ArrayList<>();
      visit(buckets.timestamps(), Long::longValue, range, doomed::add);
      doomed.forEach(buckets::remove);
    }
  }

  @Override
  public long count(TimeRange range) {
    long[] count = {0};
    visit(
        buckets.entries(),
        Map.Entry::getKey,
        range,
        bucket -> count[0] += isWithoutValues(bucket) ? 0 : bucket.getValue().size());
    return count[0];
  }

  private static <V> boolean isWithoutValues(Map.Entry<Long, List<V>> bucket) {
    List<V> values = bucket.getValue();
    return values == null || values.isEmpty();
  }

  @Override
  public <A, OUT> RangeAggregate<OUT> aggregate(RangeSummary<V, A, OUT> summary) {
    return new FoldedRange<>(this, summary);
  }

  @Override
  public Optional<Entry<V>> first(TimeRange range) {
    return outermost(End.OLDEST, range);
  }

  @Override
  public Optional<Entry<V>> last(TimeRange range) {
    return outermost(End.NEWEST, range);
  }

  private Optional<Entry<V>> outermost(End end, TimeRange range) {
    TimeRange rest = range;
    Long timestamp = outermostTimestamp(end, rest);
    while (timestamp != null) {
      List<V> bucket = buckets.get(timestamp);
      if (bucket != null && !bucket.isEmpty()) {
        return Optional.of(new Entry<>(timestamp, end.of(bucket)));
      }
      rest = end.inside(timestamp, rest);
      timestamp = outermostTimestamp(end, rest);
    }
    return Optional.empty();
  }

  private @Nullable Long outermostTimestamp(End end, TimeRange range) {
    TimeRange outside = range;
    Long found = null;
    for (Long timestamp : timestamps(range)) {
      if (outside.contains(timestamp)) {
        found = timestamp;
        outside = end.outside(timestamp, outside);
      }
      if (outside.isEmpty() || order.isOver(outside, timestamp)) {
        return found;
      }
    }
    return found;
  }

  private Iterable<Long> timestamps(TimeRange range) {
    return range.isEmpty() ? List.of() : buckets.timestamps();
  }

  @Override
  public boolean isEmpty() {
    for (Map.Entry<Long, List<V>> bucket : buckets.entries()) {
      if (!isWithoutValues(bucket)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void clear() {
    version++;
    buckets.clear();
  }
}
