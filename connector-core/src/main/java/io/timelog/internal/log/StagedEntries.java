package io.timelog.internal.log;

import io.timelog.internal.memtable.PendingRows;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Entries on their way into the engine: timestamps, and encoded values one after the other in one
 * array that is used again. Nothing of a call is written to the engine until all of it is here, so
 * whatever fails on the way leaves the log as it was. Belongs to the writer.
 */
final class StagedEntries extends PendingRows {
  /** Arrays with more bytes than this are given back after use. */
  private static final int KEPT_BYTES = 1 << 20;

  private static final int KEPT_ENTRIES = KEPT_BYTES / Long.BYTES;
  private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;
  private static final int INITIAL_BYTES = 256;
  private static final int INITIAL_ENTRIES = 16;

  /** Over the array of the values. */
  private ByteBuffer buffer = ByteBuffer.wrap(values);

  private int count;
  private int length;

  StagedEntries() {
    super(new long[INITIAL_ENTRIES], new byte[INITIAL_BYTES], new int[INITIAL_ENTRIES]);
  }

  /** Forgets all entries. */
  void clear() {
    count = 0;
    length = 0;
    if (buffer.capacity() > KEPT_BYTES) {
      values = new byte[INITIAL_BYTES];
      buffer = ByteBuffer.wrap(values);
    }
    if (ends.length > KEPT_ENTRIES) {
      timestamps = new long[INITIAL_ENTRIES];
      ends = new int[INITIAL_ENTRIES];
    }
  }

  /** The big-endian buffer with exactly {@code size} bytes remaining for the next value. */
  ByteBuffer open(int size) {
    if (size > buffer.capacity() - length) {
      growBuffer(size);
    }
    buffer.order(ByteOrder.BIG_ENDIAN).limit(length + size).position(length);
    return buffer;
  }

  /** Ends the entry whose value was opened and is full. */
  void commit(long timestamp, int size) {
    if (count == ends.length) {
      growEntries();
    }
    length += size;
    timestamps[count] = timestamp;
    ends[count++] = length;
  }

  int count() {
    return count;
  }

  /** Bytes of all values. */
  int length() {
    return length;
  }

  /**
   * Whether no timestamp is smaller than the one before it, the first no smaller than {@code t}.
   */
  boolean isSortedFrom(long t) {
    long before = t;
    for (int i = 0; i < count; i++) {
      if (timestamps[i] < before) {
        return false;
      }
      before = timestamps[i];
    }
    return true;
  }

  private void growBuffer(int size) {
    long needed = (long) length + size;
    if (needed > MAX_ARRAY) {
      throw new IllegalArgumentException(
          "One batch takes at most "
              + MAX_ARRAY
              + " bytes of encoded values: bytes="
              + needed
              + ", values="
              + (count + 1)
              + ". Write in several batches.");
    }
    int capacity = (int) Math.min(MAX_ARRAY, Math.max(needed, 2L * buffer.capacity()));
    values = Arrays.copyOf(values, capacity);
    buffer = ByteBuffer.wrap(values);
  }

  private void growEntries() {
    if (count == MAX_ARRAY) {
      throw new IllegalArgumentException(
          "One batch takes at most " + MAX_ARRAY + " entries. Write in several batches.");
    }
    int capacity = (int) Math.min(MAX_ARRAY, 2L * count);
    timestamps = Arrays.copyOf(timestamps, capacity);
    ends = Arrays.copyOf(ends, capacity);
  }
}
