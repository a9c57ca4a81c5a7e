package io.timelog.flink.internal.map;

import io.timelog.BatchPosition;
import io.timelog.EntryBatch;
import io.timelog.Span;
import io.timelog.TimeRange;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Steps through the rows of a map; entries that were handed out stay valid behind it. */
final class RowIterator<MK, MV> implements Iterator<Map.Entry<MK, MV>> {
  /** How many rows are read at once. */
  private static final int BATCH_ROWS = 128;

  private static final int BATCH_BYTES = 64 << 10;

  private final RowMap<?, ?, MK, MV> map;
  private final Span key;
  private final BatchPosition position;
  private EntryBatch rows = new EntryBatch(BATCH_ROWS, BATCH_BYTES);
  private int next;
  private @Nullable RowEntry<MK, MV> last;

  RowIterator(RowMap<?, ?, MK, MV> map, byte[] key, TimeRange range) {
    this.map = map;
    this.key = Span.of(key);
    this.position = new BatchPosition().begin(range);
  }

  @Override
  public boolean hasNext() {
    return next < rows.size() || (!position.isExhausted() && read());
  }

  private boolean read() {
    if (!rows.isEmpty()) {
      rows = new EntryBatch(BATCH_ROWS, BATCH_BYTES);
    }
    next = 0;
    return map.read(key, position, rows) > 0;
  }

  @Override
  public Map.Entry<MK, MV> next() {
    if (!hasNext()) {
      throw new NoSuchElementException("The map has no more entries.");
    }
    RowEntry<MK, MV> entry = new RowEntry<>(map, key, rows, next++);
    last = entry;
    return entry;
  }

  @Override
  public void remove() {
    RowEntry<MK, MV> entry = last;
    if (entry == null) {
      throw new IllegalStateException("There is no entry to remove: next was not called before.");
    }
    last = null;
    entry.remove();
  }
}
