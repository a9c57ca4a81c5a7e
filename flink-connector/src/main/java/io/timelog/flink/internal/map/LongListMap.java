package io.timelog.flink.internal.map;

import io.timelog.BatchPosition;
import io.timelog.ByteTarget;
import io.timelog.Cursor;
import io.timelog.EntryBatch;
import io.timelog.Span;
import io.timelog.Table;
import io.timelog.TimeRange;
import io.timelog.flink.internal.state.KeyContext;
import io.timelog.flink.internal.table.ListMark;
import io.timelog.flink.internal.table.StateTable;
import io.timelog.flink.state.TimeIndexedState;
import io.timelog.summary.Summarizer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.ListSerializer;
import org.jspecify.annotations.Nullable;

/**
 * A map from longs to lists: a row for each element of each list, at the time that is its key.
 *
 * <p>Most jobs add to a list by getting it, adding an element and putting it back. {@link
 * TrackedList} makes an append of that.
 */
final class LongListMap<K, N, E> extends MapTableState<K, N, Long, List<E>> {
  /** Lists up to so many elements and bytes are copied when they are asked for. */
  private static final int MAX_COPIED_ROWS = 32;

  private static final int MAX_COPIED_BYTES = 4 << 10;

  /** A batch that had to grow beyond so many bytes is not kept for the next call. */
  private static final int MAX_KEPT_BYTES = 1 << 20;

  private final BatchPosition position = new BatchPosition();
  private final EntryBatch single = new EntryBatch(1, 1);
  private final Span element = new Span();
  private EntryBatch batch = new EntryBatch();
  private TypeSerializer<E> elementSerializer;

  /** Moves on with every write. */
  private long version;

