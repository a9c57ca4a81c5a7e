package io.timelog.flink.internal.rolling;

import io.timelog.TimeRange;
import io.timelog.flink.internal.stream.Arrivals;
import io.timelog.flink.internal.stream.EventTime;
import io.timelog.flink.internal.stream.EventTimers;
import io.timelog.flink.internal.stream.Expiry;
import io.timelog.flink.internal.stream.LateRows;
import io.timelog.flink.internal.stream.Lateness;
import io.timelog.flink.internal.stream.TimerKind;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.operators.AbstractUdfStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Gives with each row the aggregate of the rows of its key in the time up to it.
 *
 * @param <K> the type of the keys
 * @param <T> the type of the rows
 * @param <A> the type of the accumulators
 * @param <V> the type of the aggregates
 */
abstract class RollingOperator<K, T, A, V>
    extends AbstractUdfStreamOperator<Tuple2<T, V>, AggregateFunction<T, A, V>>
    implements OneInputStreamOperator<T, Tuple2<T, V>>, EventTimers<K> {
  private static final long serialVersionUID = 1L;

  private final long behind;
  private final Aggregation<T, A, V> aggregation;
  private final @Nullable OutputTag<T> lateTag;
  private final EventTime eventTime;

  @SuppressWarnings("NullAway.Init") // set when the operator opens
  private transient InternalTimerService<TimerKind> timers;

  @SuppressWarnings("NullAway.Init") // set when the operator opens
  private transient RollingAggregates<T, A> aggregates;

  @SuppressWarnings("NullAway.Init") // set when the operator opens
  private transient Expiry<K> expiry;

  @SuppressWarnings("NullAway.Init") // set when the operator opens
  private transient Arrivals<K, T> arrivals;

  /**
   * Aggregates of the last so many milliseconds.
   *
   * @param sizeMillis at least 1
   * @param lateTag where rows go that are too late; null if they are dropped
   */
  RollingOperator(
      long sizeMillis, Aggregation<T, A, V> aggregation, @Nullable OutputTag<T> lateTag) {
    super(aggregation.function());
    this.behind = sizeMillis - 1;
    this.aggregation = aggregation;
    this.lateTag = lateTag;
    this.eventTime = new EventTime("rolling aggregate", behind + Expiry.reach(behind));
  }

  @Override
  public void open() throws Exception {
    super.open();
    timers = getInternalTimerService(TimerKind.SERVICE, TimerKind.serializer(), this);
    aggregates = RollingStates.of(getKeyedStateBackend(), aggregation);
    expiry = new Expiry<>(timers, behind);
    arrivals =
        new Arrivals<>(
            this,
            eventTime,
            Lateness.REACHED,
            timers,
            new LateRows<>(lateTag, output, LateRows.counter(getMetricGroup())),
            this::accept);
  }

  /** The timers of the operator. */
  final InternalTimerService<TimerKind> timers() {
    return timers;
  }

  @Override
  public final void processElement(StreamRecord<T> row) throws Exception {
    arrivals.accept(row);
  }

  /** Takes a row that is not late. */
  abstract void accept(K key, long timestamp, T row) throws Exception;

  /** Adds a row of the current key to those that are aggregated. */
  final void add(K key, long timestamp, T row) throws Exception {
    aggregates.add(timestamp, row);
    expiry.expectAfter(key, timestamp + behind);
  }

  /**
   * The aggregate at a time.
   *
   * @param closed no row is added any more at this time or before
   */
  final V aggregate(long timestamp, long closed) throws Exception {
    TimeRange range = TimeRange.closed(EventTime.plus(timestamp, -behind), timestamp);
    return userFunction.getResult(aggregates.over(range, closed));
  }

  /** Gives a result. */
  final void emit(long timestamp, T row, V aggregate) {
    output.collect(new StreamRecord<>(Tuple2.of(row, aggregate), timestamp));
  }

  @Override
  public void onEventTime(InternalTimer<K, TimerKind> timer) throws Exception {
    aggregates.deleteBefore(Expiry.firstNeeded(timer, behind));
  }
}
