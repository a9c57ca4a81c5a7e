package io.timelog.internal.memtable;

import io.timelog.Span;
import io.timelog.internal.row.ByteCopy;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.RowFormat;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A row on its way into a window: the parts of its payload, not yet copied anywhere. The writer
 * reuses one instance. Not thread-safe.
 */
public final class PendingRow {
  private static final byte[] NO_BYTES = new byte[0];

  private long timestamp;
  private boolean tombstone;
  private boolean mapped;
  private byte tombstoneKind;
  private final Span subkey = new Span();
  private byte[] value = NO_BYTES;
  private int valueOffset;
  private int valueLength;
  private long rangeLast;
  private @Nullable RowCursor raw;
  private int payloadLength;

  /** An entry of a multimap. */
  public PendingRow entry(long time, byte[] bytes, int offset, int length) {
    timestamp = time;
    tombstone = false;
    mapped = false;
    raw = null;
    value = bytes;
    valueOffset = offset;
    valueLength = length;
    payloadLength = length;
    return this;
  }

  /** An entry of a map. */
  public PendingRow mapEntry(long time, Span key, byte[] bytes, int offset, int length) {
    entry(time, bytes, offset, length);
    mapped = true;
    subkey.set(key);
    payloadLength = RowFormat.varintSize(key.length()) + key.length() + length;
    return this;
  }

  /** A tombstone for one entry of a map. */
  public PendingRow pointTombstone(long time, Span key) {
    mapEntry(time, key, NO_BYTES, 0, 0);
    tombstone = true;
    tombstoneKind = RowFormat.POINT;
    payloadLength++;
    return this;
  }

  /** A tombstone for all entries of a key from {@code first} to {@code last}, both included. */
  public PendingRow rangeTombstone(long first, long last) {
    entry(first, NO_BYTES, 0, 0);
    tombstone = true;
    tombstoneKind = RowFormat.RANGE;
    rangeLast = last;
    payloadLength = RowFormat.RANGE_BYTES;
    return this;
  }

  /** A row as it stands in another window; only until that cursor moves. */
  PendingRow copyOf(RowCursor other) {
    entry(other.timestamp(), NO_BYTES, 0, 0);
    tombstone = other.isTombstone();
    rangeLast = other.rangeLast();
    raw = other;
    payloadLength = other.payloadLength();
    return this;
  }

  /** The timestamp of the row. */
  public long timestamp() {
    return timestamp;
  }

  /** Whether it hides others. */
  public boolean isTombstone() {
    return tombstone;
  }

  /** Whether it hides all entries of a range. */
  public boolean isRangeTombstone() {
    return tombstone && tombstoneKind == RowFormat.RANGE;
  }

  /** The last timestamp of a range, included. */
  public long rangeLast() {
    return rangeLast;
  }

  /** Whether it is of a map, and has a {@link #subkey}. */
  public boolean isMapped() {
    return mapped;
  }

  /** The subkey of an entry of a map. */
  public Span subkey() {
    return subkey;
  }

  /** Points a span at the value, and returns it. */
  public Span value(Span span) {
    return span.set(value, valueOffset, valueLength);
  }

  /** Bytes of the payload. */
  public int payloadLength() {
    return payloadLength;
  }

  void writePayload(ByteBuffer buffer, int offset) {
    if (raw != null) {
      buffer.put(offset, raw.payload(), raw.payloadOffset(), payloadLength);
      return;
    }
    int position = offset;
    if (tombstone) {
      if (tombstoneKind == RowFormat.RANGE) {
        RowFormat.putRange(buffer, position, rangeLast);
        return;
      }
      buffer.put(position++, tombstoneKind);
    }
    if (mapped) {
      position = RowFormat.putVarint(buffer, position, subkey.length());
      ByteCopy.write(subkey.bytes(), subkey.offset(), subkey.length(), buffer, position);
      position += subkey.length();
    }
    ByteCopy.write(value, valueOffset, valueLength, buffer, position);
  }
}
