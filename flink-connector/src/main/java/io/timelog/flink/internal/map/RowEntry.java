package io.timelog.flink.internal.map;

import io.timelog.EntryBatch;
import io.timelog.Span;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An entry of a map as a row that was read; deserialized when somebody looks. */
final class RowEntry<MK, MV> implements Map.Entry<MK, MV> {
  private final RowMap<?, ?, MK, MV> map;
  private final Span key;
  private final EntryBatch rows;
  private final int row;
  private boolean removed;
  private boolean replaced;
  private @Nullable MV replacement;

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
  public @Nullable MV getValue() {
    return replaced ? replacement : map.decode(rows.value(row, new Span()));
  }

  @Override
  public @Nullable MV setValue(@Nullable MV value) {
    if (removed) {
      throw new IllegalStateException("The entry has been removed: key=" + getKey());
    }
    MV before = getValue();
    map.replace(key, rows.timestamp(row), rows.subkey(row, new Span()), value);
    replaced = true;
    replacement = value;
    return before;
  }

  void remove() {
    removed = true;
    map.removeRow(key, rows.timestamp(row), rows.subkey(row, new Span()));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Map.Entry<?, ?> entry
        && Objects.equals(getKey(), entry.getKey())
        && Objects.equals(getValue(), entry.getValue());
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(getKey()) ^ Objects.hashCode(getValue());
  }

  @Override
  public String toString() {
    return getKey() + "=" + getValue();
  }
}
