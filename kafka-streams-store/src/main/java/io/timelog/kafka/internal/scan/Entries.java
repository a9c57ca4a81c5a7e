package io.timelog.kafka.internal.scan;

import io.timelog.Cursor;

/** Entries of a table at one moment, one after the other. Belongs to one thread. */
public interface Entries {
  /** Moves to the next entry; false when there is none, which lets go of the moment. */
  boolean advance();

  /** A cursor at the entry; another one at each entry if need be. Valid until the next advance. */
  Cursor entry();

  /** Lets go of the moment. Closing twice does nothing. */
  void close();

  /** The entries of one cursor, in its order. */
  static Entries of(Cursor cursor) {
    return new OfCursor(cursor);
  }

  /** The entries of one cursor, in its order, whose keys lie in a range. */
  static Entries of(Cursor cursor, KeyRange keys) {
    return keys.isUnbounded() ? of(cursor) : new OfKeys(cursor, keys);
  }

  /** All entries of a cursor. */
  record OfCursor(Cursor entry) implements Entries {
    @Override
    public boolean advance() {
      return entry.advance();
    }

    @Override
    public void close() {
      entry.close();
    }
  }

  /** Those entries of a cursor whose keys lie in a range. */
  record OfKeys(Cursor entry, KeyRange keys) implements Entries {
    @Override
    public boolean advance() {
      while (entry.advance()) {
        if (keys.contains(entry.keyBuffer())) {
          return true;
        }
      }
      return false;
    }

    @Override
    public void close() {
      entry.close();
    }
  }
}
