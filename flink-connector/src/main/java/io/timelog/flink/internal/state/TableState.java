package io.timelog.flink.internal.state;

import io.timelog.BatchPosition;
import io.timelog.Span;
import io.timelog.Table;
import io.timelog.TimeRange;
import io.timelog.flink.internal.key.CompositeKeyFormat;
import io.timelog.flink.internal.key.CurrentKey;
import io.timelog.flink.internal.table.CanonicalEntries;
import io.timelog.flink.internal.table.RowWriter;
import io.timelog.flink.internal.table.StateTable;
import io.timelog.flink.internal.table.TableLayout;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.queryablestate.client.state.serialization.KvStateSerializer;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.internal.InternalKvState;
import org.jspecify.annotations.Nullable;

/**
 * State of any kind, at the current key and namespace.
 *
 * @param <K> type of the keys
 * @param <N> type of the namespaces
 * @param <V> type of the state as its serializer has it
 */
public abstract class TableState<K, N, V> implements InternalKvState<K, N, V> {
  /** The subkey of rows that have none. */
  protected static final Span NO_SUBKEY = new Span();

  private final KeyContext<K> keys;
  private final ValueCoder coder;
  private StateTable<K, N, V> state;
  private RowWriter writer;
  private @Nullable N namespace;
  private long timestamp;

  protected TableState(KeyContext<K> keys, StateTable<K, N, V> state) {
    this.keys = keys;
    this.state = state;
    this.writer = state.writer();
    this.coder = new ValueCoder(state.name());
  }

  /**
   * Takes over a later registration of the state, which may have given it other serializers and
   * another table, and what else its descriptor says.
   */
  public void register(StateTable<K, N, V> registered, StateDescriptor<?, V> descriptor) {
    state = registered;
    writer = registered.writer();
  }

  /** The registered state. */
  public final StateTable<K, N, V> state() {
    return state;
  }

  /** What reads and writes the table. */
  protected final RowWriter writer() {
    return writer;
  }

  /** Turns values into bytes and back. */
  protected final ValueCoder coder() {
    return coder;
  }

  /** The key of the engine for the current key and namespace; valid until the next call. */
  protected final Span key() {
    return keyIn(namespace());
  }

  /** As {@link #key()}, for another namespace. */
  protected final Span keyIn(N of) {
    return keys.current().in(of, state.layout().format());
  }

  /** The timestamp of the current namespace. */
  protected final long timestamp() {
    return timestamp;
  }

  /** The timestamp of a namespace. */
  protected final long timestampOf(N of) {
    return state.layout().timestampOf(of);
  }

  /** Where the rows of the current key and namespace lie in time. */
  protected final TimeRange range() {
    return state.layout().rangeOf(namespace());
  }

  private N namespace() {
    N current = namespace;
    if (current == null) {
      throw new IllegalStateException("No namespace set: state=" + state.name());
    }
    return current;
  }

  @Override
  public final TypeSerializer<K> getKeySerializer() {
    return keys.serializer();
  }

  @Override
  public final TypeSerializer<N> getNamespaceSerializer() {
    return state.layout().format().namespaceSerializer();
  }

  @Override
  public final TypeSerializer<V> getValueSerializer() {
    return state.serializer();
  }

  @Override
  public final void setCurrentNamespace(N current) {
    namespace = current;
    timestamp = timestampOf(current);
  }

  @Override
  public void clear() {
    writer.removeRange(key(), range());
  }

  /**
   * {@inheritDoc}
   *
   * <p>What is stored is what a query wants, byte for byte, so no value is deserialized. For any
   * thread.
   */
  @Override
  public final byte @Nullable [] getSerializedValue(
      byte[] serializedKeyAndNamespace,
      TypeSerializer<K> safeKeySerializer,
      TypeSerializer<N> safeNamespaceSerializer,
      TypeSerializer<V> safeValueSerializer)
      throws Exception {
    Tuple2<K, N> wanted =
        KvStateSerializer.deserializeKeyAndNamespace(
            serializedKeyAndNamespace, safeKeySerializer, safeNamespaceSerializer);
    TableLayout<K, N> layout = state.layout();
    CurrentKey<K> key =
        new CurrentKey<>(safeKeySerializer, layout.format().keyGroups().prefixBytes());
    key.set(
        wanted.f0, KeyGroupRangeAssignment.assignToKeyGroup(wanted.f0, keys.numberOfKeyGroups()));
    Span row =
        key.in(
            wanted.f1,
            new CompositeKeyFormat<>(
                safeKeySerializer, safeNamespaceSerializer, layout.format().keyGroups()));
    Table table = state.table();
    try (CanonicalEntries entries = state.read(table.scan(row, layout.rangeOf(wanted.f1)))) {
      return entries.advance() ? answer(entries) : null;
    }
  }

  @Override
  public final StateIncrementalVisitor<K, N, V> getStateIncrementalVisitor(int wanted) {
    return new TableVisitor<>(this, keys.keyGroups(), wanted);
  }

  /**
   * Reads a part of what a key and namespace has: all of it, or of a map so many entries as are
   * wanted.
   *
   * @param key of the engine
   * @param position where the part begins; moved behind it
   * @return null if there is nothing
   */
  protected abstract @Nullable V readPart(Span key, BatchPosition position, int wanted);

  /**
   * Puts another part in the place of one that was read.
   *
   * @param key of the engine
   * @param after null if nothing is left of the part
   */
  protected abstract void replacePart(Span key, N of, V before, @Nullable V after);

  /** The answer to a query, of the entries of one key and namespace; they stand on the first. */
  protected byte[] answer(CanonicalEntries entries) {
    return entries.value();
  }
}
