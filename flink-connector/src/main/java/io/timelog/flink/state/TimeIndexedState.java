package io.timelog.flink.state;

import io.timelog.Entry;
import io.timelog.TimePrecision;
import io.timelog.TimeRange;
import java.time.Instant;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.state.State;

/**
 * The values of the current key by time: append them, read a range of time forward or backward,
 * delete what is behind the watermark.
 *
 * <pre>{@code
 * TimeIndexedState<Delay> delays =
 *     TimeIndexedStates.of(
 *         getRuntimeContext(), new TimeIndexedStateDescriptor<>("delays", Delay.class));
 * ...
 * delays.append(now, delay);
 * for (Entry<Delay> entry : delays.range(now - HALF_AN_HOUR, now + 1)) {
 *   ...
 * }
 * context.timerService().registerEventTimeTimer(now + HALF_AN_HOUR);
 * ...
 * delays.deleteBefore(timer - HALF_AN_HOUR + 1);
 * }</pre>
 *
 * <p>Timestamps are milliseconds since the epoch, and any {@code long} is one; ranges of two of
 * them are half-open, {@code [start, end)}. Values come in the order of their timestamps, and those
 * with the same timestamp in the order in which they were appended; backward that is exactly
 * reversed. An {@link Instant} between two milliseconds counts as the earlier one.
 *
 * <p>The same state is a {@code MapState<Long, List<V>>}, from timestamps to values, for whoever
 * asks Flink for it under the name of the descriptor. Time to live is that of its entries: the
 * values of one timestamp, whose time begins anew with each that is appended.
 *
 * <p>Like all of Flink's keyed state this belongs to the task's thread, is about the key of the
 * record or timer that is being processed, and must not be asked where there is none. Values must
 * not be changed after they were appended, nor those that were read: some backends hand out what
 * they keep.
 *
 * <p>On the Timelog backend an append is one append of its engine, ranges are read where they
 * begin, and deletes do not look at values. On other backends, and where Flink puts itself between
 * (a changelog, time to live, tracking of latencies or sizes), all of this is done with the map: an
 * append reads and writes all values of its timestamp, and everything else looks at each timestamp
 * of the key.
 *
 * <p>What a backend fails with is thrown as a {@link RuntimeException}.
 *
 * @param <V> the type of the values; never null
 */
public interface TimeIndexedState<V> extends State {
  /** Adds a value, behind those that have the same timestamp. */
  void append(long timestamp, V value);

  /**
   * As {@link #append(long, Object)}.
   *
   * @throws ArithmeticException if the instant does not fit into a timestamp
   */
  default void append(Instant instant, V value) {
    append(TimePrecision.MILLIS.toTimestamp(instant), value);
  }

  /** The values at a timestamp, in order of arrival. The list belongs to the caller. */
  List<V> at(long timestamp);

  /**
   * As {@link #at(long)}.
   *
   * @throws ArithmeticException if the instant does not fit into a timestamp
   */
  default List<V> at(Instant instant) {
    return at(TimePrecision.MILLIS.toTimestamp(instant));
  }

  /**
   * The values in a range, oldest first.
   *
   * <p>The range is a question: it is answered for the key that is current when an iteration
   * begins, and may be asked again. An iteration reads ahead as it goes on, holds nothing that must
   * be closed, and may be left at any point. It does not survive a change: once anything was
   * appended to this state or deleted from it, for whatever key, its {@code hasNext} and {@code
   * next} throw {@link ConcurrentModificationException}. To change the state while going through
   * it, copy the entries to a list before. Entries cannot be removed through the iterator.
   */
  Iterable<Entry<V>> range(TimeRange range);

  /** As {@link #range(TimeRange)}, in {@code [start, end)}. */
  default Iterable<Entry<V>> range(long start, long end) {
    return range(TimeRange.of(start, end));
  }

  /**
   * As {@link #range(TimeRange)}, in {@code [start, end)}.
   *
   * @throws ArithmeticException if an instant does not fit into a timestamp
   */
  default Iterable<Entry<V>> range(Instant start, Instant end) {
    return range(TimePrecision.MILLIS.toRange(start, end));
  }

