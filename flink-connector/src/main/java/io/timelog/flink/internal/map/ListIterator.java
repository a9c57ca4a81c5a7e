package io.timelog.flink.internal.map;

import io.timelog.BatchPosition;
import io.timelog.EntryBatch;
import io.timelog.Span;
import io.timelog.TimeRange;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Steps through the lists of a map from longs to lists. A batch has whole lists only: if the last
 * one may go on behind it, that list is left to the next batch, which has it alone if it is long.
 */
final class ListIterator<E> implements Iterator<Map.Entry<Long, List<E>>> {
  /** How many rows are read at once. */
  private static final int BATCH_ROWS = 128;

  private static final int BATCH_BYTES = 64 << 10;

  private final LongListMap<?, ?, E> map;
  private final Span key;
  private final BatchPosition position = new BatchPosition();
  private EntryBatch rows = new EntryBatch(BATCH_ROWS, BATCH_BYTES);
  private int next;

  /** Where the whole lists of the batch end. */
  private int end;

  /** Whether there is nothing behind the batch. */
  private boolean atEnd;

  private @Nullable ListEntry<E> last;

  ListIterator(LongListMap<?, ?, E> map, byte[] key) {
    this.map = map;
    this.key = Span.of(key);
  }

  @Override
  public boolean hasNext() {
    return next < end || (!atEnd && read());
  }

  private boolean read() {
    rows = new EntryBatch(BATCH_ROWS, BATCH_BYTES);
    next = 0;
    end = map.read(key, position, rows);
    atEnd = position.isExhausted();
    if (!atEnd) {
      leaveLastList();
    }
    return end > 0;
  }

  private void leaveLastList() {
    long lastKey = rows.timestamp(end - 1);
    while (end > 0 && rows.timestamp(end - 1) == lastKey) {
      end--;
    }
    if (end > 0) {
      position.begin(TimeRange.since(lastKey));
      return;
    }
    rows = new EntryBatch();
    end = map.read(key, position.begin(TimeRange.at(lastKey)), rows);
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
    int from = next;
    long mapKey = rows.timestamp(from);
    do {
      next++;
    } while (next < end && rows.timestamp(next) == mapKey);
    ListEntry<E> entry = new ListEntry<>(map, key, rows, from, next);
    last = entry;
    return entry;
  }

  @Override
  public void remove() {
    ListEntry<E> entry = last;
    if (entry == null) {
      throw new IllegalStateException("There is no entry to remove: next was not called before.");
    }
    last = null;
    entry.remove();
  }
}
