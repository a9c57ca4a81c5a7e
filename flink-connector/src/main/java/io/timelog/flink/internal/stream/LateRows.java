package io.timelog.flink.internal.stream;

import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of rows that come too late: they go to a side output or, if there is none, are
 * counted under the name that Flink's windows have for that.
 *
 * @param <T> the type of the rows
 */
public final class LateRows<T> {
  private static final String DROPPED = "numLateRecordsDropped";

  private final @Nullable OutputTag<T> sideOutput;
  private final Output<?> output;
  private final Counter dropped;

  /**
   * Late rows of an operator.
   *
   * @param dropped counts those for which there is no side output
   */
  public LateRows(@Nullable OutputTag<T> sideOutput, Output<?> output, Counter dropped) {
    this.sideOutput = sideOutput;
    this.output = output;
    this.dropped = dropped;
  }

  /** What counts the rows that an operator drops, for all of its inputs together. */
  public static Counter counter(MetricGroup metrics) {
    return metrics.counter(DROPPED);
  }

  /** Takes a row that is too late. */
  public void add(T row, long timestamp) {
    if (sideOutput == null) {
      dropped.inc();
    } else {
      output.collect(sideOutput, new StreamRecord<>(row, timestamp));
    }
  }
}
