package io.timelog.kafka.internal.window;

import io.timelog.Cursor;
import io.timelog.TableReader;
import io.timelog.TimeRange;
import io.timelog.kafka.internal.host.HostedTable;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * A scan that starts when it is first looked at: entries put between the call that asked for it and
 * the first {@code hasNext()} belong to it, and a window that expires in between does not. After
 * that it reads a snapshot.
 *
 * <p>Belongs to one thread. When the store is closed, by whichever thread, it ends. It lets go of
 * its snapshot when it ends or is closed.
 */
final class LazyScan {
  /** Opens the cursor: which keys, in which direction. */
  @FunctionalInterface
  interface Opener {
    Cursor open(TableReader table, TimeRange windowStarts);
  }

  private final HostedTable hosted;
  private final Retention retention;
  private final Opener opener;
  private final long firstStart;
  private final long lastStart;
  private @Nullable Cursor cursor;
  private boolean atEntry;
  private boolean ended;

  /** Windows that start from {@code firstStart} to {@code lastStart}, both included. */
  LazyScan(
      HostedTable hosted, Retention retention, Opener opener, long firstStart, long lastStart) {
    this.hosted = hosted;
    this.retention = retention;
    this.opener = opener;
    this.firstStart = firstStart;
    this.lastStart = lastStart;
  }

  /** Moves to the next entry unless there is one that was not consumed; false at the end. */
  boolean hasNext() {
    if (ended) {
      return false;
    }
    if (!hosted.isOpen()) {
      close();
      return false;
    }
    if (atEntry) {
      return true;
    }
    if (cursor == null) {
      long firstLive = Math.max(firstStart, retention.oldestLiveStart());
      cursor = opener.open(hosted.table(), TimeRange.closed(firstLive, lastStart));
    }
    if (cursor.advance()) {
      atEntry = true;
    } else {
      close();
    }
    return atEntry;
  }

  /**
   * The cursor at the entry that comes next.
   *
   * @throws NoSuchElementException if there is none
   */
  Cursor peek() {
    if (!hasNext() || cursor == null) {
      throw new NoSuchElementException("The iterator has no next entry");
    }
    return cursor;
  }

  /** Marks the entry at the cursor as consumed. */
  void consume() {
    atEntry = false;
  }

  void close() {
    ended = true;
    atEntry = false;
    if (cursor != null) {
      cursor.close();
    }
  }
}
