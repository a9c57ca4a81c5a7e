package io.timelog.flink.internal.join;

import org.apache.flink.streaming.api.functions.co.ProcessJoinFunction;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.api.operators.TimestampedCollector;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Gives what was joined to the function of a join.
 *
 * @param <L> the type of the left rows
 * @param <R> the type of the right rows
 * @param <O> the type of the results
 */
final class JoinedRows<L, R, O> {
  /** The timestamp of a row that is not there. */
  static final long ABSENT = Long.MIN_VALUE;

  private final ProcessJoinFunction<L, R, O> function;
  private final Output<StreamRecord<O>> output;
  private final TimestampedCollector<O> collector;
  private final Context context;

  JoinedRows(ProcessJoinFunction<L, R, O> function, Output<StreamRecord<O>> output) {
    this.function = function;
    this.output = output;
    this.collector = new TimestampedCollector<>(output);
    this.context = new Context(function);
  }

  /**
   * Joins two rows, of which one may be null.
   *
   * @param at the timestamp of results
   */
  void join(@Nullable L left, long leftTime, @Nullable R right, long rightTime, long at)
      throws Exception {
    context.leftTime = leftTime;
    context.rightTime = rightTime;
    context.resultTime = at;
    collector.setAbsoluteTimestamp(at);
    function.processElement(left, right, context, collector);
  }

  /** As {@link #join}, with the sides the other way around. */
  void joinReversed(@Nullable R right, long rightTime, @Nullable L left, long leftTime, long at)
      throws Exception {
    join(left, leftTime, right, rightTime, at);
  }

  /** What the function may ask for. */
  private final class Context extends ProcessJoinFunction<L, R, O>.Context {
    private long leftTime = ABSENT;
    private long rightTime = ABSENT;
    private long resultTime = ABSENT;

    Context(ProcessJoinFunction<L, R, O> function) {
      function.super();
    }

    @Override
    public long getLeftTimestamp() {
      return leftTime;
    }

    @Override
    public long getRightTimestamp() {
      return rightTime;
    }

    @Override
    public long getTimestamp() {
      return resultTime;
    }

    @Override
    public <X> void output(OutputTag<X> tag, X value) {
      output.collect(tag, new StreamRecord<>(value, resultTime));
    }
  }
}
