package io.timelog.flink.internal.order;

import io.timelog.TimeRange;
import io.timelog.flink.internal.stream.Arrivals;
import io.timelog.flink.internal.stream.EventTime;
import io.timelog.flink.internal.stream.EventTimers;
import io.timelog.flink.internal.stream.Expiry;
import io.timelog.flink.internal.stream.LateRows;
import io.timelog.flink.internal.stream.Lateness;
import io.timelog.flink.internal.stream.TimerKind;
import io.timelog.flink.state.TimeIndexedState;
import io.timelog.flink.state.TimeIndexedStateDescriptor;
import io.timelog.flink.state.TimeIndexedStates;
import org.apache.flink.api.common.typeutils.base.BooleanSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Lets a row through if none of its key was let through that is near to it in time, before or
 * after. Of a row that was let through only its time is kept.
 *
 * @param <K> the type of the keys
 * @param <T> the type of the rows
 */
public final class DeduplicateOperator<K, T> extends AbstractStreamOperator<T>
    implements OneInputStreamOperator<T, T>, EventTimers<K> {
  private static final long serialVersionUID = 1L;

  private final long distance;
  private final @Nullable OutputTag<T> lateTag;
  private final EventTime eventTime;

  @SuppressWarnings("NullAway.Init") // set when the operator opens
  private transient TimeIndexedState<Boolean> passed;

  @SuppressWarnings("NullAway.Init") // set when the operator opens
  private transient Expiry<K> expiry;

  @SuppressWarnings("NullAway.Init") // set when the operator opens
  private transient Arrivals<K, T> arrivals;

  /**
   * Deduplicates rows.
   *
   * @param withinMillis rows that are less apart than that are the same, at least 1
   * @param lateTag where rows go that are too late; null if they are dropped
   */
  public DeduplicateOperator(long withinMillis, @Nullable OutputTag<T> lateTag) {
    this.distance = withinMillis - 1;
    this.lateTag = lateTag;
    this.eventTime = new EventTime("deduplicate", distance + Expiry.reach(distance));
  }

  @Override
  public void open() throws Exception {
    super.open();
    InternalTimerService<TimerKind> timers =
        getInternalTimerService(TimerKind.SERVICE, TimerKind.serializer(), this);
    passed =
        TimeIndexedStates.of(
            getKeyedStateBackend(),
            new TimeIndexedStateDescriptor<>("passed", BooleanSerializer.INSTANCE));
    expiry = new Expiry<>(timers, distance);
    arrivals =
        new Arrivals<>(
            this,
            eventTime,
            Lateness.REACHED,
            timers,
            new LateRows<>(lateTag, output, LateRows.counter(getMetricGroup())),
            this::accept);
  }

  @Override
  public void processElement(StreamRecord<T> row) throws Exception {
    arrivals.accept(row);
  }

  private void accept(K key, long timestamp, T row) {
    if (passed.first(near(timestamp)).isEmpty()) {
      passed.append(timestamp, true);
      expiry.expectAfter(key, timestamp + distance);
      output.collect(new StreamRecord<>(row, timestamp));
    }
  }

  private TimeRange near(long timestamp) {
    return TimeRange.closed(
        EventTime.plus(timestamp, -distance), EventTime.plus(timestamp, distance));
  }

  @Override
  public void onEventTime(InternalTimer<K, TimerKind> timer) {
    passed.deleteBefore(Expiry.firstNeeded(timer, distance));
  }
}
