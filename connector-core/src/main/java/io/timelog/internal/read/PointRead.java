package io.timelog.internal.read;

import io.timelog.internal.key.Key;
import io.timelog.internal.key.KeyOrder;
import io.timelog.internal.manifest.PartitionWindow;
import io.timelog.internal.manifest.TableView;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.RowFormat;
import io.timelog.internal.row.Rule;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The read of one entry of a map. */
public final class PointRead {
  private PointRead() {}

  /** The value at the key, timestamp and subkey, or null. */
  public static byte @Nullable [] get(ReadLease lease, Key key, long timestamp, byte[] subkey) {
    TableView view = lease.view();
    if (timestamp < lease.floor()) {
      return null;
    }
    int index = view.firstWindowNotBefore(timestamp);
    if (index == view.windowCount()) {
      return null;
    }
    PartitionWindow window = view.window(index);
    if (!window.covers(timestamp)) {
      return null;
    }
    RowCursor rows =
        WindowRows.forward(Rule.MAP, view.tombstones(), lease.version())
            .find(window, view.onlySource(index), key, timestamp, timestamp);
    while (rows != null && rows.advance()) {
      ByteBuffer payload = rows.payload();
      int length = RowFormat.getVarint(payload, rows.payloadOffset());
      int start = rows.payloadOffset() + RowFormat.varintSize(length);
      int order = KeyOrder.compare(payload, start, length, subkey, 0, subkey.length);
      if (order == 0) {
        int value = start + length;
        return ScanCursor.bytes(
            payload, value, rows.payloadOffset() + rows.payloadLength() - value);
      }
      if (order > 0) {
        return null;
      }
    }
    return null;
  }
}
