package io.timelog.flink.internal.table;

import io.timelog.Cursor;
import io.timelog.Span;
import io.timelog.flink.internal.key.CompositeKeyFormat;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.runtime.state.StateSnapshotTransformer;
import org.jspecify.annotations.Nullable;

/** A row for each key and namespace, at the time of the namespace: the entry as it is. */
final class SingleLayout<K, N> extends TableLayout<K, N> {
  SingleLayout(CompositeKeyFormat<K, N> format) {
    super(LayoutKind.SINGLE, format);
  }

  @Override
  public CanonicalEntries read(
      Cursor rows, @Nullable StateSnapshotTransformer<byte[]> transformer) {
    return new RowEntries(rows, transformer, 0) {
      @Override
      byte[] key(Cursor row) {
        return row.key();
      }
    };
  }

  @Override
  CanonicalSink sink(RowWriter writer) {
    DataInputDeserializer in = new DataInputDeserializer();
    Span row = new Span();
    Span bytes = new Span();
    return (key, value) ->
        writer.put(row.set(key), timestampIn(key, in), NO_SUBKEY, bytes.set(value));
  }
}
