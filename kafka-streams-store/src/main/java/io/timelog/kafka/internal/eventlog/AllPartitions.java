package io.timelog.kafka.internal.eventlog;

import io.timelog.TimeRange;
import io.timelog.kafka.eventlog.EventLogIterator;
import io.timelog.kafka.eventlog.ReadOnlyEventLogStore;
import io.timelog.kafka.internal.host.QueryableType;
import io.timelog.summary.Summarizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.apache.kafka.streams.state.QueryableStoreType;

/**
 * The event-log stores of all partitions that this instance has, as one. They are looked up anew
 * for each call.
 */
public final class AllPartitions<K, V> implements ReadOnlyEventLogStore<K, V> {
  private final Supplier<List<ReadOnlyEventLogStore<K, V>>> partitions;

  AllPartitions(Supplier<List<ReadOnlyEventLogStore<K, V>>> partitions) {
    this.partitions = partitions;
  }

  /** What interactive queries ask for. */
  public static <K, V> QueryableStoreType<ReadOnlyEventLogStore<K, V>> type() {
    return new QueryableType<>(ReadOnlyEventLogStore.class, AllPartitions::new);
  }

  @Override
  public EventLogIterator<K, V> scan(K key, TimeRange range) {
    return merged(store -> store.scan(key, range), MergedIterator.oldestFirst());
  }

  @Override
  public EventLogIterator<K, V> scanBackward(K key, TimeRange range) {
    return merged(store -> store.scanBackward(key, range), MergedIterator.newestFirst());
  }

  @Override
  public EventLogIterator<K, V> scanAll(TimeRange range) {
    return merged(store -> store.scanAll(range), MergedIterator.oldestFirst());
  }

  @Override
  public EventLogIterator<K, V> scanAllBackward(TimeRange range) {
    return merged(store -> store.scanAllBackward(range), MergedIterator.newestFirst());
  }

  private EventLogIterator<K, V> merged(
      Function<ReadOnlyEventLogStore<K, V>, EventLogIterator<K, V>> scan,
      Comparator<MergedIterator.Head<K, V>> order) {
    List<EventLogIterator<K, V>> open = new ArrayList<>();
    try {
      for (ReadOnlyEventLogStore<K, V> store : partitions.get()) {
        open.add(scan.apply(store));
      }
      return new MergedIterator<>(open, order);
    } catch (RuntimeException e) {
      open.forEach(EventLogIterator::close);
      throw e;
    }
  }

  @Override
  public long count(K key, TimeRange range) {
    return sum(store -> store.count(key, range));
  }

  @Override
  public long count(TimeRange range) {
    return sum(store -> store.count(range));
  }

  private long sum(ToLongFunction<ReadOnlyEventLogStore<K, V>> count) {
    return partitions.get().stream().mapToLong(count).sum();
  }

  @Override
  public <A> A aggregate(K key, TimeRange range, Summarizer<V, A> summarizer) {
    A summary = summarizer.none();
    for (ReadOnlyEventLogStore<K, V> store : partitions.get()) {
      summary = summarizer.merge(summary, store.aggregate(key, range, summarizer));
    }
    return summary;
  }

  @Override
  public OptionalLong minTimestamp() {
    return partitions.get().stream()
        .map(ReadOnlyEventLogStore::minTimestamp)
        .flatMapToLong(OptionalLong::stream)
        .min();
  }

  @Override
  public OptionalLong maxTimestamp() {
    return partitions.get().stream()
        .map(ReadOnlyEventLogStore::maxTimestamp)
        .flatMapToLong(OptionalLong::stream)
        .max();
  }
}
