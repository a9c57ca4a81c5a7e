package io.timelog.flink.internal.table;

import io.timelog.Cursor;
import io.timelog.Span;
import io.timelog.flink.internal.key.CompositeKeyFormat;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.runtime.state.StateSnapshotTransformer;
import org.jspecify.annotations.Nullable;

/**
 * A row for each entry of a map, with its key as subkey. The value begins with a byte that says
 * whether it is null, as in a savepoint.
 */
final class MapLayout<K, N> extends TableLayout<K, N> {
  /** Bytes of the mark whether a value is null. */
  static final int NULL_MARK_BYTES = 1;

  MapLayout(CompositeKeyFormat<K, N> format) {
    super(LayoutKind.MAP, format);
  }

  @Override
  public CanonicalEntries read(
      Cursor rows, @Nullable StateSnapshotTransformer<byte[]> transformer) {
    return new RowEntries(rows, transformer, NULL_MARK_BYTES) {
      @Override
      byte[] key(Cursor row) {
        byte[] whole = new byte[row.keyLength() + row.subkeyLength()];
        row.copyKey(whole, 0);
        row.copySubkey(whole, row.keyLength());
        return whole;
      }
    };
  }

  @Override
  CanonicalSink sink(RowWriter writer) {
    DataInputDeserializer in = new DataInputDeserializer();
    Span row = new Span();
    Span subkey = new Span();
    Span bytes = new Span();
    return (key, value) -> {
      in.setBuffer(key);
      long timestamp = readTimestamp(in);
      int end = in.getPosition();
      writer.put(
          row.set(key, 0, end),
          timestamp,
          subkey.set(key, end, key.length - end),
          bytes.set(value));
    };
  }
}
