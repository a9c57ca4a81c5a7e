package io.timelog.flink.internal.map;

import io.timelog.BatchPosition;
import io.timelog.EntryBatch;
import io.timelog.Span;
import io.timelog.TimeRange;
import io.timelog.flink.internal.state.KeyContext;
import io.timelog.flink.internal.table.ListMark;
import io.timelog.flink.internal.table.StateTable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.ListSerializer;
import org.jspecify.annotations.Nullable;

/** A map from longs to lists: a row for each element of each list, at the time that is its key. */
final class LongListMap<K, N, E> extends MapTableState<K, N, Long, List<E>> {
  /** A batch that had to grow beyond so many bytes is not kept for the next call. */
  private static final int MAX_KEPT_BYTES = 1 << 20;

  private final BatchPosition position = new BatchPosition();
  private final EntryBatch single = new EntryBatch(1, 1);
  private final Span element = new Span();
  private EntryBatch batch = new EntryBatch();
  private TypeSerializer<E> elementSerializer;

  LongListMap(KeyContext<K> keys, StateTable<K, N, Map<Long, List<E>>> state) {
    super(keys, state);
    elementSerializer = elementSerializer();
  }

  private TypeSerializer<E> elementSerializer() {
    return ((ListSerializer<E>) mapValueSerializer()).getElementSerializer();
  }

  @Override
  public void register(
      StateTable<K, N, Map<Long, List<E>>> registered,
      StateDescriptor<?, Map<Long, List<E>>> descriptor) {
    super.register(registered, descriptor);
    elementSerializer = elementSerializer();
  }

  @Override
  public @Nullable List<E> get(Long mapKey) {
    int size = writer().readBatch(key(), position.begin(TimeRange.at(mapKey)), batch);
    List<E> list = size == 0 ? null : decode(batch, 0, size);
    releaseBatch();
    return list;
  }

  /** The list that some rows make; null if they say that the value is null. */
  final @Nullable List<E> decode(EntryBatch rows, int from, int to) {
    rows.value(from, element);
    byte mark = element.bytes()[element.offset()];
    if (mark == ListMark.NULL) {
      return null;
    }
    List<E> list = new ArrayList<>(to - from);
    if (mark == ListMark.ELEMENT) {
      for (int i = from; i < to; i++) {
        list.add(coder().decode(rows.value(i, element), ListMark.BYTES, elementSerializer));
      }
    }
    return list;
  }

  @Override
  public void put(Long mapKey, @Nullable List<E> list) {
    replace(key(), mapKey, list);
  }

  /** Puts a list in the place of the one at a key of the map. */
  final void replace(Span key, long mapKey, @Nullable List<E> list) {
    batch.clear();
    if (list == null) {
      batch.add(mapKey, coder().encodeMark(ListMark.NULL));
    } else if (list.isEmpty()) {
      batch.add(mapKey, coder().encodeMark(ListMark.EMPTY));
    } else {
      for (E value : list) {
        batch.add(mapKey, coder().encodeMarked(ListMark.ELEMENT, value, elementSerializer));
      }
    }
    writer().replaceAll(key, mapKey, batch);
    releaseBatch();
  }

  private void releaseBatch() {
    if (batch.payloadBytes() > MAX_KEPT_BYTES) {
      batch = new EntryBatch();
    }
  }

  @Override
  public void remove(Long mapKey) {
    removeList(key(), mapKey);
  }

  /** Removes the list at a key of the map. */
  final void removeList(Span key, long mapKey) {
    writer().removeRange(key, TimeRange.at(mapKey));
  }

  @Override
  public boolean contains(Long mapKey) {
    return writer().readBatch(key(), position.begin(TimeRange.at(mapKey)), single) > 0;
  }

  @Override
  void putAt(Span key, N of, Long mapKey, @Nullable List<E> list) {
    replace(key, mapKey, list);
  }

  @Override
  void removeAt(Span key, N of, Long mapKey) {
    removeList(key, mapKey);
  }

  /** {@inheritDoc} One list at a time. */
  @Override
  protected @Nullable Map<Long, List<E>> readPart(Span key, BatchPosition from, int wanted) {
    if (read(key, from, single) == 0) {
      return null;
    }
    long mapKey = single.timestamp(0);
    int size = read(key, position.begin(TimeRange.at(mapKey)), batch);
    Map<Long, List<E>> part = new LinkedHashMap<>();
    part.put(mapKey, decode(batch, 0, size));
    releaseBatch();
    from.begin(mapKey == Long.MAX_VALUE ? TimeRange.empty() : TimeRange.since(mapKey + 1));
    return part;
  }

  @Override
  Iterator<Map.Entry<Long, List<E>>> entriesOf(byte[] key) {
    return new ListIterator<>(this, key);
  }
}
