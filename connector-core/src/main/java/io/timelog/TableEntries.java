package io.timelog;

import java.util.function.Function;

/** Entries made of what a cursor of a table stands on. */
final class TableEntries<E> implements EntrySource<E> {
  private final Cursor cursor;
  private final Function<Cursor, E> reader;

  TableEntries(Cursor cursor, Function<Cursor, E> reader) {
    this.cursor = cursor;
    this.reader = reader;
  }

  @Override
  public boolean advance() {
    return cursor.advance();
  }

  @Override
  public E entry() {
    return reader.apply(cursor);
  }

  @Override
  public boolean isClosed() {
    return cursor.isClosed();
  }

  @Override
  public void close() {
    cursor.close();
  }
}
