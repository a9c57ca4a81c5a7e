package io.timelog.flink.internal.map;

import io.timelog.BatchPosition;
import io.timelog.ByteTarget;
import io.timelog.EntryBatch;
import io.timelog.Span;
import io.timelog.TimeRange;
import io.timelog.flink.internal.state.KeyContext;
import io.timelog.flink.internal.table.StateTable;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A map with a row for each entry. The value of a row begins with a mark whether the value in the
 * map is null.
 */
abstract class RowMap<K, N, MK, MV> extends MapTableState<K, N, MK, MV> {
  private static final byte NOT_NULL = 0;
  private static final byte NULL = 1;
  private static final int MARK_BYTES = 1;

  private final ByteTarget bytes = new ByteTarget();
  private final Span found = new Span();
  private final Span foundSubkey = new Span();

  RowMap(KeyContext<K> keys, StateTable<K, N, Map<MK, MV>> state) {
    super(keys, state);
  }

  /** The timestamp of the row of a key in the map. */
  abstract long timestampOf(MK mapKey, long namespaceTimestamp);

  /** The subkey of the row of a key in the map; valid until the next call. */
  abstract Span subkeyOf(MK mapKey);

  /** The key in the map of a row that was read. */
  abstract MK mapKey(EntryBatch rows, int row);

  @Override
  public @Nullable MV get(MK mapKey) {
    return writer().get(key(), rowTime(mapKey), subkeyOf(mapKey), bytes)
        ? decode(found.set(bytes))
        : null;
  }

  @Override
  public void put(MK mapKey, @Nullable MV value) {
    writer().put(key(), rowTime(mapKey), subkeyOf(mapKey), encode(value));
  }

  @Override
  public void remove(MK mapKey) {
    writer().remove(key(), rowTime(mapKey), subkeyOf(mapKey));
  }

  @Override
  public boolean contains(MK mapKey) {
    return writer().contains(key(), rowTime(mapKey), subkeyOf(mapKey));
  }

  private long rowTime(MK mapKey) {
    return timestampOf(mapKey, timestamp());
  }

  /** The value in the map that a row has. */
  final @Nullable MV decode(Span row) {
    return row.bytes()[row.offset()] == NOT_NULL
        ? coder().decode(row, MARK_BYTES, mapValueSerializer())
        : null;
  }

  /** The value of a row; valid until the next call. */
  final Span encode(@Nullable MV value) {
    return value == null
        ? coder().encodeMark(NULL)
        : coder().encodeMarked(NOT_NULL, value, mapValueSerializer());
  }

  @Override
  final void putAt(Span key, N of, MK mapKey, @Nullable MV value) {
    writer().put(key, timestampOf(mapKey, timestampOf(of)), subkeyOf(mapKey), encode(value));
  }

  @Override
  final void removeAt(Span key, N of, MK mapKey) {
    writer().remove(key, timestampOf(mapKey, timestampOf(of)), subkeyOf(mapKey));
  }

  @Override
  protected final @Nullable Map<MK, MV> readPart(Span key, BatchPosition position, int wanted) {
    EntryBatch rows = new EntryBatch(wanted, Integer.MAX_VALUE);
    int size = read(key, position, rows);
    Map<MK, MV> part = new LinkedHashMap<>();
    for (int i = 0; i < size; i++) {
      part.put(mapKey(rows, i), mapValue(rows, i));
    }
    return part.isEmpty() ? null : part;
  }

  @Override
  final Iterator<Map.Entry<MK, MV>> entriesAt(byte[] key, TimeRange range) {
    return new RowIterator<>(this, key, range);
  }

  /** The value in the map of a row that was read. */
  final @Nullable MV mapValue(EntryBatch rows, int row) {
    return decode(rows.value(row, found));
  }

  /** Puts a value into a row that was read. */
  final void replaceRow(Span key, EntryBatch rows, int row, @Nullable MV value) {
    writer().put(key, rows.timestamp(row), rows.subkey(row, foundSubkey), encode(value));
  }

  /** Removes a row that was read. */
  final void removeRow(Span key, EntryBatch rows, int row) {
    writer().remove(key, rows.timestamp(row), rows.subkey(row, foundSubkey));
  }
}
