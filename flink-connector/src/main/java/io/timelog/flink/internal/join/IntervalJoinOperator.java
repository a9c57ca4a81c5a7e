package io.timelog.flink.internal.join;

import io.timelog.flink.internal.stream.Arrivals;
import io.timelog.flink.internal.stream.EventTime;
import io.timelog.flink.internal.stream.EventTimers;
import io.timelog.flink.internal.stream.Expiry;
import io.timelog.flink.internal.stream.LateRows;
import io.timelog.flink.internal.stream.Lateness;
import io.timelog.flink.internal.stream.TimerKind;
import io.timelog.flink.state.TimeIndexedStateDescriptor;
import io.timelog.flink.state.TimeIndexedStates;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.co.ProcessJoinFunction;
import org.apache.flink.streaming.api.operators.AbstractUdfStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Joins the rows of two keyed streams whose distance in time lies in an interval.
 *
 * @param <K> the type of the keys
 * @param <L> the type of the left rows
 * @param <R> the type of the right rows
 * @param <O> the type of the results
 */
public final class IntervalJoinOperator<K, L, R, O>
    extends AbstractUdfStreamOperator<O, ProcessJoinFunction<L, R, O>>
    implements TwoInputStreamOperator<L, R, O>, EventTimers<K> {
  private static final long serialVersionUID = 1L;

  /*
   * An event costs an append and one scan of the other side, which begins where the interval begins
   * and ends where it ends. Nothing is ever looked up in order to be cleaned up: timers are those
   * of Expiry, by key and step of time, and in an outer join one for a row that had no partner when
   * it came.
   *
   * Every pair of rows that were not late is found, whichever of them came first. So it does not
   * matter when exactly rows are forgotten: what is still there and lies in the interval belongs to
   * the result.
   */

  private final JoinInterval interval;
  private final JoinKind kind;
  private final JoinInput<L> leftInput;
  private final JoinInput<R> rightInput;
  private final EventTime eventTime;

  @SuppressWarnings("NullAway.Init") // set when the operator opens
  private transient JoinSide<K, L, R> left;

  @SuppressWarnings("NullAway.Init") // set when the operator opens
  private transient JoinSide<K, R, L> right;

  @SuppressWarnings("NullAway.Init") // set when the operator opens
  private transient Arrivals<K, L> leftArrivals;

  @SuppressWarnings("NullAway.Init") // set when the operator opens
  private transient Arrivals<K, R> rightArrivals;

  /** A join of rows in an interval, as seen from the left side. */
  public IntervalJoinOperator(
      JoinInterval interval,
      JoinKind kind,
      JoinInput<L> left,
      JoinInput<R> right,
      ProcessJoinFunction<L, R, O> function) {
    super(function);
    this.interval = interval;
    this.kind = kind;
    this.leftInput = left;
    this.rightInput = right;
    this.eventTime = new EventTime("interval join", longestKept() + Expiry.reach(longestKept()));
  }

  private long longestKept() {
    return Math.max(
        SideRules.ofLeft(interval, kind).keepMillis(),
        SideRules.ofRight(interval, kind).keepMillis());
  }

  @Override
  public void open() throws Exception {
    super.open();
    InternalTimerService<TimerKind> timers =
        getInternalTimerService(TimerKind.SERVICE, TimerKind.serializer(), this);
    Expiry<K> expiry = new Expiry<>(timers, longestKept());
    Counter dropped = LateRows.counter(getMetricGroup());
    JoinedRows<L, R, O> joined = new JoinedRows<>(userFunction, output);
    left =
        new JoinSide<>(
            TimeIndexedStates.of(
                getKeyedStateBackend(),
                new TimeIndexedStateDescriptor<>("left", leftInput.serializer())),
            SideRules.ofLeft(interval, kind),
            timers,
            expiry,
            joined::join);
    right =
        new JoinSide<>(
            TimeIndexedStates.of(
                getKeyedStateBackend(),
                new TimeIndexedStateDescriptor<>("right", rightInput.serializer())),
            SideRules.ofRight(interval, kind),
            timers,
            expiry,
            joined::joinReversed);
    leftArrivals =
        new Arrivals<>(
            this,
            eventTime,
            Lateness.PASSED,
            timers,
            new LateRows<>(leftInput.late(), output, dropped),
            (key, timestamp, row) -> left.accept(key, timestamp, row, right));
    rightArrivals =
        new Arrivals<>(
            this,
            eventTime,
            Lateness.PASSED,
            timers,
            new LateRows<>(rightInput.late(), output, dropped),
            (key, timestamp, row) -> right.accept(key, timestamp, row, left));
  }

  @Override
  public void processElement1(StreamRecord<L> row) throws Exception {
    leftArrivals.accept(row);
  }

  @Override
  public void processElement2(StreamRecord<R> row) throws Exception {
    rightArrivals.accept(row);
  }

  @Override
  public void onEventTime(InternalTimer<K, TimerKind> timer) throws Exception {
    switch (timer.getNamespace()) {
      case LEFT_DECIDED -> left.decide(timer, right);
      case RIGHT_DECIDED -> right.decide(timer, left);
      default -> {
        left.expire(timer);
        right.expire(timer);
      }
    }
  }
}
