package io.timelog.flink.internal.summary;

import io.timelog.Codec;
import io.timelog.summary.Summarizer;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/** An aggregate function of Flink as a summarizer; a summary is an accumulator. */
public final class FunctionSummarizer<V, A> implements Summarizer<V, A> {
  private final AggregateFunction<V, A, ?> function;
  private final Codec<A> codec;

  /** A function whose accumulators are serialized so. */
  public FunctionSummarizer(AggregateFunction<V, A, ?> function, TypeSerializer<A> accumulators) {
    this.function = function;
    this.codec = new SerializerCodec<>(accumulators);
  }

  @Override
  public A none() {
    return function.createAccumulator();
  }

  @Override
  public A add(A summary, long timestamp, V value) {
    return function.add(value, summary);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException if the function returns null, as functions do that were written
   *     for windows which never merge
   */
  @Override
  public A merge(A earlier, A later) {
    A merged = function.merge(earlier, later);
    if (merged == null) {
      throw new IllegalStateException(
          "The merge method of an aggregate function returned null. Ranges of time are aggregated by"
              + " merging accumulators of parts, so it must be implemented: function="
              + function.getClass().getName());
    }
    return merged;
  }

  @Override
  public Codec<A> codec() {
    return codec;
  }
}
