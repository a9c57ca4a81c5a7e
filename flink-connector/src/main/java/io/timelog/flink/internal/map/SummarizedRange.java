package io.timelog.flink.internal.map;

import io.timelog.TimeRange;
import io.timelog.flink.state.RangeAggregate;
import io.timelog.flink.state.RangeSummary;

/**
 * An aggregate from summaries of rows. Where there may be rows that are no elements it goes through
 * them, as they would be summarized, too.
 */
record SummarizedRange<E, A, OUT>(
    LongListMap<?, ?, E> lists,
    ListSummaries<E> summaries,
    RangeSummary<E, A, OUT> summary,
    RangeAggregate<OUT> throughRows)
    implements RangeAggregate<OUT> {
  @Override
  public OUT over(TimeRange range) {
    return lists.hasElementsOnly()
        ? summary
            .result()
            .apply(summaries.aggregate(lists.currentKey(), range, summary.summarizer()))
        : throughRows.over(range);
  }
}
