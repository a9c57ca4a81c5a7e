package io.timelog.flink.state;

import io.timelog.flink.internal.summary.FunctionSummarizer;
import io.timelog.summary.DoubleSummary;
import io.timelog.summary.LongSummary;
import io.timelog.summary.Summarizer;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/**
 * What is to be computed of the values in a range of time, from summaries of parts of it.
 *
 * @param summarizer makes summaries of values, and one of two
 * @param result the result that a summary of all values gives
 * @param <V> the type of the values
 * @param <A> the type of the summaries, of Flink's accumulators
 * @param <OUT> the type of the results
 */
public record RangeSummary<V, A, OUT>(Summarizer<V, A> summarizer, Function<A, OUT> result) {
  /** Checks that nothing is missing. */
  public RangeSummary {
    Objects.requireNonNull(summarizer, "summarizer");
    Objects.requireNonNull(result, "result");
  }

  /** Count, sum, smallest and largest of a number that each value has. */
  public static <V> RangeSummary<V, LongSummary, LongSummary> ofLongs(ToLongFunction<V> number) {
    return of(LongSummary.of(number));
  }

  /** Count, sum, smallest and largest of a number that each value has. */
  public static <V> RangeSummary<V, DoubleSummary, DoubleSummary> ofDoubles(
      ToDoubleFunction<V> number) {
    return of(DoubleSummary.of(number));
  }

  /** What a summarizer computes. */
  public static <V, A> RangeSummary<V, A, A> of(Summarizer<V, A> summarizer) {
    return new RangeSummary<>(summarizer, Function.identity());
  }

  /**
   * What an aggregate function of Flink computes, such as one for windows. It needs a {@code merge}
   * as session windows do; values are added and accumulators merged in the order of time.
   *
   * @param accumulators what accumulators are serialized by while they are kept; they are in no
   *     savepoint
   */
  public static <V, A, OUT> RangeSummary<V, A, OUT> of(
      AggregateFunction<V, A, OUT> function, TypeSerializer<A> accumulators) {
    return new RangeSummary<>(
        new FunctionSummarizer<>(function, accumulators), function::getResult);
  }

  /** As {@link #of(AggregateFunction, TypeSerializer)}, with accumulators of a type. */
  public static <V, A, OUT> RangeSummary<V, A, OUT> of(
      AggregateFunction<V, A, OUT> function, TypeInformation<A> accumulators) {
    return of(function, accumulators.createSerializer(new SerializerConfigImpl()));
  }
}