  private final UnreadLists<E> unread = new UnreadLists<>();
  private final LastMiss miss = new LastMiss();
  private final TimeIndexedLists<E> timeIndexed = new TimeIndexedLists<>(this);
  private final ListSummaries<E> summaries = new ListSummaries<>(this::element);
  private final ByteTarget summarizedRow = new ByteTarget();

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
    unread.read();
    miss.forget();
    version++;
    super.register(registered, descriptor);
    elementSerializer = elementSerializer();
    if (!summaries.isEmpty()) {
      summaries.moveTo(registered);
      writer().observe(summaries);
    }
  }

  @Override
  public @Nullable List<E> get(Long mapKey) {
    Span key = key();
    EntryBatch rows = new EntryBatch(MAX_COPIED_ROWS, MAX_COPIED_BYTES);
    if (read(key, position.begin(TimeRange.at(mapKey)), rows) == 0) {
      miss.note(key, mapKey);
      return null;
    }
    if (mark(rows, 0) != ListMark.ELEMENT) {
      return decode(rows, 0, rows.size());
    }
    boolean whole = position.isExhausted();
    byte[] ownKey = key.toByteArray();
    TrackedList<E> list =
        new TrackedList<>(
            this,
            ownKey,
            mapKey,
            elementSerializer.isImmutableType(),
            whole ? rows.size() : Math.toIntExact(writer().count(key, mapKey)),
            whole ? rows : null,
            version);
    if (!whole) {
      unread.add(ownKey, mapKey, list);
    }
    return list;
  }

  /** The first rows of a list. */
  EntryBatch readList(byte[] key, long mapKey, int count) {
    EntryBatch rows = new EntryBatch(count, Integer.MAX_VALUE);
    read(Span.of(key), new BatchPosition().begin(TimeRange.at(mapKey)), rows);
    return rows;
  }

  /** Before what is stored at a place is removed or replaced. */
  private void beforeLoss(Span key, long mapKey) {
    unread.read(key, mapKey);
    version++;
  }

  private byte mark(EntryBatch rows, int row) {
    rows.value(row, element);
    return element.bytes()[element.offset()];
  }

  /** Whether a row is an element, and does not stand for a list without any or for null. */
  final boolean isElement(EntryBatch rows, int row) {
    return mark(rows, row) == ListMark.ELEMENT;
  }

  /** Whether all rows are elements, for certain. */
  final boolean hasElementsOnly() {
    return !state().marks().mayExist();
  }

  /** The element that a row has. */
  final E element(EntryBatch rows, int row) {
    return coder().decode(rows.value(row, element), ListMark.BYTES, elementSerializer);
  }

  /** The element at which a cursor stands. */
  final @Nullable E element(Cursor row) {
    byte[] bytes = row.value();
    return bytes[0] == ListMark.ELEMENT
        ? coder().decode(element.set(bytes), ListMark.BYTES, elementSerializer)
        : null;
  }

  /** The element that a row has. */
  final E element(ByteBuffer row) {
    summarizedRow.set(row, row.position(), row.remaining());
    return coder().decode(element.set(summarizedRow), ListMark.BYTES, elementSerializer);
  }

  /** The summaries of the elements, which are kept for a summarizer from now on. */
  final ListSummaries<E> summarized(Summarizer<E, ?> summarizer) {
    summaries.add(summarizer, state());
    writer().observe(summaries);
    return summaries;
  }

  /** The key of the engine for the current key; valid until the next call. */
  final Span currentKey() {
    return key();
  }

  /** Moves on with every write. */
  final long version() {
    return version;
  }

  /** The table, for reads that the writer of rows does not have. */
  final Table table() {
    return state().table();
  }

  /** Adds an element behind those that a key has at a time. */
  final void appendElement(Span key, long mapKey, E value) {
    if (!hasElementsOnly()
        && read(key, position.begin(TimeRange.at(mapKey)), single) > 0
        && !isElement(single, 0)) {
      replace(key, mapKey, List.of(value));
    } else {
      append(key, mapKey, value);
    }
  }

  /** Removes the lists that a key has in a range of time. */
  final void removeLists(Span key, TimeRange range) {
    unread.read(key);
    version++;
    if (!range.isEmpty()) {
      writer().removeRange(key, range);
    }
  }

  /** This map as state that is indexed by time. */
  final TimeIndexedState<E> timeIndexed() {
    return timeIndexed;
  }

  /** The list that some rows make; null if they say that the value is null. */
  final @Nullable List<E> decode(EntryBatch rows, int from, int to) {
    byte mark = mark(rows, from);
    if (mark == ListMark.NULL) {
      return null;
    }
    List<E> list = new ArrayList<>(to - from);
    if (mark == ListMark.ELEMENT) {
      decode(rows, from, to, list);
    }
    return list;
  }

  /** Adds the elements that some rows have to a list. */
  final void decode(EntryBatch rows, int from, int to, List<E> list) {
    int start = rows.value(from, element).offset();
    int end = rows.value(to - 1, element).offset() + element.length();
    coder().beginAll(element.set(element.bytes(), start, end - start));
    for (int i = from; i < to; i++) {
      list.add(coder().decodeNext(ListMark.BYTES, elementSerializer));
    }
  }

  @Override
  public void put(Long mapKey, @Nullable List<E> list) {
    Span key = key();
    if (list instanceof TrackedList<E> tracked && tracked.isTailOf(this, key, mapKey, version)) {
      append(key, mapKey, tracked);
    } else if (list != null && list.size() == 1 && miss.isAt(key, mapKey)) {
      append(key, mapKey, list.get(0));
    } else {
      replace(key, mapKey, list);
    }
  }

  private void append(Span key, long mapKey, TrackedList<E> list) {
    version++;
    while (list.hasUnstored()) {
      writeElement(key, mapKey, list.nextUnstored());
      list.markStored(version);
    }
  }

  /** Puts a list of one element where there is none. */
  private void append(Span key, long mapKey, E only) {
    version++;
    writeElement(key, mapKey, only);
  }

  private void writeElement(Span key, long mapKey, E value) {
    miss.forget();
    writer().append(key, mapKey, coder().encodeMarked(ListMark.ELEMENT, value, elementSerializer));
  }

  /** Puts a list in the place of the one at a key of the map. */
  final void replace(Span key, long mapKey, @Nullable List<E> list) {
    batch.clear();
    if (list == null || list.isEmpty()) {
      state().marks().note();
    }
    if (list == null) {
      batch.add(mapKey, coder().encodeMark(ListMark.NULL));
    } else if (list.isEmpty()) {
      batch.add(mapKey, coder().encodeMark(ListMark.EMPTY));
    } else {
      for (E value : list) {
        batch.add(mapKey, coder().encodeMarked(ListMark.ELEMENT, value, elementSerializer));
      }
    }
    beforeLoss(key, mapKey);
    miss.forget();
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
    beforeLoss(key, mapKey);
    writer().removeRange(key, TimeRange.at(mapKey));
  }

  @Override
  public boolean contains(Long mapKey) {
    return writer().readBatch(key(), position.begin(TimeRange.at(mapKey)), single) > 0;
  }

  @Override
  public void clear() {
    unread.read(key());
    version++;
    super.clear();
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
  Iterator<Map.Entry<Long, List<E>>> entriesAt(byte[] key, TimeRange range) {
    return new ListIterator<>(this, key);
  }
}
