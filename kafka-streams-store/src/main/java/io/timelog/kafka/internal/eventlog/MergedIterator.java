package io.timelog.kafka.internal.eventlog;

import io.timelog.kafka.eventlog.EventLogEntry;
import io.timelog.kafka.eventlog.EventLogIterator;
import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import org.apache.kafka.streams.errors.InvalidStateStoreException;

/** The entries of several iterators in the order of time; equal timestamps by iterator. */
final class MergedIterator<K, V> implements EventLogIterator<K, V> {
  /** The next entry of the iterator of this number. */
  record Head<K, V>(EventLogEntry<K, V> entry, int source) {}

  private final List<EventLogIterator<K, V>> sources;
  private final PriorityQueue<Head<K, V>> heads;
  private boolean closed;

  /** Takes over the iterators, each of which must be in the order already. */
  MergedIterator(List<EventLogIterator<K, V>> sources, Comparator<Head<K, V>> order) {
    this.sources = sources;
    this.heads = new PriorityQueue<>(Math.max(1, sources.size()), order);
    for (int i = 0; i < sources.size(); i++) {
      offerNextOf(i);
    }
  }

  static <K, V> Comparator<Head<K, V>> oldestFirst() {
    return Comparator.comparingLong((Head<K, V> head) -> head.entry().timestamp())
        .thenComparingInt(Head::source);
  }

  static <K, V> Comparator<Head<K, V>> newestFirst() {
    return MergedIterator.<K, V>oldestFirst().reversed();
  }

  private void offerNextOf(int source) {
    EventLogIterator<K, V> iterator = sources.get(source);
    if (iterator.hasNext()) {
      heads.add(new Head<>(iterator.next(), source));
    }
  }

  @Override
  public boolean hasNext() {
    if (closed) {
      throw new InvalidStateStoreException("Iterator is closed");
    }
    return !heads.isEmpty();
  }

  @Override
  public EventLogEntry<K, V> next() {
    if (!hasNext()) {
      throw new NoSuchElementException("The iterator has no next entry");
    }
    Head<K, V> head = heads.remove();
    offerNextOf(head.source());
    return head.entry();
  }

  @Override
  public void close() {
    closed = true;
    sources.forEach(EventLogIterator::close);
  }
}
