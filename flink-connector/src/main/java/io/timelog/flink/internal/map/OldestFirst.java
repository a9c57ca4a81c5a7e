package io.timelog.flink.internal.map;

import io.timelog.BatchPosition;
import io.timelog.Span;
import io.timelog.TimeRange;

/** Elements in the order of their timestamps, and of arrival. */
final class OldestFirst<E> extends ElementsOfRange<E> {
  private final LongListMap<?, ?, E> lists;
  private final Span key;
  private final BatchPosition position;
  private ReadRows read = ReadRows.first();

  OldestFirst(LongListMap<?, ?, E> lists, byte[] key, TimeRange range) {
    super(lists);
    this.lists = lists;
    this.key = Span.of(key);
    this.position = new BatchPosition().begin(range);
  }

  @Override
  boolean read() {
    if (position.isExhausted()) {
      return false;
    }
    if (!read.rows().isEmpty()) {
      read = read.next();
    }
    take(read.rows(), lists.read(key, position, read.rows()));
    return true;
  }
}
