package io.timelog.flink.internal.table;

import io.timelog.Cursor;
import org.apache.flink.runtime.state.StateSnapshotTransformer;
import org.jspecify.annotations.Nullable;

/** Entries that are a row each, with the value that the row has. */
abstract class RowEntries implements CanonicalEntries {
  private final Cursor rows;
  private final @Nullable StateSnapshotTransformer<byte[]> transformer;

  /** How many bytes before the value proper no transformer gets to see. */
  private final int head;

  private byte[] value = {};

  RowEntries(Cursor rows, @Nullable StateSnapshotTransformer<byte[]> transformer, int head) {
    this.rows = rows;
    this.transformer = transformer;
    this.head = head;
  }

  abstract byte[] key(Cursor row);

  @Override
  public boolean advance() {
    while (rows.advance()) {
      byte[] kept = Transformed.value(rows.value(), head, transformer);
      if (kept != null) {
        value = kept;
        return true;
      }
    }
    return false;
  }

  @Override
  public int keyGroup() {
    return rows.keyGroup();
  }

  @Override
  public byte[] key() {
    return key(rows);
  }

  @Override
  public int compositeKeyLength() {
    return rows.keyLength();
  }

  @Override
  public byte[] value() {
    return value;
  }

  @Override
  public void close() {
    rows.close();
  }
}
