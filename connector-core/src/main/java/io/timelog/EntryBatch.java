package io.timelog;

import io.timelog.internal.row.ByteCopy;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.RowFormat;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;

/**
 * Entries of one key, copied one after the other into one array: what {@link TableReader#readBatch}
 * reads into, and what {@link TableWriter#replaceAll} writes. It keeps its arrays, so a batch that
 * is used again allocates nothing once they are large enough.
 *
 * <p>Belongs to whoever made it: no entry changes or goes away with the table. Not thread-safe.
 */
public final class EntryBatch {
  private static final int FIRST_ENTRIES = 8;
  private static final int FIRST_BYTES = 128;
  private static final long[] NO_TIMESTAMPS = {};
  private static final int[] NO_ENDS = {};
  private static final byte[] NO_BYTES = {};

  /** The largest array that every JVM can make. */
  private static final int MAX_BYTES = Integer.MAX_VALUE - 8;

  private final int maxEntries;
  private final int maxBytes;

  // Made when they are needed: many a read finds nothing.
  private long[] timestamps = NO_TIMESTAMPS;

  /** Where subkey and value of each entry end. */
  private int[] ends = NO_ENDS;

  private byte[] bytes = NO_BYTES;
  private int size;

  /** A batch into which a read puts as many entries as there are. */
  public EntryBatch() {
    this(Integer.MAX_VALUE, Integer.MAX_VALUE);
  }

  /**
   * A batch that is full, for a read, when it has so many entries, or subkeys and values of so many
   * bytes. An entry that is larger is read by itself.
   *
   * @throws IllegalArgumentException if one of them is not positive
   */
  public EntryBatch(int maxEntries, int maxBytes) {
    if (maxEntries <= 0 || maxBytes <= 0) {
      throw new IllegalArgumentException(
          "The bounds of a batch must be positive: maxEntries="
              + maxEntries
              + ", maxBytes="
              + maxBytes);
    }
    this.maxEntries = maxEntries;
    this.maxBytes = maxBytes;
  }

  /** Number of entries. */
  public int size() {
    return size;
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return size == 0;
  }

  /** Bytes of all subkeys and values. */
  public int payloadBytes() {
    return size == 0 ? 0 : ends[2 * size - 1];
  }

  /**
   * The timestamp of an entry.
   *
   * @throws IndexOutOfBoundsException if there is no such entry
   */
  public long timestamp(int entry) {
    return timestamps[Objects.checkIndex(entry, size)];
  }

  /**
   * Points a span at the subkey of an entry, which is empty in a multimap; until the batch gets
   * other entries. Returns the span.
   *
   * @throws IndexOutOfBoundsException if there is no such entry
   */
  public Span subkey(int entry, Span into) {
    int start = start(Objects.checkIndex(entry, size));
    return into.set(bytes, start, ends[2 * entry] - start);
  }

  /** As {@link #subkey}, at the value. */
  public Span value(int entry, Span into) {
    int start = ends[2 * Objects.checkIndex(entry, size)];
    return into.set(bytes, start, ends[2 * entry + 1] - start);
  }

  /**
   * Points a span at all subkeys and values, one after the other as the entries come; of a multimap
   * that is its values without gaps. Until the batch gets other entries. Returns the span.
   */
  public Span payload(Span into) {
    return into.set(bytes, 0, payloadBytes());
  }

  /** Length of the subkey of an entry in bytes. */
  int subkeyLength(int entry) {
    return ends[2 * entry] - start(entry);
  }

  /** Length of the value of an entry in bytes. */
  int valueLength(int entry) {
    return ends[2 * entry + 1] - ends[2 * entry];
  }

  /** Copies the subkey of an entry in the place of what a target has. */
  void copySubkey(int entry, ByteTarget into) {
    int start = start(entry);
    into.clear().append(bytes, start, ends[2 * entry] - start);
  }

  private int start(int entry) {
    return entry == 0 ? 0 : ends[2 * entry - 1];
  }

  /** Forgets all entries; the batch keeps its arrays. Returns this. */
  public EntryBatch clear() {
    size = 0;
    return this;
  }

  /** As {@link #add(long, Span, Span)}, with the empty subkey. */
  public EntryBatch add(long timestamp, Span value) {
    int start = begin(timestamp, 0, value.length());
    put(value, start);
    return this;
  }

