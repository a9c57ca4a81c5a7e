package io.timelog.flink.internal.table;

import io.timelog.ByteTarget;
import io.timelog.Cursor;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Entries that are joined of several rows each, one for each element of a list. */
abstract class JoinedEntries implements CanonicalEntries {
  private final Cursor rows;
  private boolean atRow;
  private int keyGroup;
  private int compositeKeyLength;
  private byte[] key = {};
  private byte[] value = {};

  JoinedEntries(Cursor rows) {
    this.rows = rows;
    this.atRow = rows.advance();
  }

  /** The key of the entry that begins with this row. */
  abstract byte[] key(Cursor row);

  /** Starts a value. */
  abstract void begin();

  /** Adds the element of a row. */
  abstract void add(Cursor row);

  /** Whether a row that follows one of the same key belongs to the same entry. */
  abstract boolean continues(Cursor row);

  /** Ends the value; null if none of the elements is kept. */
  abstract byte @Nullable [] end();

  @Override
  public boolean advance() {
    while (atRow) {
      keyGroup = rows.keyGroup();
      compositeKeyLength = rows.keyLength();
      key = key(rows);
      begin();
      long number = rows.keyNumber();
      do {
        add(rows);
        atRow = rows.advance();
      } while (atRow && isSameKey(number) && continues(rows));
      byte[] joined = end();
      if (joined != null) {
        value = joined;
        return true;
      }
    }
    return false;
  }

  /** Rows of one key may have different numbers in a scan of that key alone. */
  private boolean isSameKey(long number) {
    return rows.keyNumber() == number
        || ByteBuffer.wrap(key, 0, compositeKeyLength).equals(rows.keyBuffer());
  }

  /** Adds the value of a row, from {@code offset} on, to a target. */
  static void copy(Cursor row, int offset, ByteTarget target) {
    ByteBuffer bytes = row.valueBuffer();
    int count = bytes.remaining() - offset;
    int at = target.length();
    target.resize(at + count);
    bytes.get(bytes.position() + offset, target.bytes(), at, count);
  }

  @Override
  public int keyGroup() {
    return keyGroup;
  }

  @Override
  public byte[] key() {
    return key;
  }

  @Override
  public int compositeKeyLength() {
    return compositeKeyLength;
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
