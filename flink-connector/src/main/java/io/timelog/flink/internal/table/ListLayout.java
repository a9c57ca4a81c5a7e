package io.timelog.flink.internal.table;

import io.timelog.ByteTarget;
import io.timelog.Cursor;
import io.timelog.Span;
import io.timelog.flink.internal.key.CompositeKeyFormat;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.ListSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.runtime.state.StateSnapshotTransformer;
import org.jspecify.annotations.Nullable;

/**
 * A row for each element of a list, at the time of the namespace. In a savepoint the elements
 * follow one another with a comma in between, which says nothing about where one ends.
 */
final class ListLayout<K, N, T> extends TableLayout<K, N> {
  private static final byte DELIMITER = ',';

  private final TypeSerializer<T> elementSerializer;

  private ListLayout(CompositeKeyFormat<K, N> format, TypeSerializer<T> elementSerializer) {
    super(LayoutKind.LIST, format);
    this.elementSerializer = elementSerializer;
  }

  static <K, N> ListLayout<K, N, ?> of(
      CompositeKeyFormat<K, N> format, TypeSerializer<?> listSerializer) {
    return new ListLayout<>(format, ((ListSerializer<?>) listSerializer).getElementSerializer());
  }

  @Override
  public CanonicalEntries read(
      Cursor rows, @Nullable StateSnapshotTransformer<byte[]> transformer) {
    return new Elements(rows, transformer);
  }

  @Override
  CanonicalSink sink(RowWriter writer) {
    DataInputDeserializer in = new DataInputDeserializer();
    Span row = new Span();
    Span element = new Span();
    return (key, value) -> {
      long timestamp = timestampIn(key, in);
      row.set(key);
      in.setBuffer(value);
      while (in.available() > 0) {
        int start = in.getPosition();
        elementSerializer.deserialize(in);
        writer.append(row, timestamp, element.set(value, start, in.getPosition() - start));
        if (in.available() > 0) {
          in.readByte();
        }
      }
    };
  }

  private static final class Elements extends JoinedEntries {
    private final @Nullable StateSnapshotTransformer<byte[]> transformer;
    private final ByteTarget joined = new ByteTarget();
    private boolean first;

    Elements(Cursor rows, @Nullable StateSnapshotTransformer<byte[]> transformer) {
      super(rows);
      this.transformer = transformer;
    }

    @Override
    byte[] key(Cursor row) {
      return row.key();
    }

    @Override
    void begin() {
      joined.clear();
      first = true;
    }

    @Override
    void add(Cursor row) {
      if (transformer == null) {
        delimit();
        copy(row, 0, joined);
        return;
      }
      byte[] kept = transformer.filterOrTransform(row.value());
      if (kept != null) {
        delimit();
        joined.append(kept, 0, kept.length);
      }
    }

    private void delimit() {
      if (!first) {
        joined.append(DELIMITER);
      }
      first = false;
    }

    @Override
    boolean continues(Cursor row) {
      return true;
    }

    @Override
    byte @Nullable [] end() {
      return first ? null : joined.toByteArray();
    }
  }
}
