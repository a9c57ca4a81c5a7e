package io.timelog.flink.streams;

import io.timelog.flink.internal.join.IntervalJoinOperator;
import io.timelog.flink.internal.join.JoinInput;
import io.timelog.flink.internal.join.JoinInterval;
import io.timelog.flink.internal.join.JoinKind;
import org.apache.flink.api.common.functions.JoinFunction;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.functions.co.ProcessJoinFunction;
import org.apache.flink.util.OutputTag;

/**
 * A join of two keyed streams in an interval of time, from {@link TimelogStreams#intervalJoin}.
 *
 * <p>A result comes with the later of its two records, and has its timestamp. Every pair in the
 * interval of which neither was late is a result, once. In an outer join a record that had no
 * partner comes, with null in the place of the other, when the watermark says that none can come
 * any more; the timestamp is that moment, one millisecond behind the interval, so that the result
 * is not late for whatever follows. The timestamp of the record that is not there is {@link
 * Long#MIN_VALUE}.
 *
 * <p>Flink's interval join is inner, and has the same results. Only where the watermark is exactly
 * at a record, which is late by the book and not for Flink's join, may that one have forgotten a
 * partner at the other end of the interval, which this one still finds.
 *
 * <p>An event costs an append and a scan of the partners in the interval; rows of the other side
 * that lie outside of it, be it ahead or behind, are not touched on the Timelog backend. Rows are
 * kept until no partner can come any more, and up to a quarter longer. In an outer join rows of the
 * other side are kept until the last of their partners is decided.
 *
 * @param <L> the type of the left records
 * @param <R> the type of the right records
 * @param <K> the type of the keys
 */
public final class IntervalJoin<L, R, K> {
  private static final String NAME = "Interval join";

  private final JoinedStreams<L, R, K> streams;
  private JoinInterval interval;
  private JoinKind kind = JoinKind.INNER;

  IntervalJoin(KeyedStream<L, K> left, KeyedStream<R, K> right, long lower, long upper) {
    this.streams = new JoinedStreams<>(left, right);
    this.interval = checked(lower, upper);
  }

  private static JoinInterval checked(long lower, long upper) {
    if (lower > upper) {
      throw new IllegalArgumentException(
          "An interval join needs an interval that has something in it: first="
              + lower
              + " ms, last="
              + upper
              + " ms");
    }
    return new JoinInterval(lower, upper);
  }

  /**
   * Excludes the lower bound from the interval.
   *
   * @throws IllegalArgumentException if nothing is left of it
   */
  public IntervalJoin<L, R, K> lowerBoundExclusive() {
    interval = checked(interval.lower() + 1, interval.upper());
    return this;
  }

  /**
   * Excludes the upper bound from the interval.
   *
   * @throws IllegalArgumentException if nothing is left of it
   */
  public IntervalJoin<L, R, K> upperBoundExclusive() {
    interval = checked(interval.lower(), interval.upper() - 1);
    return this;
  }

  /** Left records without a partner are results, too. */
  public IntervalJoin<L, R, K> leftOuter() {
    kind = JoinKind.LEFT;
    return this;
  }

  /** Right records without a partner are results, too. */
  public IntervalJoin<L, R, K> rightOuter() {
    kind = JoinKind.RIGHT;
    return this;
  }

  /** All records without a partner are results, too. */
  public IntervalJoin<L, R, K> fullOuter() {
    kind = JoinKind.FULL;
    return this;
  }

  /** Late left records go to a side output. */
  public IntervalJoin<L, R, K> sideOutputLeftLateData(OutputTag<L> tag) {
    streams.lateLeft(tag);
    return this;
  }

  /** Late right records go to a side output. */
  public IntervalJoin<L, R, K> sideOutputRightLateData(OutputTag<R> tag) {
    streams.lateRight(tag);
    return this;
  }

  /**
   * Gives pairs to a function. In an outer join one of the two may be null.
   *
   * @return the operator, which may be given a name, a uid and, if Flink does not find it, a type
   */
  public <O> SingleOutputStreamOperator<O> process(ProcessJoinFunction<L, R, O> function) {
    return streams.process(NAME, this::operator, function);
  }

  /** As {@link #process}, with a function that makes one result of each pair, such as a lambda. */
  public <O> SingleOutputStreamOperator<O> apply(JoinFunction<L, R, O> function) {
    return streams.apply(NAME, this::operator, function);
  }

  private <O> IntervalJoinOperator<K, L, R, O> operator(
      JoinInput<L> left, JoinInput<R> right, ProcessJoinFunction<L, R, O> function) {
    return new IntervalJoinOperator<>(interval, kind, left, right, function);
  }
}
