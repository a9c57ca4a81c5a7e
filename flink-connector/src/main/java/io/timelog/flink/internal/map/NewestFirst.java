package io.timelog.flink.internal.map;

import io.timelog.Cursor;
import io.timelog.EntryBatch;
import io.timelog.Span;
import io.timelog.TimeRange;

/**
 * Elements in exactly the reverse order. A batch has all elements of a timestamp or none: if it is
 * full within one, that one is left to the next batch, which has it alone if it is long.
 */
final class NewestFirst<E> extends ElementsOfRange<E> {
  private final LongListMap<?, ?, E> lists;
  private final byte[] key;
  private TimeRange rest;
  private ReadRows read = ReadRows.first();

  NewestFirst(LongListMap<?, ?, E> lists, byte[] key, TimeRange range) {
    super(lists);
    this.lists = lists;
    this.key = key;
    this.rest = range;
  }

  @Override
  boolean read() {
    if (rest.isEmpty()) {
      return false;
    }
    if (!read.rows().isEmpty()) {
      read = read.next();
    }
    EntryBatch rows = read.rows();
    if (fill(rows)) {
      rest = TimeRange.empty();
      take(rows, rows.size());
      return true;
    }
    long oldest = rows.timestamp(rows.size() - 1);
    int whole = rows.size();
    while (whole > 0 && rows.timestamp(whole - 1) == oldest) {
      whole--;
    }
    if (whole > 0) {
      rest = rest.intersect(TimeRange.until(rows.timestamp(whole - 1)));
      take(rows, whole);
    } else {
      rest = rest.intersect(TimeRange.until(oldest));
      takeReversed(lists.readList(key, oldest, Integer.MAX_VALUE));
    }
    return true;
  }

  /** Copies rows into an empty batch; whether that were all. */
  private boolean fill(EntryBatch rows) {
    Span value = new Span();
    try (Cursor cursor = lists.table().scanBackward(key, rest)) {
      while (cursor.advance()) {
        if (read.isFull()) {
          return false;
        }
        byte[] bytes = cursor.value();
        rows.add(cursor.timestamp(), value.set(bytes, 0, bytes.length));
      }
    }
    return true;
  }
}
