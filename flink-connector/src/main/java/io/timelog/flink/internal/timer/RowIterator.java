package io.timelog.flink.internal.timer;

import io.timelog.Cursor;
import java.util.NoSuchElementException;
import org.apache.flink.util.CloseableIterator;

/** Timers of the rows of a cursor, which it holds until it is closed or has shown all of them. */
final class RowIterator<T> implements CloseableIterator<T> {
  private final Cursor rows;
  private final TimerFormat<T> format;
  private boolean atRow;

  RowIterator(Cursor rows, TimerFormat<T> format) {
    this.rows = rows;
    this.format = format;
    this.atRow = rows.advance();
  }

  @Override
  public boolean hasNext() {
    return atRow;
  }

  @Override
  public T next() {
    if (!atRow) {
      throw new NoSuchElementException("The queue has no more timers.");
    }
    T timer = format.read(rows);
    atRow = rows.advance();
    return timer;
  }

  @Override
  public void close() {
    atRow = false;
    rows.close();
  }
}
