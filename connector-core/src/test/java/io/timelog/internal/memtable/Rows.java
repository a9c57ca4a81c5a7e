package io.timelog.internal.memtable;

import io.timelog.Span;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** A batch of rows for a test. */
final class Rows implements RowBatch {
  private final long timestamp;
  private final List<byte[]> subkeys = new ArrayList<>();
  private final List<byte[]> values = new ArrayList<>();
  private final Span subkey = new Span();
  private final Span value = new Span();
  private int valueLength = UNLIKE;

  Rows(long timestamp) {
    this.timestamp = timestamp;
  }

  /** Adds a row. Returns this. */
  Rows add(byte[] subkeyOfRow, byte[] valueOfRow) {
    boolean alike = values.isEmpty() || valueLength == valueOfRow.length;
    valueLength = alike ? valueOfRow.length : UNLIKE;
    subkeys.add(subkeyOfRow);
    values.add(valueOfRow);
    return this;
  }

  @Override
  public long timestamp() {
    return timestamp;
  }

  @Override
  public int size() {
    return values.size();
  }

  @Override
  public int valueLength() {
    return valueLength;
  }

  @Override
  public Span values() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    values.forEach(all::writeBytes);
    return Span.of(all.toByteArray());
  }

  @Override
  public Span subkey(int number) {
    return subkey.set(subkeys.get(number));
  }

  @Override
  public Span value(int number) {
    return value.set(values.get(number));
  }
}
