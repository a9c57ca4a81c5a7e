package io.timelog.flink.internal.map;

import io.timelog.Entry;
import io.timelog.EntryBatch;
import java.util.ConcurrentModificationException;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * Goes through the elements that a key has in a range of time, in batches of rows. Holds nothing of
 * the engine, and does not go on once the map has changed.
 */
abstract sealed class ElementsOfRange<E> implements Iterator<Entry<E>>
    permits OldestFirst, NewestFirst {
  private final LongListMap<?, ?, E> lists;
  private final long version;
  private EntryBatch rows = new EntryBatch();

  /** The row that comes next, and the one behind the last that does. */
  private int next;

  private int end;
  private int step = 1;

  /** Whether the next row is known to be an element. */
  private boolean atElement;

  ElementsOfRange(LongListMap<?, ?, E> lists) {
    this.lists = lists;
    this.version = lists.version();
  }

  /** Reads on, and gives the rows to {@link #take}; false if there are no more. */
  abstract boolean read();

  /** Takes the first rows of a batch as the next ones. */
  final void take(EntryBatch batch, int count) {
    rows = batch;
    next = 0;
    end = count;
    step = 1;
  }

  /** Takes all rows of a batch, from the last to the first. */
  final void takeReversed(EntryBatch batch) {
    rows = batch;
    next = batch.size() - 1;
    end = -1;
    step = -1;
  }

  @Override
  public final boolean hasNext() {
    if (version != lists.version()) {
      throw new ConcurrentModificationException(
          "The state was changed since this iteration began. Copy the entries to a list before"
              + " changing it.");
    }
    return atElement || seek();
  }

  private boolean seek() {
    while (next != end || read()) {
      if (next != end) {
        if (lists.hasElementsOnly() || lists.isElement(rows, next)) {
          atElement = true;
          return true;
        }
        next += step;
      }
    }
    return false;
  }

  @Override
  public final Entry<E> next() {
    if (!hasNext()) {
      throw new NoSuchElementException("The range has no more entries.");
    }
    atElement = false;
    int row = next;
    next += step;
    return new Entry<>(rows.timestamp(row), lists.element(rows, row));
  }
}
