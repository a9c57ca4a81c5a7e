package io.timelog.kafka.eventlog;

import io.timelog.TimeRange;
import java.util.Objects;
import org.apache.kafka.streams.query.Query;

/**
 * Asks for the entries of all keys of a partition in a range of time, in time order. The result
 * must be closed.
 *
 * @param range which entries
 * @param order in which order
 */
public record EventLogRangeQuery<K, V>(TimeRange range, ScanOrder order)
    implements Query<EventLogIterator<K, V>> {
  /** Checks that nothing is missing. */
  public EventLogRangeQuery {
    Objects.requireNonNull(range, "range");
    Objects.requireNonNull(order, "order");
  }

  /** The entries in {@code range}, oldest first. */
  public static <K, V> EventLogRangeQuery<K, V> of(TimeRange range) {
    return new EventLogRangeQuery<>(range, ScanOrder.OLDEST_FIRST);
  }

  /** The same entries, newest first. */
  public EventLogRangeQuery<K, V> newestFirst() {
    return new EventLogRangeQuery<>(range, ScanOrder.NEWEST_FIRST);
  }
}
