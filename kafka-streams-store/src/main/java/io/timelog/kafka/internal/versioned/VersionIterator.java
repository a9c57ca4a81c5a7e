package io.timelog.kafka.internal.versioned;

import io.timelog.Cursor;
import io.timelog.Table;
import io.timelog.TimeRange;
import io.timelog.kafka.internal.host.HostedTable;
import java.util.NoSuchElementException;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.VersionedRecord;
import org.apache.kafka.streams.state.VersionedRecordIterator;
import org.jspecify.annotations.Nullable;

/**
 * The versions of a key that were valid at some time of a range. Sees the store as it is at the
 * first {@code hasNext()}, whatever is written after that. Belongs to one thread, and has to be
 * closed: it keeps what it sees from being forgotten.
 */
final class VersionIterator implements VersionedRecordIterator<byte[]> {
  /** Opens the cursor over the versions: of which key, in which order. */
  @FunctionalInterface
  interface Opener {
    Cursor open(Table table, TimeRange validTo);
  }

  private final HostedTable hosted;
  private final Opener opener;
  private final TimeRange validTo;
  private final long lastValidFrom;
  private @Nullable Cursor cursor;
  private @Nullable VersionedRecord<byte[]> next;
  private boolean closed;

  /**
   * Versions that end in a range of time and do not begin later than a time.
   *
   * @param lastValidFrom the latest time of beginning, included
   */
  VersionIterator(HostedTable hosted, Opener opener, TimeRange validTo, long lastValidFrom) {
    this.hosted = hosted;
    this.opener = opener;
    this.validTo = validTo;
    this.lastValidFrom = lastValidFrom;
  }

  @Override
  public boolean hasNext() {
    if (closed) {
      throw new InvalidStateStoreException("Iterator is closed: " + hosted.place());
    }
    Table table = hosted.table();
    if (cursor == null) {
      cursor = opener.open(table, validTo);
    }
    while (next == null && !cursor.isClosed() && cursor.advance()) {
      byte[] version = cursor.value();
      if (!Version.isMark(version) && Version.validFrom(version) <= lastValidFrom) {
        next = Version.record(version, cursor.timestamp());
      }
    }
    return next != null;
  }

  @Override
  public VersionedRecord<byte[]> next() {
    if (!hasNext() || next == null) {
      throw new NoSuchElementException("The iterator has no next version: " + hosted.place());
    }
    VersionedRecord<byte[]> found = next;
    next = null;
    return found;
  }

  @Override
  public void close() {
    closed = true;
    next = null;
    if (cursor != null) {
      cursor.close();
    }
  }
}
