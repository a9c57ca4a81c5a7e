package io.timelog.flink.internal.map;

import io.timelog.EntryBatch;
import io.timelog.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An entry of a map from longs to lists, as rows that were read. */
final class ListEntry<E> extends StoredEntry<Long, List<E>> {
  private final LongListMap<?, ?, E> map;
  private final Span key;
  private final EntryBatch rows;
  private final int from;
  private final int to;

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
  @Nullable List<E> storedValue() {
    return map.decode(rows, from, to);
  }

  @Override
  void store(@Nullable List<E> value) {
    map.replace(key, getKey(), value);
  }

  @Override
  void removeStored() {
    map.removeList(key, getKey());
  }
}
