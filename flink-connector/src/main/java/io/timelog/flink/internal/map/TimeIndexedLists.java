package io.timelog.flink.internal.map;

import io.timelog.BatchPosition;
import io.timelog.Cursor;
import io.timelog.Entry;
import io.timelog.EntryBatch;
import io.timelog.Span;
import io.timelog.TimeRange;
import io.timelog.flink.internal.summary.FoldedRange;
import io.timelog.flink.state.RangeAggregate;
import io.timelog.flink.state.RangeSummary;
import io.timelog.flink.state.TimeIndexedState;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A map from longs to lists as state that is indexed by time. A row of the table is an element of
 * it, so what is asked here the engine is asked.
 */
final class TimeIndexedLists<E> implements TimeIndexedState<E> {
  private final LongListMap<?, ?, E> lists;
  private final BatchPosition position = new BatchPosition();
  private final EntryBatch single = new EntryBatch(1, 1);

  TimeIndexedLists(LongListMap<?, ?, E> lists) {
    this.lists = lists;
  }

  @Override
  public void append(long timestamp, E value) {
    Objects.requireNonNull(value, "value");
    lists.appendElement(lists.currentKey(), timestamp, value);
  }

  @Override
  public List<E> at(long timestamp) {
    EntryBatch rows = new EntryBatch();
    int size = lists.read(lists.currentKey(), position.begin(TimeRange.at(timestamp)), rows);
    List<E> list = size == 0 ? null : lists.decode(rows, 0, size);
    return list == null ? new ArrayList<>() : list;
  }

  @Override
  public Iterable<Entry<E>> range(TimeRange range) {
    Objects.requireNonNull(range, "range");
    return () -> new OldestFirst<>(lists, lists.currentKey().toByteArray(), range);
  }

  @Override
  public Iterable<Entry<E>> rangeBackward(TimeRange range) {
    Objects.requireNonNull(range, "range");
    return () -> new NewestFirst<>(lists, lists.currentKey().toByteArray(), range);
  }

  @Override
  public void deleteRange(TimeRange range) {
    lists.removeLists(lists.currentKey(), range);
  }

  @Override
  public long count(TimeRange range) {
    Span key = lists.currentKey();
    return lists.hasElementsOnly()
        ? lists.table().count(key.toByteArray(), range)
        : countElements(key, range);
  }

  private long countElements(Span key, TimeRange range) {
    long count = 0;
    position.begin(range);
    ReadRows read = ReadRows.first();
    while (!position.isExhausted()) {
      EntryBatch rows = read.rows();
      int size = lists.read(key, position, rows);
      for (int i = 0; i < size; i++) {
        count += lists.isElement(rows, i) ? 1 : 0;
      }
      read = read.next();
    }
    return count;
  }

  @Override
  public <A, OUT> RangeAggregate<OUT> aggregate(RangeSummary<E, A, OUT> summary) {
    return new SummarizedRange<>(
        lists, lists.summarized(summary.summarizer()), summary, new FoldedRange<>(this, summary));
  }

  @Override
  public Optional<Entry<E>> first(TimeRange range) {
    Span key = lists.currentKey();
    position.begin(range);
    while (!position.isExhausted() && lists.read(key, position, single) > 0) {
      if (lists.isElement(single, 0)) {
        return Optional.of(new Entry<>(single.timestamp(0), lists.element(single, 0)));
      }
    }
    return Optional.empty();
  }

  @Override
  public Optional<Entry<E>> last(TimeRange range) {
    byte[] key = lists.currentKey().toByteArray();
    try (Cursor rows = lists.table().scanBackward(key, range)) {
      while (rows.advance()) {
        E element = lists.element(rows);
        if (element != null) {
          return Optional.of(new Entry<>(rows.timestamp(), element));
        }
      }
    }
    return Optional.empty();
  }

  @Override
  public boolean isEmpty() {
    Span key = lists.currentKey();
    position.begin(TimeRange.all());
    while (!position.isExhausted() && lists.read(key, position, single) > 0) {
      if (lists.isElement(single, 0)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void clear() {
    lists.clear();
  }
}
