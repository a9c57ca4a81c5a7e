package io.timelog.kafka.internal.scan;

import io.timelog.Cursor;
import org.jspecify.annotations.Nullable;

/** Entries of a table at one moment, one after the other. Belongs to one thread. */
public final class Entries implements AutoCloseable {
  private final @Nullable SegmentScan segments;
  private final @Nullable KeyRange wanted;
  private Cursor current;

  private Entries(Cursor first, @Nullable SegmentScan segments, @Nullable KeyRange wanted) {
    this.current = first;
    this.segments = segments;
    this.wanted = wanted;
  }

  /** The entries of one cursor, in its order. */
  public static Entries of(Cursor cursor) {
    return new Entries(cursor, null, null);
  }

  /** The entries of one cursor, in its order, whose keys lie in a range. */
  public static Entries of(Cursor cursor, KeyRange keys) {
    return new Entries(cursor, null, keys.isUnbounded() ? null : keys);
  }

  /** The entries of one segment after the other. */
  static Entries of(SegmentScan segments) {
    return new Entries(segments.next(), segments, null);
  }

  /** Moves to the next entry; false when there is none, which lets go of the moment. */
  public boolean advance() {
    while (true) {
      if (current.advance()) {
        if (wanted == null || wanted.contains(current.keyBuffer())) {
          return true;
        }
      } else if (segments == null || !segments.hasNext()) {
        close();
        return false;
      } else {
        current = segments.next();
      }
    }
  }

  /** A cursor at the entry; another one at each entry if need be. Valid until the next advance. */
  public Cursor entry() {
    return current;
  }

  /** Lets go of the moment. Closing twice does nothing. */
  @Override
  public void close() {
    current.close();
    if (segments != null) {
      segments.close();
    }
  }
}
