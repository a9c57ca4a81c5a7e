package io.timelog.flink.internal.table;

import io.timelog.Cursor;
import io.timelog.Span;
import io.timelog.flink.internal.key.CompositeKeyFormat;
import org.apache.flink.runtime.state.StateSnapshotTransformer;
import org.jspecify.annotations.Nullable;

/**
 * A row for each entry of a map with long keys, at the time that is its key: such maps nearly
 * always have times as keys, lose the oldest entries first, and are looked through in order.
 */
final class LongMapLayout<K, N> extends TableLayout<K, N> {
  LongMapLayout(CompositeKeyFormat<K, N> format) {
    super(LayoutKind.LONG_MAP, format);
  }

  @Override
  public CanonicalEntries read(
      Cursor rows, @Nullable StateSnapshotTransformer<byte[]> transformer) {
    return new RowEntries(rows, transformer, MapLayout.NULL_MARK_BYTES) {
      @Override
      byte[] key(Cursor row) {
        return LongKeys.append(row, row.timestamp());
      }
    };
  }

  @Override
  CanonicalSink sink(RowWriter writer) {
    Span row = new Span();
    Span bytes = new Span();
    return (key, value) ->
        writer.put(
            row.set(key, 0, key.length - Long.BYTES),
            LongKeys.last(key),
            NO_SUBKEY,
            bytes.set(value));
  }
}
