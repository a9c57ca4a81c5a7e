package io.timelog.kafka.eventlog;

import io.timelog.TimeRange;
import io.timelog.summary.Summarizer;
import java.util.OptionalLong;
import org.apache.kafka.streams.errors.InvalidStateStoreException;

/**
 * What can be read of an event-log store, by any thread, while the processor writes: a read sees
 * one moment and neither waits for the writer nor holds it up.
 *
 * <p>Through interactive queries this is the view of all partitions that the instance has. Keys of
 * one partition are then one moment; partitions are looked at one after the other.
 *
 * <p>All methods throw an {@link InvalidStateStoreException} when the store is closed.
 */
public interface ReadOnlyEventLogStore<K, V> {
  /**
   * The entries of one key in the range, oldest first, equal timestamps in the order in which they
   * were appended. Costs a hash probe per partition window that the range touches, then a step per
   * entry.
   */
  EventLogIterator<K, V> scan(K key, TimeRange range);

  /** The exact reverse of {@link #scan}. */
  EventLogIterator<K, V> scanBackward(K key, TimeRange range);

  /**
   * The entries of all keys in the range, in time order; equal timestamps by the bytes of the key,
   * then in the order in which they were appended. Sorts one partition window at a time.
   */
  EventLogIterator<K, V> scanAll(TimeRange range);

  /** The exact reverse of {@link #scanAll}, within a partition. */
  EventLogIterator<K, V> scanAllBackward(TimeRange range);

  /** The number of entries of one key in the range. Reads no values. */
  long count(K key, TimeRange range);

  /** The number of entries of all keys in the range. Steps over each, and reads no values. */
  long count(TimeRange range);

  /**
   * The summary of the entries of one key in the range; that of none if there are none. Reads a
   * summary or two for each doubling of the number of entries, and some hundred entries. Where
   * summaries are missing it reads the entries, and the next write to the store makes the
   * summaries: so the first time, and again after many entries were appended or deleted.
   *
   * @param summarizer one that the store was built with
   * @throws IllegalArgumentException if it was not
   */
  <A> A aggregate(K key, TimeRange range, Summarizer<V, A> summarizer);

  /**
   * The oldest timestamp of any entry; empty if there is none. Looks through the oldest partition
   * window.
   */
  OptionalLong minTimestamp();

  /**
   * The newest timestamp of any entry; empty if there is none. Looks through the newest partition
   * window.
   */
  OptionalLong maxTimestamp();
}
