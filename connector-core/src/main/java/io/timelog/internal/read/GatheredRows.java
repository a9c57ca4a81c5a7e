package io.timelog.internal.read;

import io.timelog.internal.row.Direction;
import io.timelog.internal.row.RowCursor;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Rows of many keys of one partition window, sorted by timestamp. Payloads and keys are copied only
 * where they do not stay in memory.
 */
final class GatheredRows extends RowCursor {
  private static final int INSERTION_SORT = 16;

  private long[] timestamps = new long[64];
  private ByteBuffer[] payloads = new ByteBuffer[64];
  private int[] payloadOffsets = new int[64];
  private int[] payloadLengths = new int[64];
  private int[] keys = new int[64];
  private int size;

  private ByteBuffer[] keyBuffers = new ByteBuffer[16];
  private int[] keyOffsets = new int[16];
  private int[] keyLengths = new int[16];
  private int keyCount;

  private int[] order = new int[0];
  private final int step;
  private int next;
  private int at;

  private GatheredRows(Direction direction) {
    this.step = direction.step();
  }

  /**
   * Gathers the visible rows of all keys, to be read in a direction, of sources that stay in
   * memory.
   */
  static GatheredRows gather(KeyMerge keys, Direction direction) {
    GatheredRows gathered = new GatheredRows(direction);
    while (keys.advance()) {
      RowCursor rows = keys.rows();
      if (rows.advance()) {
        gathered.addKey(keys);
        do {
          gathered.addRow(rows);
        } while (rows.advance());
      }
    }
    gathered.sort();
    gathered.next = direction == Direction.FORWARD ? 0 : gathered.size - 1;
    return gathered;
  }

  /** As {@link #gather}, of any sources: with the bytes of all rows and keys. */
  static GatheredRows copy(KeyMerge keys, Direction direction) {
    GatheredRows gathered = new GatheredRows(direction);
    CopiedBytes copies = new CopiedBytes();
    while (keys.advance()) {
      RowCursor rows = keys.rows();
      if (rows.advance()) {
        gathered.addKey(keys);
        gathered.copyKey(copies);
        do {
          gathered.addRow(rows);
          gathered.copyRow(copies);
        } while (rows.advance());
      }
    }
    gathered.sort();
    gathered.next = direction == Direction.FORWARD ? 0 : gathered.size - 1;
    return gathered;
  }

  private void copyKey(CopiedBytes copies) {
    int key = keyCount - 1;
    copies.add(keyBuffers[key], keyOffsets[key], keyLengths[key]);
    keyBuffers[key] = copies.buffer();
    keyOffsets[key] = copies.offset();
  }

  private void copyRow(CopiedBytes copies) {
    int row = size - 1;
    copies.add(payloads[row], payloadOffsets[row], payloadLengths[row]);
    payloads[row] = copies.buffer();
    payloadOffsets[row] = copies.offset();
  }

  private void addKey(KeyMerge key) {
    if (keyCount == keyBuffers.length) {
      keyBuffers = Arrays.copyOf(keyBuffers, keyCount * 2);
      keyOffsets = Arrays.copyOf(keyOffsets, keyCount * 2);
      keyLengths = Arrays.copyOf(keyLengths, keyCount * 2);
    }
    keyBuffers[keyCount] = key.keyBuffer();
    keyOffsets[keyCount] = key.keyOffset();
    keyLengths[keyCount++] = key.keyLength();
  }

  private void addRow(RowCursor row) {
    if (size == timestamps.length) {
      int capacity = size * 2;
      timestamps = Arrays.copyOf(timestamps, capacity);
      payloads = Arrays.copyOf(payloads, capacity);
      payloadOffsets = Arrays.copyOf(payloadOffsets, capacity);
      payloadLengths = Arrays.copyOf(payloadLengths, capacity);
      keys = Arrays.copyOf(keys, capacity);
    }
    timestamps[size] = row.timestamp();
    payloads[size] = row.payload();
    payloadOffsets[size] = row.payloadOffset();
    payloadLengths[size] = row.payloadLength();
    keys[size++] = keyCount - 1;
  }

  /**
   * A stable merge sort of row numbers by timestamp; runs that are in order already cost a compare.
   */
  private void sort() {
    order = new int[size];
    for (int i = 0; i < size; i++) {
      order[i] = i;
    }
    sort(0, size, new int[(size + 1) / 2]);
  }

  private void sort(int from, int to, int[] spare) {
    if (to - from <= INSERTION_SORT) {
      for (int i = from + 1; i < to; i++) {
        int row = order[i];
        long time = timestamps[row];
        int j = i - 1;
        while (j >= from && timestamps[order[j]] > time) {
          order[j + 1] = order[j];
          j--;
        }
        order[j + 1] = row;
      }
      return;
    }
    int middle = (from + to) >>> 1;
    sort(from, middle, spare);
    sort(middle, to, spare);
    if (timestamps[order[middle - 1]] <= timestamps[order[middle]]) {
      return;
    }
    int leftCount = middle - from;
    System.arraycopy(order, from, spare, 0, leftCount);
    int left = 0;
    int right = middle;
    int target = from;
    while (left < leftCount) {
      if (right >= to || timestamps[spare[left]] <= timestamps[order[right]]) {
        order[target++] = spare[left++];
      } else {
        order[target++] = order[right++];
      }
    }
  }

  @Override
  public boolean advance() {
    if (next < 0 || next >= size) {
      return false;
    }
    at = order[next];
    next += step;
    timestamp = timestamps[at];
    payload = payloads[at];
    payloadOffset = payloadOffsets[at];
    payloadLength = payloadLengths[at];
    return true;
  }

  int keyCount() {
    return keyCount;
  }

  /** The key of the current row, as a number below {@link #keyCount()}. */
  int keyNumber() {
    return keys[at];
  }

  /** The buffer with the key of the current row. */
  ByteBuffer keyBuffer() {
    return keyBuffers[keys[at]];
  }

  int keyOffset() {
    return keyOffsets[keys[at]];
  }

  int keyLength() {
    return keyLengths[keys[at]];
  }
}
