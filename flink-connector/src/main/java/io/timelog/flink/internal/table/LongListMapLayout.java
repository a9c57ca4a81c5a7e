package io.timelog.flink.internal.table;

import io.timelog.ByteTarget;
import io.timelog.Cursor;
import io.timelog.Span;
import io.timelog.flink.internal.key.CompositeKeyFormat;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.ListSerializer;
import org.apache.flink.api.common.typeutils.base.MapSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.runtime.state.StateSnapshotTransformer;
import org.jspecify.annotations.Nullable;

/**
 * A row for each element of each list in a map from longs to lists, at the time that is the key of
 * the list. Joins, OVER windows and pattern matching keep their input so, and add to it an element
 * at a time; here that is an append, where a row for each list would be written anew.
 *
 * <p>A row begins with a {@link ListMark}. In a savepoint a value is the mark whether it is null,
 * the number of elements in four bytes, and the elements without gaps.
 */
final class LongListMapLayout<K, N, E> extends TableLayout<K, N> {
  private static final byte NOT_NULL = 0;
  private static final byte IS_NULL = 1;
  private static final int HEADER_BYTES = MapLayout.NULL_MARK_BYTES + Integer.BYTES;

  private final TypeSerializer<E> elementSerializer;

  private LongListMapLayout(CompositeKeyFormat<K, N> format, TypeSerializer<E> elementSerializer) {
    super(LayoutKind.LONG_LIST_MAP, format);
    this.elementSerializer = elementSerializer;
  }

  static <K, N> LongListMapLayout<K, N, ?> of(
      CompositeKeyFormat<K, N> format, TypeSerializer<?> mapSerializer) {
    TypeSerializer<?> lists = ((MapSerializer<?, ?>) mapSerializer).getValueSerializer();
    return new LongListMapLayout<>(format, ((ListSerializer<?>) lists).getElementSerializer());
  }

  /**
   * Whether the value of a savepoint is null, or a list of which no byte of an element is there.
   */
  static boolean isWithoutElements(byte[] value) {
    return value.length <= HEADER_BYTES;
  }

  @Override
  public CanonicalEntries read(
      Cursor rows, @Nullable StateSnapshotTransformer<byte[]> transformer) {
    return new Lists(rows, transformer);
  }

  @Override
  CanonicalSink sink(RowWriter writer) {
    DataInputDeserializer in = new DataInputDeserializer();
    Span row = new Span();
    Span bytes = new Span();
    ByteTarget element = new ByteTarget();
    return (key, value) -> {
      row.set(key, 0, key.length - Long.BYTES);
      long mapKey = LongKeys.last(key);
      in.setBuffer(value);
      if (in.readBoolean()) {
        writer.append(row, mapKey, bytes.set(element.clear().append(ListMark.NULL)));
        return;
      }
      int count = in.readInt();
      if (count == 0) {
        writer.append(row, mapKey, bytes.set(element.clear().append(ListMark.EMPTY)));
      }
      for (int i = 0; i < count; i++) {
        int start = in.getPosition();
        elementSerializer.deserialize(in);
        element.clear().append(ListMark.ELEMENT);
        element.append(value, start, in.getPosition() - start);
        writer.append(row, mapKey, bytes.set(element));
      }
    };
  }

  private static final class Lists extends JoinedEntries {
    private final @Nullable StateSnapshotTransformer<byte[]> transformer;
    private final ByteTarget joined = new ByteTarget();
    private long mapKey;
    private byte isNull;
    private int count;

    Lists(Cursor rows, @Nullable StateSnapshotTransformer<byte[]> transformer) {
      super(rows);
      this.transformer = transformer;
    }

    @Override
    byte[] key(Cursor row) {
      mapKey = row.timestamp();
      return LongKeys.append(row, mapKey);
    }

    @Override
    void begin() {
      joined.clear().resize(HEADER_BYTES);
      isNull = NOT_NULL;
      count = 0;
    }

    @Override
    void add(Cursor row) {
      byte mark = row.valueBuffer().get(row.valueBuffer().position());
      if (mark == ListMark.ELEMENT) {
        copy(row, ListMark.BYTES, joined);
        count++;
      } else if (mark == ListMark.NULL) {
        isNull = IS_NULL;
      }
    }

    @Override
    boolean continues(Cursor row) {
      return row.timestamp() == mapKey;
    }

    @Override
    byte @Nullable [] end() {
      if (isNull == IS_NULL) {
        return new byte[] {IS_NULL};
      }
      byte[] value = joined.toByteArray();
      value[0] = NOT_NULL;
      for (int i = 0; i < Integer.BYTES; i++) {
        value[MapLayout.NULL_MARK_BYTES + i] =
            (byte) (count >>> (Integer.SIZE - Byte.SIZE * (i + 1)));
      }
      return Transformed.value(value, MapLayout.NULL_MARK_BYTES, transformer);
    }
  }
}
