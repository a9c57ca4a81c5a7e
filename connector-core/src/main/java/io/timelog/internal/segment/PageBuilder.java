package io.timelog.internal.segment;

import io.timelog.internal.format.v1.PageFormat;
import io.timelog.internal.row.ByteCopy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A page under construction. Collects keys and rows column by column, tells how long the page would
 * be, and encodes it. One builder serves all pages of a segment; it grows to the largest page it
 * saw and allocates nothing otherwise.
 */
final class PageBuilder {

  /*
   * Columns are heap arrays because a writer lives only briefly: its garbage goes with the next young
   * collection, while direct buffers would pile up until a full one.
   *
   * The writer asks before each row whether it still fits. So everything that the length of the page
   * depends on is kept up to date row by row: sums, and a flag for each column that must be present.
   * A flag stays set while rows are added. When rows are taken away it is computed again, so that
   * equal pages have equal bytes, however they came about.
   */

  private static final int MIN_PAGE_CAPACITY = 4096;

  private long[] timestamps = new long[64];
  private int[] payloadEnds = new int[64];
  private boolean[] tombstones = new boolean[64];
  private byte[] payloads = new byte[1024];
  private int rowCount;
  private int payloadBytes;
  private int tombstoneCount;

  private int[] hashes = new int[16];
  private int[] groups = new int[16];
  private int[] firstRows = new int[16];
  private int[] keyEnds = new int[16];
  private byte[] keys = new byte[256];
  private int keyCount;
  private int keyBytes;

  private int flags;
  private ByteBuffer page = ByteBuffer.allocate(0);

  /** Rows so far. */
  int rowCount() {
    return rowCount;
  }

  /** Keys so far. */
  int keyCount() {
    return keyCount;
  }

  /** Hash of a key of the page. */
  int hash(int ordinal) {
    return hashes[ordinal];
  }

  /** Key group of a key of the page. */
  int group(int ordinal) {
    return groups[ordinal];
  }

  /** The length of the page with one more row of its last key. */
  long lengthWithRow(int payloadLength, boolean tombstone) {
    return PageFormat.length(
        flags | payloadFlag(payloadLength),
        keyCount,
        rowCount + 1,
        (long) payloadBytes + payloadLength,
        keyBytes,
        tombstone ? tombstoneCount + 1 : tombstoneCount);
  }

  /** The length of the page with one more key and one row of it. */
  long lengthWithKey(int group, int keyLength, int payloadLength, boolean tombstone) {
    return PageFormat.length(
        flags | payloadFlag(payloadLength) | keyFlags(group, keyLength),
        keyCount + 1,
        rowCount + 1,
        (long) payloadBytes + payloadLength,
        (long) keyBytes + keyLength,
        tombstone ? tombstoneCount + 1 : tombstoneCount);
  }

  /** Adds a key. Rows must follow. */
  void addKey(int group, int hash, byte[] key, int keyLength) {
    if (keyCount == hashes.length) {
      int capacity = 2 * keyCount;
      hashes = Arrays.copyOf(hashes, capacity);
      groups = Arrays.copyOf(groups, capacity);
      firstRows = Arrays.copyOf(firstRows, capacity);
      keyEnds = Arrays.copyOf(keyEnds, capacity);
    }
    keys = withRoom(keys, keyBytes, keyLength);
    System.arraycopy(key, 0, keys, keyBytes, keyLength);
    flags |= keyFlags(group, keyLength);
    keyBytes += keyLength;
    hashes[keyCount] = hash;
    groups[keyCount] = group;
    firstRows[keyCount] = rowCount;
    keyEnds[keyCount] = keyBytes;
    keyCount++;
  }

