package io.timelog.flink.internal.state;

import io.timelog.BatchPosition;
import io.timelog.ByteTarget;
import io.timelog.EntryBatch;
import io.timelog.Span;
import io.timelog.flink.internal.table.StateTable;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * State of one value for each key and namespace: a row of a map table.
 *
 * @param <K> type of the keys
 * @param <N> type of the namespaces
 * @param <V> type of the values
 */
abstract class SingleState<K, N, V> extends TableState<K, N, V> {
  private final ByteTarget bytes = new ByteTarget();
  private final EntryBatch row = new EntryBatch();
  private final Span value = new Span();

  SingleState(KeyContext<K> keys, StateTable<K, N, V> state) {
    super(keys, state);
  }

  /** The value of the current key and namespace; null if there is none. */
  final @Nullable V read() {
    return writer().get(key(), timestamp(), NO_SUBKEY, bytes)
        ? coder().decode(bytes, getValueSerializer())
        : null;
  }

  /** Puts a value; null removes the one that is there. */
  final void write(@Nullable V value) {
    if (value == null) {
      clear();
    } else {
      writer().put(key(), timestamp(), NO_SUBKEY, coder().encode(value, getValueSerializer()));
    }
  }

  @Override
  public void clear() {
    writer().remove(key(), timestamp(), NO_SUBKEY);
  }

  @Override
  protected final @Nullable V readPart(Span key, BatchPosition position, int wanted) {
    return writer().readBatch(key, position, row) == 0
        ? null
        : coder().decode(row.value(0, value), 0, getValueSerializer());
  }

  @Override
  protected final void replacePart(Span key, N of, V before, @Nullable V after) {
    if (after == null) {
      writer().remove(key, timestampOf(of), NO_SUBKEY);
    } else {
      writer().put(key, timestampOf(of), NO_SUBKEY, coder().encode(after, getValueSerializer()));
    }
  }

  /** Makes one value of two. */
  interface Merger<V> {
    V merge(V left, V right) throws Exception;
  }

  /** Merges the values of the sources, which are gone then, with that of the target. */
  final void merge(N target, Collection<N> sources, Merger<V> merger) throws Exception {
    V merged = null;
    for (N source : sources) {
      if (writer().removeAndGet(keyIn(source), timestampOf(source), NO_SUBKEY, bytes)) {
        V value = coder().decode(bytes, getValueSerializer());
        merged = merged == null ? value : merger.merge(merged, value);
      }
    }
    if (merged == null) {
      return;
    }
    long at = timestampOf(target);
    if (writer().get(keyIn(target), at, NO_SUBKEY, bytes)) {
      merged = merger.merge(coder().decode(bytes, getValueSerializer()), merged);
    }
    writer().put(keyIn(target), at, NO_SUBKEY, coder().encode(merged, getValueSerializer()));
  }
}
