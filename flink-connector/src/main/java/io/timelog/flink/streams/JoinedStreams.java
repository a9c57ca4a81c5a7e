package io.timelog.flink.streams;

import io.timelog.flink.internal.join.JoinInput;
import java.util.Objects;
import org.apache.flink.api.common.functions.Function;
import org.apache.flink.api.common.functions.JoinFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.typeutils.TypeExtractor;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.functions.co.ProcessJoinFunction;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/** Two keyed streams that are to be joined. */
final class JoinedStreams<L, R, K> {
  private final KeyedStream<L, K> left;
  private final KeyedStream<R, K> right;
  private @Nullable OutputTag<L> lateLeft;
  private @Nullable OutputTag<R> lateRight;

  JoinedStreams(KeyedStream<L, K> left, KeyedStream<R, K> right) {
    this.left = Objects.requireNonNull(left, "left");
    this.right = Objects.requireNonNull(right, "right");
  }

  void lateLeft(OutputTag<L> tag) {
    lateLeft = Objects.requireNonNull(tag, "tag");
  }

  void lateRight(OutputTag<R> tag) {
    lateRight = Objects.requireNonNull(tag, "tag");
  }

  /** Makes the operator of a function. */
  interface Operators<L, R, O> {
    TwoInputStreamOperator<L, R, O> of(
        JoinInput<L> left, JoinInput<R> right, ProcessJoinFunction<L, R, O> function);
  }

  /** Adds an operator with this function to the job. */
  <O> SingleOutputStreamOperator<O> process(
      String name, Operators<L, R, O> operators, ProcessJoinFunction<L, R, O> function) {
    TypeInformation<O> type = resultType(name, ProcessJoinFunction.class, function);
    return transform(name, operators, function, type);
  }

  /** As {@link #process}, with a function that may be a lambda. */
  <O> SingleOutputStreamOperator<O> apply(
      String name, Operators<L, R, O> operators, JoinFunction<L, R, O> function) {
    TypeInformation<O> type = resultType(name, JoinFunction.class, function);
    JoinFunction<L, R, O> cleaned = left.getExecutionEnvironment().clean(function);
    return transform(name, operators, new AppliedJoin<>(cleaned), type);
  }

  /** The type of the results of a function, whose class has the types of both sides before it. */
  private <O> TypeInformation<O> resultType(
      String name, Class<? extends Function> base, Function function) {
    return TypeExtractor.getBinaryOperatorReturnType(
        Objects.requireNonNull(function, "function"),
        base,
        0,
        1,
        2,
        TypeExtractor.NO_INDEX,
        left.getType(),
        right.getType(),
        name,
        true);
  }

  private <O> SingleOutputStreamOperator<O> transform(
      String name,
      Operators<L, R, O> operators,
      ProcessJoinFunction<L, R, O> function,
      TypeInformation<O> type) {
    return left.connect(right)
        .transform(
            name,
            type,
            operators.of(
                new JoinInput<>(TimelogStreams.serializer(left), lateLeft),
                new JoinInput<>(TimelogStreams.serializer(right), lateRight),
                left.getExecutionEnvironment().clean(function)));
  }
}
