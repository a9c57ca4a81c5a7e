package io.timelog.flink.internal.rolling;

import io.timelog.flink.internal.summary.FunctionSummarizer;
import java.io.Serializable;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/**
 * What is aggregated, and how it is kept.
 *
 * @param <T> the type of the rows
 * @param <A> the type of the accumulators
 * @param <V> the type of the aggregates
 */
public record Aggregation<T, A, V>(
    AggregateFunction<T, A, V> function, TypeSerializer<T> rows, TypeSerializer<A> accumulators)
    implements Serializable {
  /** The function as what summarizes ranges of rows. */
  FunctionSummarizer<T, A> summarizer() {
    return new FunctionSummarizer<>(function, accumulators);
  }
}
