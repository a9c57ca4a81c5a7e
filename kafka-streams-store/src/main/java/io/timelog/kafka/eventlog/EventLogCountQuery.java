package io.timelog.kafka.eventlog;

import io.timelog.TimeRange;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.streams.query.Query;

/**
 * Asks how many entries there are in a range of time. No value is read for it.
 *
 * @param key whose entries; empty for those of all keys of a partition
 * @param range which of them
 */
public record EventLogCountQuery<K>(Optional<K> key, TimeRange range) implements Query<Long> {
  /** Checks that nothing is missing. */
  public EventLogCountQuery {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(range, "range");
  }

  /** The number of entries of one key. */
  public static <K> EventLogCountQuery<K> ofKey(K key, TimeRange range) {
    return new EventLogCountQuery<>(Optional.of(key), range);
  }

  /** The number of entries of all keys. */
  public static <K> EventLogCountQuery<K> ofAllKeys(TimeRange range) {
    return new EventLogCountQuery<>(Optional.empty(), range);
  }
}
