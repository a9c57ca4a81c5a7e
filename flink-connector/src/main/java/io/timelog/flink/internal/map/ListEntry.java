package io.timelog.flink.internal.map;

import io.timelog.EntryBatch;
import io.timelog.Span;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An entry of a map from longs to lists, as rows that were read. */
final class ListEntry<E> implements Map.Entry<Long, List<E>> {
  private final LongListMap<?, ?, E> map;
  private final Span key;
  private final EntryBatch rows;
  private final int from;
  private final int to;
  private boolean removed;
  private boolean replaced;
  private @Nullable List<E> replacement;

  ListEntry(LongListMap<?, ?, E> map, Span key, EntryBatch rows, int from, int to) {
    this.map = map;
    this.key = key;
    this.rows = rows;
    this.from = from;
    this.to = to;
  }

  @Override
  public Long getKey() {
    return rows.timestamp(from);
  }

  @Override
  public @Nullable List<E> getValue() {
    return replaced ? replacement : map.decode(rows, from, to);
  }

  @Override
  public @Nullable List<E> setValue(@Nullable List<E> list) {
    if (removed) {
      throw new IllegalStateException("The entry has been removed: key=" + getKey());
    }
    List<E> before = getValue();
    map.replace(key, getKey(), list);
    replaced = true;
    replacement = list;
    return before;
  }

  void remove() {
    removed = true;
    map.removeList(key, getKey());
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