  /** Adds a row to the last key. */
  void addRow(
      long timestamp, boolean tombstone, ByteBuffer payload, int payloadOffset, int payloadLength) {
    int row = rowCount;
    if (row == timestamps.length) {
      int capacity = 2 * row;
      timestamps = Arrays.copyOf(timestamps, capacity);
      payloadEnds = Arrays.copyOf(payloadEnds, capacity);
      tombstones = Arrays.copyOf(tombstones, capacity);
    }
    if (payloads.length - payloadBytes < payloadLength) {
      payloads = withRoom(payloads, payloadBytes, payloadLength);
    }
    ByteCopy.read(payload, payloadOffset, payloadLength, payloads, payloadBytes);
    flags |= payloadFlag(payloadLength);
    payloadBytes += payloadLength;
    timestamps[row] = timestamp;
    payloadEnds[row] = payloadBytes;
    tombstones[row] = tombstone;
    tombstoneCount += tombstone ? 1 : 0;
    rowCount = row + 1;
  }

  /** The header of a page of all keys. */
  PageFormat.Header header() {
    return header(keyCount, rowCount, flags);
  }

  /** The header of a page of all keys but the last. */
  PageFormat.Header headerWithoutLastKey() {
    int keysBefore = keyCount - 1;
    int rowsBefore = firstRows[keysBefore];
    int flagsBefore = flags;
    if (isUniform(payloadEnds, rowsBefore)) {
      flagsBefore &= ~PageFormat.PAYLOAD_ENDS;
    }
    if (isUniform(keyEnds, keysBefore)) {
      flagsBefore &= ~PageFormat.KEY_ENDS;
    }
    if (groups[keysBefore - 1] == groups[0]) {
      flagsBefore &= ~PageFormat.GROUPS;
    }
    return header(keysBefore, rowsBefore, flagsBefore);
  }

  /**
   * Encodes the keys and rows that {@code header} counts. The bytes lie between 0 and the limit of
   * the returned buffer, which belongs to this builder and changes with the next call.
   */
  ByteBuffer encode(PageFormat.Header header) {
    PageFormat.Columns columns = header.columns();
    if (page.capacity() < columns.length) {
      long capacity = Math.max(columns.length + columns.length / 8L, MIN_PAGE_CAPACITY);
      page =
          ByteBuffer.allocate((int) Math.min(capacity, PageFormat.MAX_PAGE_BYTES))
              .order(ByteOrder.LITTLE_ENDIAN);
    }
    page.limit(columns.length);
    int rows = header.rowCount();
    int keysInPage = header.keyCount();
    // Clears the padding before the payloads; columns are written over what is not padding.
    page.putLong(columns.payloads - Long.BYTES, 0);
    page.position(PageFormat.timestampOffset(0))
        .slice()
        .order(ByteOrder.LITTLE_ENDIAN)
        .asLongBuffer()
        .put(timestamps, 0, rows);
    putInts(columns.payloadEnds, payloadEnds, rows);
    putInts(columns.hashes, hashes, keysInPage);
    putInts(columns.firstRows, firstRows, keysInPage);
    putInts(columns.keyEnds, keyEnds, keysInPage);
    putInts(columns.groups, groups, keysInPage);
    page.position(0);
    page.put(columns.payloads, payloads, 0, header.payloadBytes());
    page.put(columns.keys, keys, 0, header.keyBytes());
    putZeros(columns.keys + header.keyBytes(), columns.length);
    if (header.tombstoneCount() > 0) {
      putTombstones(columns.tombstones, rows);
    }
    PageFormat.putHeader(page, header, columns.length);
    PageFormat.putChecksum(page, columns.length);
    return page;
  }

  /** Forgets all keys and rows. */
  void clear() {
    rowCount = 0;
    payloadBytes = 0;
    tombstoneCount = 0;
    keyCount = 0;
    keyBytes = 0;
    flags = 0;
  }

