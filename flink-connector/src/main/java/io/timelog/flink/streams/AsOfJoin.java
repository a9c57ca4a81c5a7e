package io.timelog.flink.streams;

import io.timelog.flink.internal.join.AsOfJoinOperator;
import io.timelog.flink.internal.join.JoinInput;
import io.timelog.flink.internal.join.JoinKind;
import org.apache.flink.api.common.functions.JoinFunction;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.functions.co.ProcessJoinFunction;
import org.apache.flink.util.OutputTag;

/**
 * A join of each left record with what was known last, from {@link TimelogStreams#asOfJoin}.
 *
 * <p>The partner is the latest right record of the same key at or before the left one, within the
 * tolerance, and of those with the same timestamp the one that came last. Results come in the order
 * of time, when the watermark has reached the left record: by then every right record that could be
 * its partner is there, however far out of order it came. A result has the timestamp of its left
 * record.
 *
 * <p>Right records are kept for the tolerance, at most: older ones go where a later one, which the
 * watermark has reached, has taken their place, in steps of a quarter of the tolerance.
 *
 * @param <L> the type of the left records
 * @param <R> the type of the right records
 * @param <K> the type of the keys
 */
public final class AsOfJoin<L, R, K> {
  private static final String NAME = "As-of join";

  private final JoinedStreams<L, R, K> streams;
  private final long tolerance;
  private JoinKind kind = JoinKind.INNER;

  AsOfJoin(KeyedStream<L, K> left, KeyedStream<R, K> right, long tolerance) {
    this.streams = new JoinedStreams<>(left, right);
    this.tolerance = tolerance;
  }

  /** Left records without a partner are results, too, with null in its place. */
  public AsOfJoin<L, R, K> leftOuter() {
    kind = JoinKind.LEFT;
    return this;
  }

  /** Late left records go to a side output. */
  public AsOfJoin<L, R, K> sideOutputLeftLateData(OutputTag<L> tag) {
    streams.lateLeft(tag);
    return this;
  }

  /** Late right records go to a side output. */
  public AsOfJoin<L, R, K> sideOutputRightLateData(OutputTag<R> tag) {
    streams.lateRight(tag);
    return this;
  }

  /**
   * Gives pairs to a function. With {@link #leftOuter} the right one may be null.
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

  private <O> AsOfJoinOperator<K, L, R, O> operator(
      JoinInput<L> left, JoinInput<R> right, ProcessJoinFunction<L, R, O> function) {
    return new AsOfJoinOperator<>(tolerance, kind, left, right, function);
  }
}
