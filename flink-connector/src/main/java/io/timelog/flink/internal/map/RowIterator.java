package io.timelog.flink.internal.map;

import io.timelog.BatchPosition;
import io.timelog.Span;
import io.timelog.TimeRange;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;

/** Steps through the rows of a map; entries that were handed out stay valid behind it. */
final class RowIterator<MK, MV> implements Iterator<Map.Entry<MK, MV>> {
  /*
   * Neither this nor what it reads refers to an entry that was handed out, so where the compiler sees
   * the whole loop of a job it makes none.
   */

  private static final int NONE = -1;

  private final RowMap<?, ?, MK, MV> map;
  private final Span key;
  private final BatchPosition position;
  private ReadRows read = ReadRows.first();
  private int size;
  private int next;

  /** The entry that {@link #remove} is for. */
  private int last = NONE;

  private ReadRows readLast = read;

  RowIterator(RowMap<?, ?, MK, MV> map, byte[] key, TimeRange range) {
    this.map = map;
    this.key = Span.of(key);
    this.position = new BatchPosition().begin(range);
  }

  @Override
  public boolean hasNext() {
    return next < size || (!position.isExhausted() && read());
  }

  private boolean read() {
    if (size > 0) {
      read = read.next();
    }
    next = 0;
    size = map.read(key, position, read.rows());
    return size > 0;
  }

  @Override
  public Map.Entry<MK, MV> next() {
    if (!hasNext()) {
      throw new NoSuchElementException("The map has no more entries.");
    }
    readLast = read;
    last = next++;
    return new RowEntry<>(map, key, read, last);
  }

  @Override
  public void remove() {
    if (last == NONE) {
      throw new IllegalStateException("There is no entry to remove: next was not called before.");
    }
    map.removeRow(key, readLast.rows(), last);
    readLast.remove(last);
    last = NONE;
  }
}