  /** Forgets all keys but the last, and their rows. */
  void keepLastKey() {
    int ordinal = keyCount - 1;
    int firstRow = firstRows[ordinal];
    int keyStart = keyEnds[ordinal - 1];
    int payloadStart = payloadEnds[firstRow - 1];
    int rows = rowCount - firstRow;
    System.arraycopy(keys, keyStart, keys, 0, keyBytes - keyStart);
    System.arraycopy(payloads, payloadStart, payloads, 0, payloadBytes - payloadStart);
    System.arraycopy(timestamps, firstRow, timestamps, 0, rows);
    System.arraycopy(tombstones, firstRow, tombstones, 0, rows);
    for (int row = 0; row < rows; row++) {
      payloadEnds[row] = payloadEnds[firstRow + row] - payloadStart;
    }
    hashes[0] = hashes[ordinal];
    groups[0] = groups[ordinal];
    firstRows[0] = 0;
    keyBytes -= keyStart;
    keyEnds[0] = keyBytes;
    keyCount = 1;
    rowCount = rows;
    payloadBytes -= payloadStart;
    tombstoneCount = countTombstones(rows);
    flags = isUniform(payloadEnds, rows) ? 0 : PageFormat.PAYLOAD_ENDS;
  }

  /** Forgets all rows and goes on with the only key in a page that does not repeat its bytes. */
  void continueKey() {
    assert keyCount == 1 : "keyCount=" + keyCount;
    rowCount = 0;
    payloadBytes = 0;
    tombstoneCount = 0;
    keyBytes = 0;
    keyEnds[0] = 0;
    flags = PageFormat.CONTINUATION;
  }

  private PageFormat.Header header(int keysCounted, int rowsCounted, int flagsCounted) {
    long min = Long.MAX_VALUE;
    long max = Long.MIN_VALUE;
    for (int ordinal = 0; ordinal < keysCounted; ordinal++) {
      int endRow = ordinal + 1 < keyCount ? firstRows[ordinal + 1] : rowCount;
      min = Math.min(min, timestamps[firstRows[ordinal]]);
      max = Math.max(max, timestamps[endRow - 1]);
    }
    return new PageFormat.Header(
        flagsCounted,
        keysCounted,
        rowsCounted,
        min,
        max,
        payloadEnds[rowsCounted - 1],
        keyEnds[keysCounted - 1],
        groups[0],
        rowsCounted == rowCount ? tombstoneCount : countTombstones(rowsCounted));
  }

  private int payloadFlag(int payloadLength) {
    return rowCount == 0 || payloadLength == payloadEnds[0] ? 0 : PageFormat.PAYLOAD_ENDS;
  }

  private int keyFlags(int group, int keyLength) {
    if (keyCount == 0) {
      return 0;
    }
    return (keyLength == keyEnds[0] ? 0 : PageFormat.KEY_ENDS)
        | (group == groups[0] ? 0 : PageFormat.GROUPS);
  }

  private int countTombstones(int rows) {
    int count = 0;
    if (tombstoneCount > 0) {
      for (int row = 0; row < rows; row++) {
        count += tombstones[row] ? 1 : 0;
      }
    }
    return count;
  }

  private void putInts(int offset, int[] column, int length) {
    if (offset != PageFormat.Columns.ABSENT) {
      page.position(offset)
          .slice()
          .order(ByteOrder.LITTLE_ENDIAN)
          .asIntBuffer()
          .put(column, 0, length);
    }
  }

  private void putTombstones(int offset, int rows) {
    for (int row = 0; row < rows; row++) {
      if (tombstones[row]) {
        int at = offset + (row >>> 3);
        page.put(at, (byte) (page.get(at) | 1 << (row & 7)));
      }
    }
  }

  private void putZeros(int from, int to) {
    for (int i = from; i < to; i++) {
      page.put(i, (byte) 0);
    }
  }

  private static boolean isUniform(int[] ends, int count) {
    if (count > 1) {
      int length = ends[0];
      for (int i = 1; i < count; i++) {
        if (ends[i] - ends[i - 1] != length) {
          return false;
        }
      }
    }
    return true;
  }

  private static byte[] withRoom(byte[] heap, int used, int more) {
    if (heap.length - used >= more) {
      return heap;
    }
    long needed = (long) used + more;
    return Arrays.copyOf(
        heap, (int) Math.min(Math.max(needed, 2L * heap.length), PageFormat.MAX_PAGE_BYTES));
  }
}
