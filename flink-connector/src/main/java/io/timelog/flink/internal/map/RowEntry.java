package io.timelog.flink.internal.map;

import io.timelog.Span;
import org.jspecify.annotations.Nullable;

/** An entry of a map as a row that was read; deserialized when somebody looks. */
final class RowEntry<MK, MV> extends StoredEntry<MK, MV> {
  private final RowMap<?, ?, MK, MV> map;
  private final Span key;
  private final ReadRows read;
  private final int row;

  RowEntry(RowMap<?, ?, MK, MV> map, Span key, ReadRows read, int row) {
    this.map = map;
    this.key = key;
    this.read = read;
    this.row = row;
  }

  @Override
  public MK getKey() {
    return map.mapKey(read.rows(), row);
  }

  @Override
  @Nullable MV storedValue() {
    return map.mapValue(read.rows(), row);
  }

  @Override
  void store(@Nullable MV value) {
    map.replaceRow(key, read.rows(), row, value);
  }

  @Override
  boolean isRemoved() {
    return read.isRemoved(row);
  }
}
