package io.timelog.flink.internal.join;

import io.timelog.Entry;
import io.timelog.TimeRange;
import io.timelog.flink.internal.stream.Arrivals;
import io.timelog.flink.internal.stream.EventTime;
import io.timelog.flink.internal.stream.EventTimers;
import io.timelog.flink.internal.stream.Expiry;
import io.timelog.flink.internal.stream.LateRows;
import io.timelog.flink.internal.stream.Lateness;
import io.timelog.flink.internal.stream.TimerKind;
import io.timelog.flink.internal.stream.WaitingRows;
import io.timelog.flink.state.TimeIndexedState;
import io.timelog.flink.state.TimeIndexedStateDescriptor;
import io.timelog.flink.state.TimeIndexedStates;
import java.util.List;
import java.util.Optional;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.co.ProcessJoinFunction;
import org.apache.flink.streaming.api.operators.AbstractUdfStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Joins each row of the left stream with the latest one of the right stream at or before it, once
 * the watermark says that no later one comes any more.
 *
 * @param <K> the type of the keys
 * @param <L> the type of the left rows
 * @param <R> the type of the right rows
 * @param <O> the type of the results
 */
public final class AsOfJoinOperator<K, L, R, O>
    extends AbstractUdfStreamOperator<O, ProcessJoinFunction<L, R, O>>
    implements TwoInputStreamOperator<L, R, O>, EventTimers<K> {
  private static final long serialVersionUID = 1L;

  private final long tolerance;
  private final JoinKind kind;
  private final JoinInput<L> leftInput;
  private final JoinInput<R> rightInput;
  private final EventTime eventTime;

  @SuppressWarnings("NullAway.Init") // set when the operator opens
  private transient WaitingRows<K, L> left;

  @SuppressWarnings("NullAway.Init") // set when the operator opens
  private transient TimeIndexedState<R> right;

  @SuppressWarnings("NullAway.Init") // set when the operator opens
  private transient Expiry<K> expiry;

  @SuppressWarnings("NullAway.Init") // set when the operator opens
  private transient Arrivals<K, L> leftArrivals;

  @SuppressWarnings("NullAway.Init") // set when the operator opens
  private transient Arrivals<K, R> rightArrivals;

  @SuppressWarnings("NullAway.Init") // set when the operator opens
  private transient JoinedRows<L, R, O> joined;

  /**
   * A join of that kind.
   *
   * @param tolerance how many milliseconds the right row may be older
   * @param kind {@link JoinKind#INNER} or {@link JoinKind#LEFT}
   */
  public AsOfJoinOperator(
      long tolerance,
      JoinKind kind,
      JoinInput<L> left,
      JoinInput<R> right,
      ProcessJoinFunction<L, R, O> function) {
    super(function);
    this.tolerance = tolerance;
    this.kind = kind;
    this.leftInput = left;
    this.rightInput = right;
    this.eventTime = new EventTime("as-of join", tolerance + Expiry.reach(tolerance));
  }

  @Override
  public void open() throws Exception {
    super.open();
    InternalTimerService<TimerKind> timers =
        getInternalTimerService(TimerKind.SERVICE, TimerKind.serializer(), this);
    TimeIndexedState<L> waiting =
        TimeIndexedStates.of(
            getKeyedStateBackend(),
            new TimeIndexedStateDescriptor<>("left", leftInput.serializer()));
    left = new WaitingRows<>(waiting, timers);
    right =
        TimeIndexedStates.of(
            getKeyedStateBackend(),
            new TimeIndexedStateDescriptor<>("right", rightInput.serializer()));
    expiry = new Expiry<>(timers, tolerance);
    Counter dropped = LateRows.counter(getMetricGroup());
    leftArrivals =
        new Arrivals<>(
            this,
            eventTime,
            Lateness.REACHED,
            timers,
            new LateRows<>(leftInput.late(), output, dropped),
            left::add);
    rightArrivals =
        new Arrivals<>(
            this,
            eventTime,
            Lateness.REACHED,
            timers,
            new LateRows<>(rightInput.late(), output, dropped),
            this::addRight);
    joined = new JoinedRows<>(userFunction, output);
  }

  @Override
  public void processElement1(StreamRecord<L> row) throws Exception {
    leftArrivals.accept(row);
  }

  @Override
  public void processElement2(StreamRecord<R> row) throws Exception {
    rightArrivals.accept(row);
  }

  private void addRight(K key, long timestamp, R row) {
    right.append(timestamp, row);
    expiry.expectAfter(key, timestamp + tolerance);
  }

  @Override
  public void onEventTime(InternalTimer<K, TimerKind> timer) throws Exception {
    if (timer.getNamespace() == TimerKind.RELEASE) {
      left.release(timer.getKey(), this::join);
    } else {
      expire(timer);
    }
  }

  private void join(long timestamp, List<L> rows) throws Exception {
    Optional<Entry<R>> latest =
        right.last(TimeRange.closed(EventTime.plus(timestamp, -tolerance), timestamp));
    if (latest.isPresent()) {
      Entry<R> found = latest.get();
      for (L row : rows) {
        joined.join(row, timestamp, found.value(), found.timestamp(), timestamp);
      }
    } else if (kind.hasAllOfLeft()) {
      for (L row : rows) {
        joined.join(row, timestamp, null, JoinedRows.ABSENT, timestamp);
      }
    }
  }

  /**
   * Rows that wait lie at the timer or behind it, since those before it have gone on. So of all
   * right rows up to the timer only the latest is still asked for.
   */
  private void expire(InternalTimer<K, TimerKind> timer) {
    right
        .last(TimeRange.closed(Long.MIN_VALUE, timer.getTimestamp()))
        .ifPresent(
            latest ->
                right.deleteBefore(
                    Math.max(latest.timestamp(), Expiry.firstNeeded(timer, tolerance))));
  }
}
