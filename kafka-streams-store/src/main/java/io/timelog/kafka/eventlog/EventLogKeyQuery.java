package io.timelog.kafka.eventlog;

import io.timelog.TimeRange;
import java.util.Objects;
import org.apache.kafka.streams.query.Query;

/**
 * Asks for the entries of one key in a range of time. The result must be closed.
 *
 * @param key whose entries
 * @param range which of them
 * @param order in which order
 */
public record EventLogKeyQuery<K, V>(K key, TimeRange range, ScanOrder order)
    implements Query<EventLogIterator<K, V>> {
  /** Checks that nothing is missing. */
  public EventLogKeyQuery {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(range, "range");
    Objects.requireNonNull(order, "order");
  }

  /** The entries of {@code key} in {@code range}, oldest first. */
  public static <K, V> EventLogKeyQuery<K, V> of(K key, TimeRange range) {
    return new EventLogKeyQuery<>(key, range, ScanOrder.OLDEST_FIRST);
  }

  /** The same entries, newest first. */
  public EventLogKeyQuery<K, V> newestFirst() {
    return new EventLogKeyQuery<>(key, range, ScanOrder.NEWEST_FIRST);
  }
}
