package io.timelog.flink.internal.map;

import io.timelog.EntryBatch;
import io.timelog.Span;
import org.jspecify.annotations.Nullable;

/** An entry of a map as a row that was read; deserialized when somebody looks. */
final class RowEntry<MK, MV> extends StoredEntry<MK, MV> {
  private final RowMap<?, ?, MK, MV> map;
  private final Span key;
  private final EntryBatch rows;
  private final int row;

  RowEntry(RowMap<?, ?, MK, MV> map, Span key, EntryBatch rows, int row) {
    this.map = map;
    this.key = key;
    this.rows = rows;
    this.row = row;
  }

  @Override
  public MK getKey() {
    return map.mapKey(rows, row);
  }

  @Override
  @Nullable MV storedValue() {
    return map.decode(rows.value(row, new Span()));
  }

  @Override
  void store(@Nullable MV value) {
    map.replace(key, rows.timestamp(row), rows.subkey(row, new Span()), value);
  }

  @Override
  void removeStored() {
    map.removeRow(key, rows.timestamp(row), rows.subkey(row, new Span()));
  }
}
