package io.timelog.flink.internal.state;

import io.timelog.BatchPosition;
import io.timelog.EntryBatch;
import io.timelog.Span;
import io.timelog.TimeRange;
import io.timelog.flink.internal.table.StateTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.ListSerializer;
import org.apache.flink.runtime.state.internal.InternalListState;
import org.apache.flink.util.Preconditions;
import org.jspecify.annotations.Nullable;

/** List state: a row for each element, in order of arrival. */
final class ListTableState<K, N, T> extends TableState<K, N, List<T>>
    implements InternalListState<K, N, T> {
  /** A batch that had to grow beyond so many bytes is not kept for the next call. */
  private static final int MAX_KEPT_BYTES = 1 << 20;

  private final BatchPosition position = new BatchPosition();
  private final Span element = new Span();
  private EntryBatch batch = new EntryBatch();
  private TypeSerializer<T> elementSerializer;

  ListTableState(KeyContext<K> keys, StateTable<K, N, List<T>> state) {
    super(keys, state);
    elementSerializer = elementSerializer(state);
  }

  private static <T> TypeSerializer<T> elementSerializer(StateTable<?, ?, List<T>> of) {
    return ((ListSerializer<T>) of.serializer()).getElementSerializer();
  }

  @Override
  public void register(
      StateTable<K, N, List<T>> registered, StateDescriptor<?, List<T>> descriptor) {
    super.register(registered, descriptor);
    elementSerializer = elementSerializer(registered);
  }

  @Override
  public @Nullable Iterable<T> get() {
    return getInternal();
  }

  @Override
  public @Nullable List<T> getInternal() {
    return read(key(), position.begin(range()));
  }

  private @Nullable List<T> read(Span key, BatchPosition from) {
    int size = writer().readBatch(key, from, batch);
    if (size == 0) {
      return null;
    }
    List<T> list = new ArrayList<>(size);
    coder().beginAll(batch.payload(element));
    for (int i = 0; i < size; i++) {
      list.add(coder().decodeNext(0, elementSerializer));
    }
    releaseBatch();
    return list;
  }

  private void releaseBatch() {
    if (batch.payloadBytes() > MAX_KEPT_BYTES) {
      batch = new EntryBatch();
    }
  }

  @Override
  public void add(T value) {
    requireElement(value);
    writer().append(key(), timestamp(), coder().encode(value, elementSerializer));
  }

  @Override
  public void addAll(List<T> values) {
    requireElements(values);
    for (T value : values) {
      add(value);
    }
  }

  @Override
  public void update(List<T> values) {
    requireElements(values);
    replaceAll(key(), timestamp(), values);
  }

  @Override
  public void updateInternal(@Nullable List<T> values) {
    replaceAll(key(), timestamp(), values == null ? List.of() : values);
  }

  private void replaceAll(Span key, long timestamp, List<T> values) {
    batch.clear();
    for (T value : values) {
      batch.add(timestamp, coder().encode(value, elementSerializer));
    }
    writer().replaceAll(key, timestamp, batch);
    releaseBatch();
  }

  @Override
  protected @Nullable List<T> readPart(Span key, BatchPosition from, int wanted) {
    return read(key, from);
  }

  @Override
  protected void replacePart(Span key, N of, List<T> before, @Nullable List<T> after) {
    replaceAll(key, timestampOf(of), after == null ? List.of() : after);
  }

  private static void requireElements(List<?> values) {
    Preconditions.checkNotNull(values, "List of values to add cannot be null.");
    values.forEach(ListTableState::requireElement);
  }

  private static void requireElement(@Nullable Object value) {
    Preconditions.checkNotNull(value, "You cannot add null to a ListState.");
  }

  /** {@inheritDoc} Moves bytes; no element is deserialized. */
  @Override
  public void mergeNamespaces(N target, Collection<N> sources) {
    for (N source : sources) {
      Span from = keyIn(source);
      TimeRange at = TimeRange.at(timestampOf(source));
      int size = writer().readBatch(from, position.begin(at), batch);
      if (size > 0) {
        writer().removeRange(from, at);
        Span to = keyIn(target);
        for (int i = 0; i < size; i++) {
          writer().append(to, timestampOf(target), batch.value(i, element));
        }
      }
    }
    releaseBatch();
  }
}
