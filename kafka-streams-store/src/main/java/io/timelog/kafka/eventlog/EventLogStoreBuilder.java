package io.timelog.kafka.eventlog;

import io.timelog.summary.Summarizer;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * Describes an event-log store to a topology. Mutable, as builders of Kafka Streams are.
 *
 * <p>The changelog topic is deleted from by age ({@code cleanup.policy=delete}), never compacted,
 * because it holds many records of equal meaning and none that replaces another. Without a
 * retention it keeps everything.
 */
public interface EventLogStoreBuilder<K, V> extends StoreBuilder<EventLogStore<K, V>> {
  /**
   * Forgets an entry once another has been appended whose timestamp is {@code retention} newer or
   * more, and refuses entries that are older than that. The changelog topic keeps its records one
   * day longer. By default the store keeps entries until they are deleted, and the changelog topic
   * keeps all records for ever.
   *
   * @throws IllegalArgumentException if it is not positive or not a number of milliseconds
   */
  EventLogStoreBuilder<K, V> withRetention(Duration retention);

  /**
   * Keeps summaries of the values, for {@link ReadOnlyEventLogStore#aggregate}, which is given the
   * same summarizer. May be called several times. They are memory of the store and in no changelog:
   * after a restart they are made anew where they are asked for. Each costs a lookup per append,
   * and one or two bytes per entry of a key for every 32 bytes of a summary.
   *
   * @throws IllegalArgumentException if the store keeps summaries for an equal one already
   */
  EventLogStoreBuilder<K, V> withSummary(Summarizer<V, ?> summarizer);

  /**
   * Builds stores that say that they are not persistent: a task with no other stores needs no
   * directory, and every start restores the store from its changelog.
   */
  EventLogStoreBuilder<K, V> inMemory();

  /**
   * Writes a changelog, which is the default.
   *
   * @param config settings of the changelog topic, which go before those of this builder
   * @throws IllegalArgumentException if the topic is to be compacted
   */
  @Override
  EventLogStoreBuilder<K, V> withLoggingEnabled(Map<String, String> config);

  /** Writes no changelog: after a restart or a move of its task the store is empty. */
  @Override
  EventLogStoreBuilder<K, V> withLoggingDisabled();

  /**
   * Refuses: no entry replaces another, so a cache has nothing to save.
   *
   * @throws IllegalStateException always
   */
  @Override
  EventLogStoreBuilder<K, V> withCachingEnabled();

  /** Does nothing: there is no cache. */
  @Override
  EventLogStoreBuilder<K, V> withCachingDisabled();

  /**
   * The settings of the changelog topic; empty if there is none.
   *
   * @throws IllegalArgumentException if the topic would lose records that the store still keeps
   */
  @Override
  Map<String, String> logConfig();
}
