package io.timelog.internal.engine;

import io.timelog.Span;
import io.timelog.internal.journal.PendingWindow;
import io.timelog.internal.key.Key;
import io.timelog.internal.memtable.PendingRow;
import io.timelog.internal.memtable.PendingRows;
import io.timelog.internal.memtable.RowBatch;
import io.timelog.internal.memtable.RowJournal;
import io.timelog.internal.row.RowFormat;
import io.timelog.internal.row.Rule;
import java.util.function.Predicate;

/** Tells the log what is written to a window. */
final class LoggedRows extends RowJournal {
  private final PendingWindow pending;
  private final Rule rule;
  private final Predicate<PendingWindow> unknown;
  private final Span keySpan = new Span();
  private final Span value = new Span();

  /**
   * Of a window.
   *
   * @param unknown whether what is pending makes no difference if all rows of the window have gone
   */
  LoggedRows(PendingWindow pending, Rule rule, Predicate<PendingWindow> unknown) {
    this.pending = pending;
    this.rule = rule;
    this.unknown = unknown;
  }

  private Span span(Key key) {
    return keySpan.set(key.bytes(), key.offset(), key.length());
  }

  @Override
  public long serial() {
    return pending.serial();
  }

  @Override
  public void makeRoom(Key key, PendingRow row) {
    pending.makeRoom(key.length(), row.payloadLength());
  }

  @Override
  public void wrote(Key key, PendingRow row) {
    long timestamp = row.timestamp();
    if (row.isRangeTombstone()) {
      pending.removeRange(span(key), timestamp, row.rangeLast());
    } else if (row.isTombstone()) {
      pending.remove(span(key), timestamp, row.subkey());
    } else if (row.isMapped()) {
      pending.put(span(key), timestamp, row.subkey(), row.value(value));
    } else {
      pending.append(span(key), timestamp, row.value(value));
    }
  }

  @Override
  public void makeRoom(Key key, PendingRows rows, int from, int end) {
    long bytes = (long) rows.start(end - 1) + rows.length(end - 1) - rows.start(from);
    pending.makeRoom(end - from, key.length(), bytes);
  }

  @Override
  public void wrote(Key key, PendingRows rows, int from, int count) {
    Span to = span(key);
    for (int i = from; i < from + count; i++) {
      value.set(rows.bytes(), rows.start(i), rows.length(i));
      pending.append(to, rows.timestamp(i), value);
    }
  }

  @Override
  public void makeRoom(Key key, RowBatch batch) {
    long bytes = RowFormat.RANGE_BYTES;
    for (int i = 0; i < batch.size(); i++) {
      bytes += RowFormat.MAX_VARINT_BYTES + batch.subkey(i).length();
      bytes += batch.value(i).length();
    }
    pending.makeRoom(batch.size() + 1, key.length(), bytes);
  }

  @Override
  public void replaced(Key key, RowBatch batch) {
    Span to = span(key);
    long timestamp = batch.timestamp();
    pending.removeRange(to, timestamp, timestamp);
    for (int i = 0; i < batch.size(); i++) {
      if (rule == Rule.MAP) {
        pending.put(to, timestamp, batch.subkey(i), batch.value(i));
      } else {
        pending.append(to, timestamp, batch.value(i));
      }
    }
  }

  @Override
  public void makeRoomForRange(Key key) {
    pending.makeRoom(key.length(), RowFormat.RANGE_BYTES);
  }

  @Override
  public void removedRange(Key key, long first, long last) {
    pending.removeRange(span(key), first, last);
  }

  @Override
  public void discard() {
    pending.discard();
  }

  @Override
  public void discardIfUnknown() {
    if (unknown.test(pending)) {
      pending.discard();
    }
  }
}