  /** As {@link #range(TimeRange)}, newest first: the same entries in exactly the reverse order. */
  Iterable<Entry<V>> rangeBackward(TimeRange range);

  /** As {@link #rangeBackward(TimeRange)}, in {@code [start, end)}. */
  default Iterable<Entry<V>> rangeBackward(long start, long end) {
    return rangeBackward(TimeRange.of(start, end));
  }

  /**
   * As {@link #rangeBackward(TimeRange)}, in {@code [start, end)}.
   *
   * @throws ArithmeticException if an instant does not fit into a timestamp
   */
  default Iterable<Entry<V>> rangeBackward(Instant start, Instant end) {
    return rangeBackward(TimePrecision.MILLIS.toRange(start, end));
  }

  /** Deletes the values in a range; those that are appended there later live. */
  void deleteRange(TimeRange range);

  /** As {@link #deleteRange(TimeRange)}, in {@code [start, end)}. */
  default void deleteRange(long start, long end) {
    deleteRange(TimeRange.of(start, end));
  }

  /**
   * As {@link #deleteRange(TimeRange)}, in {@code [start, end)}.
   *
   * @throws ArithmeticException if an instant does not fit into a timestamp
   */
  default void deleteRange(Instant start, Instant end) {
    deleteRange(TimePrecision.MILLIS.toRange(start, end));
  }

  /**
   * Deletes the values that are older than {@code cutoff}; those that are appended there later
   * live.
   *
   * <p>Before the first watermark Flink's {@code currentWatermark()} is {@link Long#MIN_VALUE}, and
   * what is subtracted from that makes a cutoff in the far future.
   */
  default void deleteBefore(long cutoff) {
    deleteRange(TimeRange.until(cutoff));
  }

  /**
   * As {@link #deleteBefore(long)}.
   *
   * @throws ArithmeticException if the instant does not fit into a timestamp
   */
  default void deleteBefore(Instant cutoff) {
    deleteBefore(TimePrecision.MILLIS.toTimestamp(cutoff));
  }

  /** How many values there are in a range; on the Timelog backend without reading them. */
  long count(TimeRange range);

  /** As {@link #count(TimeRange)}, in {@code [start, end)}. */
  default long count(long start, long end) {
    return count(TimeRange.of(start, end));
  }

  /**
   * As {@link #count(TimeRange)}, in {@code [start, end)}.
   *
   * @throws ArithmeticException if an instant does not fit into a timestamp
   */
  default long count(Instant start, Instant end) {
    return count(TimePrecision.MILLIS.toRange(start, end));
  }

  /** How many values there are; as {@link #count(TimeRange)}. */
  default long count() {
    return count(TimeRange.all());
  }

  /**
   * An aggregate over ranges of time, for any key. To be got once, where the state is got.
   *
   * <p>On the Timelog backend it is answered from summaries of blocks of time, in a time that grows
   * with the logarithm of the number of values in the range, whatever their order of arrival was
   * and whatever was deleted. Summaries are made when they are first needed, lie in the memory of
   * the slot and are in no snapshot: after a restart the first range of a key goes through its
   * values. On other backends, and where Flink puts itself between, as with a time to live, each
   * range goes through its values.
   */
  <A, OUT> RangeAggregate<OUT> aggregate(RangeSummary<V, A, OUT> summary);

  /** The oldest value in a range: the first that {@link #range(TimeRange)} has. */
  Optional<Entry<V>> first(TimeRange range);

  /** The oldest value. */
  default Optional<Entry<V>> first() {
    return first(TimeRange.all());
  }

  /**
   * The newest value in a range: the first that {@link #rangeBackward(TimeRange)} has. The latest
   * one at or before a timestamp is {@code last(TimeRange.closed(Long.MIN_VALUE, timestamp))}.
   */
  Optional<Entry<V>> last(TimeRange range);

  /** The newest value. */
  default Optional<Entry<V>> last() {
    return last(TimeRange.all());
  }

  /** Whether there is no value. */
  boolean isEmpty();
}
