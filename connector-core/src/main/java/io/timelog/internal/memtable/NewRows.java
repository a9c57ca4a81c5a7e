package io.timelog.internal.memtable;

import io.timelog.Span;
import io.timelog.internal.row.ByteCopy;
import io.timelog.internal.row.RowFormat;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one timestamp on their way into a chain, in the order in which it has them: a range
 * tombstone, if there is one, and then the rows of a batch. How many bytes each takes is known
 * before any is written.
 *
 * <p>Not thread-safe: for the writer of the store, inside one operation.
 */
final class NewRows {
  private final RowCodec codec;
  private final SubkeyOrder bySubkey = new SubkeyOrder();
  private final PendingRow single = new PendingRow();
  private @Nullable PendingRow tombstone;
  private RowBatch batch = NoRows.INSTANCE;
  private boolean map;
  private long timestamp;
  private int size;
  private long bytes;
  private int stride;
  private int lastWritten;

  NewRows(RowCodec codec) {
    this.codec = codec;
  }

  /**
   * Takes the rows, which must not change until they are {@linkplain #clear() let go}.
   *
   * @param before a range tombstone at their timestamp that comes before them; null for none
   * @param isMap whether of rows with one subkey the last counts, and subkeys are stored
   */
  void set(@Nullable PendingRow before, RowBatch rows, boolean isMap) {
    tombstone = before;
    batch = rows;
    map = isMap;
    if (map) {
      bySubkey.sort(rows);
    }
    timestamp = rows.timestamp();
    size = (map ? bySubkey.size() : rows.size()) + first();
    measure();
  }

  private void measure() {
    PendingRow before = tombstone;
    bytes = before == null ? 0 : codec.rowBytes(before.payloadLength());
    stride = (int) bytes;
    if (isListOfLikeValues()) {
      int each = codec.rowBytes(batch.valueLength());
      bytes += (long) each * batch.size();
      stride = (before == null || stride == each) ? each : 0;
      return;
    }
    int length = -1;
    int rowBytes = 0;
    for (int place = first(); place < size; place++) {
      int next = payloadLength(number(place - first()));
      if (next != length) {
        length = next;
        rowBytes = codec.rowBytes(length);
        stride = (place == 0 || stride == rowBytes) ? rowBytes : 0;
      }
      bytes += rowBytes;
    }
  }

  /** Keeps nothing of the rows. */
  void clear() {
    tombstone = null;
    batch = NoRows.INSTANCE;
    size = 0;
    bySubkey.clear();
  }

  /** The place of the first row that is not the tombstone. */
  private int first() {
    return tombstone == null ? 0 : 1;
  }

  /** The timestamp of the rows. */
  long timestamp() {
    return timestamp;
  }

  /** Number of rows, at least one. */
  int size() {
    return size;
  }

  /** Whether the first of them is a tombstone; the others never are. */
  boolean hasTombstone() {
    return tombstone != null;
  }

  /** Bytes of all rows. */
  long bytes() {
    return bytes;
  }

  /** The size of every row; 0 if they differ. */
  int stride() {
    return stride;
  }

  /** Bytes of the row at a place, from 0. */
  int rowBytes(int place) {
    PendingRow before = tombstone;
    if (before != null && place == 0) {
      return codec.rowBytes(before.payloadLength());
    }
    return codec.rowBytes(payloadLength(number(place - first())));
  }

  private int number(int place) {
    return map ? bySubkey.number(place) : place;
  }

  private int payloadLength(int number) {
    int length = batch.value(number).length();
    if (!map) {
      return length;
    }
    int subkeyLength = batch.subkey(number).length();
    return RowFormat.varintSize(subkeyLength) + subkeyLength + length;
  }

  /** The only row. */
  PendingRow single() {
    PendingRow before = tombstone;
    if (before != null) {
      return before;
    }
    int number = number(0);
    Span value = batch.value(number);
    return map
        ? single.mapEntry(
            timestamp, batch.subkey(number), value.bytes(), value.offset(), value.length())
        : single.entry(timestamp, value.bytes(), value.offset(), value.length());
  }

  /** The place behind the rows from a place on that take at most so many bytes; at least one. */
  int endWithin(int from, int mostBytes) {
    if (stride > 0) {
      return Math.min(size, from + Math.max(1, mostBytes / stride));
    }
    int to = from + 1;
    long taken = rowBytes(from);
    while (to < size) {
      taken += rowBytes(to);
      if (taken > mostBytes) {
        break;
      }
      to++;
    }
    return to;
  }

  /** Bytes of the rows from a place to another one, which is not included. */
  long bytes(int from, int to) {
    if (stride > 0) {
      return (long) (to - from) * stride;
    }
    if (from == 0 && to == size) {
      return bytes;
    }
    long sum = 0;
    for (int i = from; i < to; i++) {
      sum += rowBytes(i);
    }
    return sum;
  }

  /** Writes the rows from a place to another one, not included; returns where they end. */
  int write(int from, int to, ByteBuffer buffer, int offset) {
    int position = offset;
    int place = from;
    PendingRow before = tombstone;
    if (before != null && place == 0 && to > 0) {
      lastWritten = position;
      codec.write(before, buffer, position);
      position += codec.rowBytes(before.payloadLength());
      place++;
    }
    if (place < to && isListOfLikeValues()) {
      return writeAlike(place - first(), to - first(), buffer, position);
    }
    for (; place < to; place++) {
      lastWritten = position;
      position = writeEntry(number(place - first()), buffer, position);
    }
    return position;
  }

  private boolean isListOfLikeValues() {
    return !map && batch.valueLength() != RowBatch.UNLIKE;
  }

  private int writeAlike(int from, int to, ByteBuffer buffer, int offset) {
    int length = batch.valueLength();
    Span values = batch.values();
    int end =
        codec.writeAlike(
            timestamp,
            values.bytes(),
            values.offset() + from * length,
            length,
            to - from,
            buffer,
            offset);
    lastWritten = end - codec.rowBytes(length);
    return end;
  }

  private int writeEntry(int number, ByteBuffer buffer, int offset) {
    Span value = batch.value(number);
    int length = value.length();
    int position;
    if (map) {
      Span subkey = batch.subkey(number);
      int subkeyLength = subkey.length();
      int head = RowFormat.varintSize(subkeyLength);
      position = codec.writeHead(timestamp, head + subkeyLength + length, buffer, offset);
      position = RowFormat.putVarint(buffer, position, subkeyLength);
      ByteCopy.write(subkey.bytes(), subkey.offset(), subkeyLength, buffer, position);
      position += subkeyLength;
    } else {
      position = codec.writeHead(timestamp, length, buffer, offset);
    }
    ByteCopy.write(value.bytes(), value.offset(), length, buffer, position);
    return position + length;
  }

  /** Where in the buffer the row starts that was written last. */
  int lastWritten() {
    return lastWritten;
  }

  /** In the place of a batch that was let go. */
  private static final class NoRows implements RowBatch {
    private static final NoRows INSTANCE = new NoRows();

    private static final Span NOTHING = new Span();

    @Override
    public long timestamp() {
      return 0;
    }

    @Override
    public int size() {
      return 0;
    }

    @Override
    public int valueLength() {
      return UNLIKE;
    }

    @Override
    public Span values() {
      return NOTHING;
    }

    @Override
    public Span subkey(int number) {
      return NOTHING;
    }

    @Override
    public Span value(int number) {
      return NOTHING;
    }
  }
}
