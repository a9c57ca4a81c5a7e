package io.timelog.kafka.internal.versioned;

import io.timelog.Cursor;
import io.timelog.kafka.internal.host.HostedTable;
import java.util.NoSuchElementException;
import java.util.function.Supplier;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.query.ResultOrder;
import org.apache.kafka.streams.state.VersionedRecord;
import org.apache.kafka.streams.state.VersionedRecordIterator;
import org.jspecify.annotations.Nullable;

/**
 * The versions of a key that were valid at some time of a range. Sees the store as it is at the
 * first {@code hasNext()}, whatever is written after that. Belongs to one thread, and has to be
 * closed: it keeps what it sees from being forgotten.
 *
 * <p>A put writes the version that it ends a second time, with its new end, before it writes over
 * the first. Of two entries that begin together only the one that ends later counts: the put has
 * not happened yet.
 */
final class VersionIterator implements VersionedRecordIterator<byte[]> {
  private final HostedTable hosted;
  private final Supplier<Cursor> opening;
  private final ResultOrder order;
  private final long lastValidFrom;
  private @Nullable Cursor cursor;
  private @Nullable VersionedRecord<byte[]> next;

  /** Read, but not given, because the entry behind it may take its place. */
  private @Nullable VersionedRecord<byte[]> ahead;

  private boolean closed;

  /**
   * Versions of a key that do not begin later than a time.
   *
   * @param opening finds their entries, in the order
   * @param lastValidFrom the latest time of beginning, included
   */
  VersionIterator(
      HostedTable hosted, Supplier<Cursor> opening, long lastValidFrom, ResultOrder order) {
    this.hosted = hosted;
    this.opening = opening;
    this.order = order;
    this.lastValidFrom = lastValidFrom;
  }

  @Override
  public boolean hasNext() {
    if (closed) {
      throw new InvalidStateStoreException("Iterator is closed: " + hosted.place());
    }
    hosted.requireOpen();
    if (cursor == null) {
      cursor = opening.get();
    }
    if (next == null) {
      next = find(cursor);
    }
    return next != null;
  }

  private @Nullable VersionedRecord<byte[]> find(Cursor versions) {
    while (!versions.isClosed() && versions.advance()) {
      byte[] version = versions.value();
      if (Version.isMark(version) || Version.validFrom(version) > lastValidFrom) {
        continue;
      }
      VersionedRecord<byte[]> seen = ahead;
      VersionedRecord<byte[]> now = Version.record(version, versions.timestamp());
      if (seen == null || now == null || seen.timestamp() != now.timestamp()) {
        ahead = now;
        if (seen != null) {
          return seen;
        }
      } else if (order == ResultOrder.ASCENDING) {
        ahead = now;
      }
    }
    VersionedRecord<byte[]> last = ahead;
    ahead = null;
    return last;
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
    ahead = null;
    if (cursor != null) {
      cursor.close();
    }
  }
}
