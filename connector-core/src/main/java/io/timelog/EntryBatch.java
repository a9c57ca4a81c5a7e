package io.timelog;

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

  /** The largest array that every JVM can make. */
  private static final int MAX_BYTES = Integer.MAX_VALUE - 8;

  private final int maxEntries;
  private final int maxBytes;
  private long[] timestamps = new long[FIRST_ENTRIES];

  /** Where subkey and value of each entry end. */
  private int[] ends = new int[2 * FIRST_ENTRIES];

  private byte[] bytes = new byte[FIRST_BYTES];
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

  /** Length of the subkey of an entry in bytes. */
  int subkeyLength(int entry) {
    return ends[2 * entry] - start(entry);
  }

  /** Length of the value of an entry in bytes. */
  int valueLength(int entry) {
    return ends[2 * entry + 1] - ends[2 * entry];
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

  /** Makes an entry of which the bytes are still to be copied; returns where they start. */
  private int begin(long timestamp, int subkeyLength, int valueLength) {
    int start = payloadBytes();
    long end = (long) start + subkeyLength + valueLength;
    if (end > MAX_BYTES) {
      throw new IllegalArgumentException(
          "A batch cannot hold so much: bytes=" + end + ", max=" + MAX_BYTES);
    }
    if (end > bytes.length) {
      bytes = Arrays.copyOf(bytes, (int) Math.min(MAX_BYTES, Math.max(end, 2L * bytes.length)));
    }
    if (size == timestamps.length) {
      timestamps = Arrays.copyOf(timestamps, 2 * size);
      ends = Arrays.copyOf(ends, 4 * size);
    }
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
