package io.timelog.flink.internal.timer;

import io.timelog.Cursor;
import io.timelog.Table;
import io.timelog.TimeRange;
import io.timelog.flink.internal.table.CanonicalEntries;
import io.timelog.flink.internal.table.CanonicalSink;
import java.io.IOException;

/** The timers of a table: key group and timer as key, and no value. */
final class TableTimerEntries implements CanonicalEntries {
  private static final byte[] NO_VALUE = {};

  private final Cursor rows;
  private final int prefixBytes;

  TableTimerEntries(Cursor rows, int prefixBytes) {
    this.rows = rows;
    this.prefixBytes = prefixBytes;
  }

  /** Copies all timers of a table. */
  static void copy(Table table, int prefixBytes, CanonicalSink sink) throws IOException {
    try (TableTimerEntries timers =
        new TableTimerEntries(
            table.scanKeyGroups(0, Integer.MAX_VALUE, TimeRange.all()), prefixBytes)) {
      while (timers.advance()) {
        sink.accept(timers.key(), timers.value());
      }
    }
  }

  @Override
  public boolean advance() {
    return rows.advance();
  }

  @Override
  public int keyGroup() {
    return rows.keyGroup();
  }

  @Override
  public byte[] key() {
    return TimerFormat.canonical(rows, prefixBytes);
  }

  @Override
  public int compositeKeyLength() {
    return TimerFormat.canonicalLength(rows);
  }

  @Override
  public byte[] value() {
    return NO_VALUE;
  }

  @Override
  public void close() {
    rows.close();
  }
}
