package io.timelog.kafka.eventlog;

import io.timelog.TimeRange;
import io.timelog.summary.Summarizer;
import java.util.Objects;
import org.apache.kafka.streams.query.Query;

/**
 * Asks for the summary of the entries of one key in a range of time, as {@link
 * ReadOnlyEventLogStore#aggregate} does.
 *
 * @param key whose entries
 * @param range which of them
 * @param summarizer one that the store was built with; else the query fails
 */
public record EventLogAggregateQuery<K, V, A>(K key, TimeRange range, Summarizer<V, A> summarizer)
    implements Query<A> {
  /** Checks that nothing is missing. */
  public EventLogAggregateQuery {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(range, "range");
    Objects.requireNonNull(summarizer, "summarizer");
  }

  /** The summary of the entries of {@code key} in {@code range}. */
  public static <K, V, A> EventLogAggregateQuery<K, V, A> of(
      K key, TimeRange range, Summarizer<V, A> summarizer) {
    return new EventLogAggregateQuery<>(key, range, summarizer);
  }
}
