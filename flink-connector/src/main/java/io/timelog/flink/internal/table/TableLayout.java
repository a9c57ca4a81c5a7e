package io.timelog.flink.internal.table;

import io.timelog.Cursor;
import io.timelog.Span;
import io.timelog.TableOptions;
import io.timelog.TimeRange;
import io.timelog.flink.internal.key.CompositeKeyFormat;
import io.timelog.flink.internal.key.NamespaceTime;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.runtime.state.RegisteredKeyValueStateBackendMetaInfo;
import org.apache.flink.runtime.state.StateSnapshotTransformer;
import org.jspecify.annotations.Nullable;

/**
 * How the entries of one state are laid out in rows of its table. The key of a row is always the
 * composite key.
 *
 * @param <K> type of the keys
 * @param <N> type of the namespaces
 */
public abstract class TableLayout<K, N> {
  /** The subkey of rows that have none. */
  static final Span NO_SUBKEY = new Span();

  /**
   * A key of the stream has its entries in all windows, and each window costs who iterates a
   * lookup, which is much where a key has few entries.
   */
  private static final int LONG_MAP_WINDOWS = 2;

  /** About seventy minutes, if keys are times. */
  private static final long LONG_MAP_LEAST_MILLIS = 1L << 22;

  private final LayoutKind kind;
  private final CompositeKeyFormat<K, N> format;
  private final NamespaceTime<N> time;

  TableLayout(LayoutKind kind, CompositeKeyFormat<K, N> format) {
    this.kind = kind;
    this.format = format;
    this.time = NamespaceTime.of(format.namespaceSerializer());
  }

  /** The layout of a state. */
  static <K, N, V> TableLayout<K, N> of(
      RegisteredKeyValueStateBackendMetaInfo<N, V> meta, CompositeKeyFormat<K, N> format) {
    TypeSerializer<V> serializer = meta.getStateSerializer();
    return switch (LayoutKind.of(meta.getStateType(), serializer)) {
      case SINGLE -> new SingleLayout<>(format);
      case LIST -> ListLayout.of(format, serializer);
      case MAP -> new MapLayout<>(format);
      case LONG_MAP -> new LongMapLayout<>(format);
      case LONG_LIST_MAP -> LongListMapLayout.of(format, serializer);
    };
  }

  /** How rows are laid out. */
  public final LayoutKind kind() {
    return kind;
  }

  /**
   * Says how rows are laid out and whether namespaces are spread over time, always in the same
   * words for the same layout: snapshots have it.
   */
  public final String description() {
    return kind + (time.isSpread() ? " by time" : "");
  }

  /** What a table must be like for this layout. */
  final TableOptions.Builder tableOptions(String name) {
    TableOptions.Builder options =
        kind.isMultimap() ? TableOptions.multimap(name) : TableOptions.map(name);
    options.keyGroups(format.keyGroups());
    if (kind.hasLongKeys()) {
      options.automaticWindows(LONG_MAP_WINDOWS, LONG_MAP_LEAST_MILLIS);
    } else if (!time.isSpread()) {
      options.unbounded();
    }
    return options;
  }

  /** Whether a table of the other layout is as good as one of this. */
  final boolean sharesTableWith(TableLayout<?, ?> other) {
    return kind == other.kind && time.isSpread() == other.time.isSpread();
  }

  /** The layout of the keys. */
  public final CompositeKeyFormat<K, N> format() {
    return format;
  }

  /** The timestamp of a namespace; of no importance to maps with long keys. */
  public final long timestampOf(N namespace) {
    return time.of(namespace);
  }

  /** Where the rows of a namespace lie in time. */
  public final TimeRange rangeOf(N namespace) {
    return kind.hasLongKeys() ? TimeRange.all() : TimeRange.at(time.of(namespace));
  }

  /**
   * The entries that the rows of a cursor make.
   *
   * @param rows by key group, those of a key together; closed by the entries
   * @param transformer drops or replaces values, in lists elements; null keeps all as they are
   */
  public abstract CanonicalEntries read(
      Cursor rows, @Nullable StateSnapshotTransformer<byte[]> transformer);

  /** Takes entries into a table. Deserializes with the serializers of the state as it is now. */
  abstract CanonicalSink sink(RowWriter writer);

  /** The timestamp of the namespace in a composite key; moves {@code in} behind it. */
  final long readTimestamp(DataInputDeserializer in) throws IOException {
    format.readKey(in);
    return time.of(format.readNamespace(in));
  }

  /** As {@link #readTimestamp}, where nothing but the timestamp is wanted. */
  final long timestampIn(byte[] compositeKey, DataInputDeserializer in) throws IOException {
    if (!time.isSpread()) {
      return 0;
    }
    in.setBuffer(compositeKey);
    return readTimestamp(in);
  }
}
