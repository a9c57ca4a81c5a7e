package io.timelog.flink.internal.stream;

import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.KeyContext;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * The rows that come in by an input of an operator: those in time are taken apart for the operator,
 * late ones go where they are to go.
 *
 * @param <K> the type of the keys
 * @param <T> the type of the rows
 */
public final class Arrivals<K, T> {
  private final KeyContext operator;
  private final EventTime eventTime;
  private final Lateness lateness;
  private final InternalTimerService<TimerKind> timers;
  private final LateRows<T> late;
  private final Taker<K, T> inTime;

  /**
   * Rows of an input.
   *
   * @param operator knows the key of the row that it is processing
   * @param timers know the watermark
   */
  public Arrivals(
      KeyContext operator,
      EventTime eventTime,
      Lateness lateness,
      InternalTimerService<TimerKind> timers,
      LateRows<T> late,
      Taker<K, T> inTime) {
    this.operator = operator;
    this.eventTime = eventTime;
    this.lateness = lateness;
    this.timers = timers;
    this.late = late;
    this.inTime = inTime;
  }

  /** What takes the rows that are in time. */
  @FunctionalInterface
  public interface Taker<K, T> {
    /** Takes a row of the current key. */
    void take(K key, long timestamp, T row) throws Exception;
  }

  /**
   * A row has come.
   *
   * @throws IllegalArgumentException if it has no timestamp, or one too far in the future
   */
  @SuppressWarnings("unchecked") // Flink gives the key of the stream as an object
  public void accept(StreamRecord<T> row) throws Exception {
    long timestamp = eventTime.of(row);
    if (lateness.isLate(timestamp, timers.currentWatermark())) {
      late.add(row.getValue(), timestamp);
    } else {
      inTime.take((K) operator.getCurrentKey(), timestamp, row.getValue());
    }
  }
}
