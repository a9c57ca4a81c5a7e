package io.timelog.flink.internal.map;

import io.timelog.BatchPosition;
import io.timelog.ByteTarget;
import io.timelog.EntryBatch;
import io.timelog.Span;
import io.timelog.TimeRange;
import io.timelog.flink.internal.state.KeyContext;
import io.timelog.flink.internal.state.TableState;
import io.timelog.flink.internal.table.CanonicalEntries;
import io.timelog.flink.internal.table.StateTable;
import java.util.Iterator;
import java.util.Map;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.MapSerializer;
import org.apache.flink.runtime.state.internal.InternalMapState;
import org.jspecify.annotations.Nullable;

/**
 * A map of any kind.
 *
 * @param <K> type of the keys of the stream
 * @param <N> type of the namespaces
 * @param <MK> type of the keys in the map
 * @param <MV> type of the values in the map
 */
abstract class MapTableState<K, N, MK, MV> extends TableState<K, N, Map<MK, MV>>
    implements InternalMapState<K, N, MK, MV> {
  private final BatchPosition first = new BatchPosition();
  private final EntryBatch single = new EntryBatch(1, 1);
  private TypeSerializer<MK> keySerializer;
  private TypeSerializer<MV> valueSerializer;

  MapTableState(KeyContext<K> keys, StateTable<K, N, Map<MK, MV>> state) {
    super(keys, state);
    MapSerializer<MK, MV> map = (MapSerializer<MK, MV>) state.serializer();
    keySerializer = map.getKeySerializer();
    valueSerializer = map.getValueSerializer();
  }

  @Override
  public void register(
      StateTable<K, N, Map<MK, MV>> registered, StateDescriptor<?, Map<MK, MV>> descriptor) {
    super.register(registered, descriptor);
    MapSerializer<MK, MV> map = (MapSerializer<MK, MV>) registered.serializer();
    keySerializer = map.getKeySerializer();
    valueSerializer = map.getValueSerializer();
  }

  /** The serializer of the keys in the map. */
  final TypeSerializer<MK> mapKeySerializer() {
    return keySerializer;
  }

  /** The serializer of the values in the map. */
  final TypeSerializer<MV> mapValueSerializer() {
    return valueSerializer;
  }

  /**
   * The entries at a place.
   *
   * @param key of the engine; the caller's to keep
   * @param range where the rows lie in time
   */
  abstract Iterator<Map.Entry<MK, MV>> entriesAt(byte[] key, TimeRange range);

  /** The entries at the key and namespace that are the current ones now, whenever it is asked. */
  private Iterable<Map.Entry<MK, MV>> entriesHere() {
    byte[] key = key().toByteArray();
    TimeRange range = range();
    return () -> entriesAt(key, range);
  }

  /** Reads rows of a key of the engine. */
  final int read(Span key, BatchPosition from, EntryBatch into) {
    return writer().readBatch(key, from, into);
  }

  /** Puts a value at a key of the engine. */
  abstract void putAt(Span key, N of, MK mapKey, @Nullable MV value);

  /** Removes a value at a key of the engine. */
  abstract void removeAt(Span key, N of, MK mapKey);

  @Override
  protected final void replacePart(
      Span key, N of, Map<MK, MV> before, @Nullable Map<MK, MV> after) {
    for (MK mapKey : before.keySet()) {
      if (after == null || !after.containsKey(mapKey)) {
        removeAt(key, of, mapKey);
      }
    }
    if (after != null) {
      after.forEach((mapKey, value) -> putAt(key, of, mapKey, value));
    }
  }

  @Override
  public void putAll(@Nullable Map<MK, MV> map) throws Exception {
    if (map != null) {
      for (Map.Entry<MK, MV> entry : map.entrySet()) {
        put(entry.getKey(), entry.getValue());
      }
    }
  }

  @Override
  public boolean isEmpty() {
    return writer().readBatch(key(), first.begin(range()), single) == 0;
  }

  @Override
  public final Iterator<Map.Entry<MK, MV>> iterator() {
    return entriesHere().iterator();
  }

  @Override
  public final Iterable<Map.Entry<MK, MV>> entries() {
    return entriesHere();
  }

  @Override
  public final Iterable<MK> keys() {
    Iterable<Map.Entry<MK, MV>> entries = entriesHere();
    return () -> new MappedIterator<>(entries.iterator(), Map.Entry::getKey);
  }

  @Override
  public final Iterable<MV> values() {
    Iterable<Map.Entry<MK, MV>> entries = entriesHere();
    return () -> new MappedIterator<>(entries.iterator(), Map.Entry::getValue);
  }

  /** All entries: the keys in the map and the values, one after the other. */
  @Override
  protected final byte[] answer(CanonicalEntries entries) {
    ByteTarget answer = new ByteTarget();
    do {
      byte[] key = entries.key();
      int mapKey = entries.compositeKeyLength();
      byte[] value = entries.value();
      answer.append(key, mapKey, key.length - mapKey).append(value, 0, value.length);
    } while (entries.advance());
    return answer.toByteArray();
  }
}
