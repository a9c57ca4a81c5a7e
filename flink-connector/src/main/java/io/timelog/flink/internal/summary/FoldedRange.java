package io.timelog.flink.internal.summary;

import io.timelog.Entry;
import io.timelog.TimeRange;
import io.timelog.flink.state.RangeAggregate;
import io.timelog.flink.state.RangeSummary;
import io.timelog.flink.state.TimeIndexedState;
import io.timelog.summary.Summarizer;

/** An aggregate that goes through the values in its range. */
public record FoldedRange<V, A, OUT>(TimeIndexedState<V> state, RangeSummary<V, A, OUT> summary)
    implements RangeAggregate<OUT> {
  @Override
  public OUT over(TimeRange range) {
    Summarizer<V, A> summarizer = summary.summarizer();
    A summarized = summarizer.none();
    for (Entry<V> entry : state.range(range)) {
      summarized = summarizer.add(summarized, entry.timestamp(), entry.value());
    }
    return summary.result().apply(summarized);
  }
}
