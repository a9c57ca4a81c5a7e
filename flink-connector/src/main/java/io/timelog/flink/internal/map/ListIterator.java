package io.timelog.flink.internal.map;

import io.timelog.BatchPosition;
import io.timelog.EntryBatch;
import io.timelog.Span;
import io.timelog.TimeRange;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * Steps through the lists of a map from longs to lists. A batch has whole lists only: if the last
 * one may go on behind it, that list is left to the next batch, which has it alone if it is long.
 */
final class ListIterator<E> implements Iterator<Map.Entry<Long, List<E>>> {
  private static final int NONE = -1;

  private final LongListMap<?, ?, E> map;
  private final Span key;
  private final BatchPosition position = new BatchPosition();
  private ReadRows read = ReadRows.first();
  private int next;

  /** Where the whole lists of the batch end. */
  private int end;

  /** Whether there is nothing behind the batch. */
  private boolean atEnd;

  /** The first row of the entry that {@link #remove} is for. */
  private int last = NONE;

  private ReadRows readLast = read;

  ListIterator(LongListMap<?, ?, E> map, byte[] key) {
    this.map = map;
    this.key = Span.of(key);
  }

  @Override
  public boolean hasNext() {
    return next < end || (!atEnd && read());
  }

  private boolean read() {
    if (!read.rows().isEmpty()) {
      read = read.next();
    }
    next = 0;
    end = map.read(key, position, read.rows());
    atEnd = position.isExhausted();
    if (!atEnd) {
      leaveLastList();
    }
    return end > 0;
  }

  private void leaveLastList() {
    EntryBatch rows = read.rows();
    long lastKey = rows.timestamp(end - 1);
    while (end > 0 && rows.timestamp(end - 1) == lastKey) {
      end--;
    }
    if (end > 0) {
      position.begin(TimeRange.since(lastKey));
      return;
    }
    read = read.nextWhole();
    end = map.read(key, position.begin(TimeRange.at(lastKey)), read.rows());
    atEnd = lastKey == Long.MAX_VALUE;
    if (!atEnd) {
      position.begin(TimeRange.since(lastKey + 1));
    }
  }

  @Override
  public Map.Entry<Long, List<E>> next() {
    if (!hasNext()) {
      throw new NoSuchElementException("The map has no more entries.");
    }
    EntryBatch rows = read.rows();
    int from = next;
    long mapKey = rows.timestamp(from);
    do {
      next++;
    } while (next < end && rows.timestamp(next) == mapKey);
    readLast = read;
    last = from;
    return new ListEntry<>(map, key, read, from, next);
  }

  @Override
  public void remove() {
    if (last == NONE) {
      throw new IllegalStateException("There is no entry to remove: next was not called before.");
    }
    map.removeList(key, readLast.rows().timestamp(last));
    readLast.remove(last);
    last = NONE;
  }
}
