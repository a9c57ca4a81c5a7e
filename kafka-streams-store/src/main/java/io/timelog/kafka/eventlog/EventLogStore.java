package io.timelog.kafka.eventlog;

import io.timelog.PageSpans;
import io.timelog.TimeRange;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.processor.StateStore;

/**
 * A store that entries are appended to as they happen, that is read by ranges of time, of one key
 * or of all, and forgets from the old end.
 *
 * <pre>{@code
 * public void process(Record<String, Click> record) {
 *   clicks.append(record.key(), record.timestamp(), record.value());
 * }
 *
 * private void punctuate(long now) {
 *   try (EventLogIterator<String, Click> due = clicks.scanAll(TimeRange.until(now - HOUR))) {
 *     due.forEachRemaining(this::report);
 *   }
 *   clicks.deleteBefore(now - HOUR);
 * }
 * }</pre>
 *
 * <p>Entries of equal key and timestamp are all kept. Every {@code long} is a timestamp. A delete
 * hides what was appended before it and nothing that is appended after it. Appends and deletes are
 * written to the changelog topic unless logging is disabled, each as one record, however much it
 * deletes.
 *
 * <p>Writes are for the processor and its punctuators; reads are for any thread. A write that
 * throws has changed nothing. Nulls are refused with a {@link NullPointerException}; a serde that
 * fails and memory that does not suffice are {@link ProcessorStateException}s that name store, task
 * and cause; a closed store is an {@link InvalidStateStoreException}.
 */
public interface EventLogStore<K, V> extends StateStore, ReadOnlyEventLogStore<K, V> {
  /**
   * Appends an entry.
   *
   * @param timestamp milliseconds since the epoch, in whatever order
   * @return false if the entry is older than the retention of the store; it is then counted as a
   *     dropped record and not kept
   */
  boolean append(K key, long timestamp, V value);

  /**
   * Deletes the entries of all keys that lie before {@code timestamp}. Whole partition windows are
   * dropped without looking inside. Writes nothing to the changelog if there is nothing so old.
   */
  void deleteBefore(long timestamp);

  /** Deletes the entries of all keys in the range. Costs as much as there are partition windows. */
  void deleteRange(TimeRange range);

  /** Deletes the entries of one key in the range. Costs a step per entry. */
  void deleteRange(K key, TimeRange range);

  /**
   * As {@link #scan}, for whoever looks at many entries and at few values: nothing is allocated per
   * entry or deserialized unasked.
   */
  EventLogCursor<K, V> cursor(K key, TimeRange range);

  /** The exact reverse of {@link #cursor}. */
  EventLogCursor<K, V> cursorBackward(K key, TimeRange range);

  /** As {@link #scanAll}, but for what it costs as {@link #cursor}. */
  EventLogCursor<K, V> cursorAll(TimeRange range);

  /** The exact reverse of {@link #cursorAll}. */
  EventLogCursor<K, V> cursorAllBackward(TimeRange range);

  /**
   * The entries of one key in the range as they lie in pages: runs of timestamps that are read in
   * place, and values that are deserialized when asked for. For computations over very many
   * timestamps. Spans come by their first timestamp and may overlap one another. Entries that were
   * appended since the last {@link #flushToPages()} may be in no span.
   *
   * <p>Sees the store as it is now. To be closed, and so is each span.
   */
  PageSpans<V> pageSpans(K key, TimeRange range);

  /**
   * Writes entries that are not yet in pages to pages, for {@link #pageSpans}. For the processor
   * and its punctuators. Costs a step per entry; done seldom, once per punctuation and not once per
   * record, it costs little, because what is flushed need not be flushed again.
   */
  void flushToPages();
}
