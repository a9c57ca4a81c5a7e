package io.timelog.flink.internal.order;

import io.timelog.flink.internal.stream.Arrivals;
import io.timelog.flink.internal.stream.EventTime;
import io.timelog.flink.internal.stream.EventTimers;
import io.timelog.flink.internal.stream.LateRows;
import io.timelog.flink.internal.stream.Lateness;
import io.timelog.flink.internal.stream.TimerKind;
import io.timelog.flink.internal.stream.WaitingRows;
import io.timelog.flink.state.TimeIndexedStateDescriptor;
import io.timelog.flink.state.TimeIndexedStates;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Holds rows back until the watermark has reached them, and lets them go in the order of time.
 *
 * @param <K> the type of the keys
 * @param <T> the type of the rows
 */
public final class SortOperator<K, T> extends AbstractStreamOperator<T>
    implements OneInputStreamOperator<T, T>, EventTimers<K> {
  private static final long serialVersionUID = 1L;

  private final TypeSerializer<T> serializer;
  private final @Nullable OutputTag<T> lateTag;
  private final EventTime eventTime = new EventTime("sort by event time", 1);

  @SuppressWarnings("NullAway.Init") // set when the operator opens
  private transient WaitingRows<K, T> waiting;

  @SuppressWarnings("NullAway.Init") // set when the operator opens
  private transient Arrivals<K, T> arrivals;

  /**
   * Sorts rows.
   *
   * @param lateTag where rows go that are too late; null if they are dropped
   */
  public SortOperator(TypeSerializer<T> serializer, @Nullable OutputTag<T> lateTag) {
    this.serializer = serializer;
    this.lateTag = lateTag;
  }

  @Override
  public void open() throws Exception {
    super.open();
    InternalTimerService<TimerKind> timers =
        getInternalTimerService(TimerKind.SERVICE, TimerKind.serializer(), this);
    waiting =
        new WaitingRows<>(
            TimeIndexedStates.of(
                getKeyedStateBackend(), new TimeIndexedStateDescriptor<>("rows", serializer)),
            timers);
    arrivals =
        new Arrivals<>(
            this,
            eventTime,
            Lateness.REACHED,
            timers,
            new LateRows<>(lateTag, output, LateRows.counter(getMetricGroup())),
            waiting::add);
  }

  @Override
  public void processElement(StreamRecord<T> row) throws Exception {
    arrivals.accept(row);
  }

  @Override
  public void onEventTime(InternalTimer<K, TimerKind> timer) throws Exception {
    waiting.release(timer.getKey(), this::emit);
  }

  private void emit(long timestamp, List<T> rows) {
    for (T row : rows) {
      output.collect(new StreamRecord<>(row, timestamp));
    }
  }
}
