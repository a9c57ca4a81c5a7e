package io.timelog.flink.internal.timer;

import io.timelog.Cursor;
import io.timelog.flink.internal.table.CanonicalEntries;

/** The timers of a table: key group and timer as key, and no value. */
final class TableTimerEntries implements CanonicalEntries {
  private static final byte[] NO_VALUE = {};

  private final Cursor rows;
  private final int prefixBytes;

  TableTimerEntries(Cursor rows, int prefixBytes) {
    this.rows = rows;
    this.prefixBytes = prefixBytes;
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
