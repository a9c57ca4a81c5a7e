package io.timelog.flink.internal.table;

import io.timelog.Cursor;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimeRange;
import io.timelog.flink.internal.ttl.ExpiredEntries;
import java.io.IOException;
import java.util.function.Function;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.runtime.state.RegisteredKeyValueStateBackendMetaInfo;
import org.apache.flink.runtime.state.StateSnapshotTransformer;
import org.apache.flink.runtime.state.StateSnapshotTransformer.StateSnapshotTransformFactory;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * One registered state of a backend: what Flink knows of it, and the table that has its entries.
 * For the task's thread.
 *
 * @param <K> type of the keys
 * @param <N> type of the namespaces
 * @param <V> type of the state as its serializer has it: of a list state a list, of a map a map
 */
public final class StateTable<K, N, V> {
  /** The end of a {@link #description()} if there may be {@link Marks}. */
  public static final String WITH_MARKS = " with marks";

  private final Table table;
  private final TableLayout<K, N> layout;
  private final @Nullable ExpiredEntries expired;
  private final Marks marks;
  private final DerivedTables derived;
  private RegisteredKeyValueStateBackendMetaInfo<N, V> meta;
  private StateSnapshotTransformFactory<?> transformers =
      StateSnapshotTransformFactory.noTransform();

  /**
   * A state in a table.
   *
   * @param expired the filter of the table; null if values have no time of their last access
   * @param marks what is known of the rows of the table
   * @param derived where tables are that are derived from this one
   */
  StateTable(
      RegisteredKeyValueStateBackendMetaInfo<N, V> meta,
      TableLayout<K, N> layout,
      Table table,
      @Nullable ExpiredEntries expired,
      Marks marks,
      DerivedTables derived) {
    this.meta = meta;
    this.layout = layout;
    this.table = table;
    this.expired = expired;
    this.marks = marks;
    this.derived = derived;
  }

  /** The name of the state. */
  public String name() {
    return meta.getName();
  }

  /** The table. */
  public Table table() {
    return table;
  }

  /**
   * A table of what is derived from the entries of this one. No snapshot has it.
   *
   * @param options of the table, by its name
   */
  public Table derive(Function<String, TableOptions.Builder> options) {
    return derived.create(options.apply(derived.nextName(name())).build());
  }

  /** Drops a table that was derived from any state of the backend. */
  public void dropDerived(Table table) {
    derived.drop(table);
  }

  /** What reads and writes the table. */
  public RowWriter writer() {
    return new RowWriter(name(), table.writer());
  }

  /** How the state is laid out in the table. */
  public TableLayout<K, N> layout() {
    return layout;
  }

  /** Whether there may be rows that are no elements of lists. */
  public Marks marks() {
    return marks;
  }

  /**
   * Says how rows are laid out and what may be among them, always in the same words: snapshots have
   * it.
   */
  public String description() {
    return marks.mayExist() ? layout.description() + WITH_MARKS : layout.description();
  }

  /** What Flink knows of the state. */
  public RegisteredKeyValueStateBackendMetaInfo<N, V> meta() {
    return meta;
  }

  /** The serializer of the values as they are stored now. */
  public TypeSerializer<V> serializer() {
    return meta.getStateSerializer();
  }

  /** Has later registrations migrate the state even if this one did, as the changelog wants it. */
  public void allowFutureMetadataUpdates() {
    meta = meta.withSerializerUpgradesAllowed();
  }

  /** Takes what the job says of the time to live of entries, which is not in snapshots. */
  public void setTimeToLive(StateTtlConfig config) {
    if (expired != null) {
      expired.configure(config);
    }
  }

  @Nullable ExpiredEntries expired() {
    return expired;
  }

  /** Takes the factory of what may drop or replace values on their way into snapshots. */
  public void setTransformers(StateSnapshotTransformFactory<?> factory) {
    transformers = factory;
  }

  /** A transformer for one snapshot; null if all values go into it as they are. */
  public @Nullable StateSnapshotTransformer<byte[]> newTransformer() {
    return transformers.createForSerializedState().orElse(null);
  }

  /** The state for the head of a snapshot. */
  public StateMetaInfoSnapshot metaSnapshot() {
    return meta.snapshot();
  }

  /** The entries that the rows of a cursor make, as they are. */
  public CanonicalEntries read(Cursor rows) {
    return layout.read(rows, null);
  }

  /** Takes entries that are written with the serializers of the state as it is now. */
  public CanonicalSink sink() {
    CanonicalSink sink = layout.sink(writer());
    if (layout.kind() != LayoutKind.LONG_LIST_MAP) {
      return sink;
    }
    return (key, value) -> {
      if (LongListMapLayout.isWithoutElements(value)) {
        marks.note();
      }
      sink.accept(key, value);
    };
  }

  /**
   * Copies the entries of another table of the same state, of which this one has none. O(entries of
   * the other).
   *
   * @throws IOException if an entry cannot be read by the serializers of the state
   */
  public void addAll(StateTable<K, ?, ?> other) throws IOException {
    CanonicalSink sink = sink();
    try (CanonicalEntries entries =
        other.read(other.table.scanKeyGroups(0, Integer.MAX_VALUE, TimeRange.all()))) {
      while (entries.advance()) {
        sink.accept(entries.key(), entries.value());
      }
    }
  }

  @Override
  public String toString() {
    return "StateTable[" + name() + " in " + table + "]";
  }
}
