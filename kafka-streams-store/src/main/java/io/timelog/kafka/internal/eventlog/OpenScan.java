package io.timelog.kafka.internal.eventlog;

import io.timelog.Cursor;
import io.timelog.kafka.internal.host.HostedTable;
import org.apache.kafka.streams.errors.InvalidStateStoreException;

/**
 * A cursor of the engine in the hands of a user of the store: who goes on when it or its store was
 * closed is told so, and that it ended is heard once. Belongs to one thread.
 */
final class OpenScan {
  private final HostedTable hosted;
  private final Cursor cursor;
  private final Runnable end;
  private boolean ended;
  private boolean closed;

  /**
   * A scan that has just begun.
   *
   * @param end is run once, when the last entry has been passed or the scan is closed
   */
  OpenScan(HostedTable hosted, Cursor cursor, Runnable end) {
    this.hosted = hosted;
    this.cursor = cursor;
    this.end = end;
  }

  /** The store and the task, as errors name them. */
  String place() {
    return hosted.place();
  }

  /** The cursor, for what it tells of the entry it is at. */
  Cursor entry() {
    return cursor;
  }

  /**
   * Fails if this or its store was closed.
   *
   * @param what names the user's side of this in the error
   */
  void checkOpen(String what) {
    if (closed) {
      throw new InvalidStateStoreException(what + " is closed: " + place());
    }
    if (!hosted.isOpen()) {
      cursor.close();
      hosted.requireOpen();
    }
  }

  /** Moves to the next entry; false when there is none, and from then on. */
  boolean advance() {
    boolean found = !cursor.isClosed() && cursor.advance();
    if (!found) {
      end();
    }
    return found;
  }

  /** Lets go of the snapshot. Closing twice does nothing. */
  void close() {
    closed = true;
    cursor.close();
    end();
  }

  private void end() {
    if (!ended) {
      ended = true;
      end.run();
    }
  }
}
