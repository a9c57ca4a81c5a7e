package io.timelog.flink.internal.map;

import io.timelog.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An entry of a map from longs to lists, as rows that were read. */
final class ListEntry<E> extends StoredEntry<Long, List<E>> {
  private final LongListMap<?, ?, E> map;
  private final Span key;
  private final ReadRows read;
  private final int from;
  private final int to;

  ListEntry(LongListMap<?, ?, E> map, Span key, ReadRows read, int from, int to) {
    this.map = map;
    this.key = key;
    this.read = read;
    this.from = from;
    this.to = to;
  }

  @Override
  public Long getKey() {
    return read.rows().timestamp(from);
  }

  @Override
  @Nullable List<E> storedValue() {
    return map.decode(read.rows(), from, to);
  }

  @Override
  void store(@Nullable List<E> value) {
    map.replace(key, getKey(), value);
  }

  @Override
  boolean isRemoved() {
    return read.isRemoved(from);
  }
}