  /**
   * Adds a copy of an entry at the end, however full the batch is. Returns this.
   *
   * @throws IllegalArgumentException if all entries together would exceed 2 GiB; nothing was added
   */
  public EntryBatch add(long timestamp, Span subkey, Span value) {
    int start = begin(timestamp, subkey.length(), value.length());
    put(subkey, start);
    put(value, start + subkey.length());
    return this;
  }

  /**
   * Adds the entry at which a cursor stands; false, and nothing was added, if the batch is too full
   * for it.
   */
  boolean offer(Cursor entry) {
    int subkeyLength = entry.subkeyLength();
    int valueLength = entry.valueLength();
    long end = (long) payloadBytes() + subkeyLength + valueLength;
    if (size == maxEntries || (size > 0 && end > maxBytes)) {
      return false;
    }
    int start = begin(entry.timestamp(), subkeyLength, valueLength);
    entry.copySubkey(bytes, start);
    entry.copyValue(bytes, start + subkeyLength);
    return true;
  }

  /**
   * Adds the row at which a cursor stands and all that follow it; false if the batch is too full
   * for one of them. No row is a tombstone.
   *
   * @param map whether the rows are those of a map, and begin with a subkey
   */
  boolean offerAll(RowCursor rows, boolean map) {
    do {
      if (!offerAlike(rows, 1 + rows.passStretch(), map)) {
        return false;
      }
    } while (rows.advance());
    return true;
  }

  /** As {@link #offerAll}, of the row at which the cursor stands and the stretch behind it. */
  private boolean offerAlike(RowCursor rows, int count, boolean map) {
    ByteBuffer payload = rows.payload();
    int length = rows.payloadLength();
    makeRoomFor(count, length);
    int row = rows.payloadOffset();
    int timeOffset = rows.timestampOffset();
    long time = rows.timestamp();
    int end = payloadBytes();
    for (int i = 0; i < count; i++) {
      if (i > 0) {
        row += rows.rowStride();
        timeOffset += rows.timestampStride();
        time = rows.timestampOrigin() + (payload.getLong(timeOffset) & rows.timestampMask());
      }
      int subkeyLength = map ? RowFormat.getVarint(payload, row) : 0;
      int head = map ? RowFormat.varintSize(subkeyLength) : 0;
      int copied = length - head;
      if (size == maxEntries || (size > 0 && copied > maxBytes - end)) {
        return false;
      }
      ByteCopy.read(payload, row + head, copied, bytes, end);
      timestamps[size] = time;
      ends[2 * size] = end + subkeyLength;
      end += copied;
      ends[2 * size + 1] = end;
      size++;
    }
    return true;
  }

  /** Makes room for entries of one length, or for as many of them as there may be in the batch. */
  private void makeRoomFor(int count, int length) {
    int used = payloadBytes();
    int entries = size + Math.min(count, maxEntries - size);
    long wanted = Math.max(length, Math.min((long) count * length, (long) maxBytes - used));
    makeRoom(entries, used + wanted);
  }

  private void makeRoom(int entries, long end) {
    if (end > MAX_BYTES) {
      throw new IllegalArgumentException(
          "A batch cannot hold so much: bytes=" + end + ", max=" + MAX_BYTES);
    }
    if (end > bytes.length) {
      long grown = bytes.length == 0 ? 0 : Math.max(FIRST_BYTES, 2L * bytes.length);
      bytes = Arrays.copyOf(bytes, (int) Math.min(MAX_BYTES, Math.max(end, grown)));
    }
    if (entries > timestamps.length) {
      int grown = timestamps.length == 0 ? 0 : Math.max(FIRST_ENTRIES, 2 * timestamps.length);
      int capacity = Math.max(entries, grown);
      timestamps = Arrays.copyOf(timestamps, capacity);
      ends = Arrays.copyOf(ends, 2 * capacity);
    }
  }

  /** Makes an entry of which the bytes are still to be copied; returns where they start. */
  private int begin(long timestamp, int subkeyLength, int valueLength) {
    int start = payloadBytes();
    long end = (long) start + subkeyLength + valueLength;
    makeRoom(size + 1, end);
    timestamps[size] = timestamp;
    ends[2 * size] = start + subkeyLength;
    ends[2 * size + 1] = (int) end;
    size++;
    return start;
  }

  private void put(Span from, int at) {
    System.arraycopy(from.bytes(), from.offset(), bytes, at, from.length());
  }

  @Override
  public String toString() {
    return "EntryBatch[size=" + size + ", payloadBytes=" + payloadBytes() + "]";
  }
}
