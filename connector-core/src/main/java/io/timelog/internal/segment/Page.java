package io.timelog.internal.segment;

import io.timelog.Span;
import io.timelog.internal.format.v1.PageFormat;
import io.timelog.internal.format.v1.PageFormat.Columns;
import io.timelog.internal.key.Key;
import io.timelog.internal.key.KeyOrder;
import io.timelog.internal.row.RowFormat;
import io.timelog.internal.storage.SegmentInput;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;

/**
 * One checked page of a segment. Its rows are numbered from 0; the rows of each of its keys are
 * contiguous and in time order. Immutable; any number of threads may read.
 */
public final class Page {
  final ByteBuffer bytes;

  /** Offset of the payload ends, or {@link Columns#ABSENT} if all payloads have one length. */
  final int payloadEnds;

  /** The length of every payload if {@link #payloadEnds} is absent. */
  final int payloadLength;

  /** Offset of the payload heap. */
  final int payloads;

  /** Offset of the tombstone bits, or {@link Columns#ABSENT} if no row is a tombstone. */
  final int tombstones;

  private final int rowCount;
  private final int keyCount;
  private final long minTimestamp;
  private final long maxTimestamp;
  private final int firstGroup;
  private final int hashes;
  private final int firstRows;
  private final int keyEnds;
  private final int keyLength;
  private final int groups;
  private final int keys;

  private final SegmentInput input;
  private final long offset;

  /**
   * A view of {@code bytes}, which are at {@code offset} of {@code input} and whose checksum and
   * header the caller has checked.
   */
  Page(SegmentInput input, long offset, ByteBuffer bytes, PageFormat.Header header) {
    Columns columns = header.columns();
    this.input = input;
    this.offset = offset;
    this.bytes = bytes;
    rowCount = header.rowCount();
    keyCount = header.keyCount();
    minTimestamp = header.minTimestamp();
    maxTimestamp = header.maxTimestamp();
    firstGroup = header.firstGroup();
    payloadEnds = columns.payloadEnds;
    payloadLength = columns.payloadEnds == Columns.ABSENT ? header.payloadBytes() / rowCount : 0;
    payloads = columns.payloads;
    tombstones = columns.tombstones;
    hashes = columns.hashes;
    firstRows = columns.firstRows;
    keyEnds = columns.keyEnds;
    keyLength = columns.keyEnds == Columns.ABSENT ? header.keyBytes() / keyCount : 0;
    groups = columns.groups;
    keys = columns.keys;
  }

  /** The number of rows, at least 1. */
  public int rowCount() {
    return rowCount;
  }

  /** The number of keys, at least 1. */
  public int keyCount() {
    return keyCount;
  }

  /** The smallest timestamp. */
  public long minTimestamp() {
    return minTimestamp;
  }

  /** The largest timestamp. */
  public long maxTimestamp() {
    return maxTimestamp;
  }

  /** Whether any row is a tombstone. */
  public boolean hasTombstones() {
    return tombstones != Columns.ABSENT;
  }

  /**
   * The timestamps of all rows: read-only, and readable forever, even after the segment is closed.
   * Shares the memory of the page where that outlives the segment while it can be reached, else is
   * a copy.
   */
  public LongBuffer timestamps() {
    return input
        .readToKeep(offset + PageFormat.HEADER_BYTES, Long.BYTES * rowCount)
        .asLongBuffer()
        .asReadOnlyBuffer();
  }

  /** A copy of the timestamps of the rows {@code [fromRow, fromRow + count)}. */
  public long[] copyTimestamps(int fromRow, int count) {
    long[] copy = new long[count];
    bytes
        .slice(PageFormat.timestampOffset(fromRow), Long.BYTES * count)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asLongBuffer()
        .get(copy);
    return copy;
  }

  /** The timestamp of a row. */
  public long timestamp(int row) {
    return bytes.getLong(PageFormat.timestampOffset(row));
  }

  /** Whether a row is a tombstone. */
  public boolean isTombstone(int row) {
    return tombstones != Columns.ABSENT
        && (bytes.get(tombstones + (row >>> 3)) >>> (row & 7) & 1) != 0;
  }

  /** The buffer that holds the payloads, little-endian; use absolute reads only. */
  public ByteBuffer payload() {
    return bytes;
  }

  /** Where the payload of a row starts in {@link #payload()}. */
  public int payloadOffset(int row) {
    if (payloadEnds == Columns.ABSENT) {
      return payloads + payloadLength * row;
    }
    return row == 0 ? payloads : payloads + bytes.getInt(payloadEnds + Integer.BYTES * (row - 1));
  }

  /** The length of the payload of a row. */
  public int payloadLength(int row) {
    if (payloadEnds == Columns.ABSENT) {
      return payloadLength;
    }
    return payloads + bytes.getInt(payloadEnds + Integer.BYTES * row) - payloadOffset(row);
  }

  /** The first row of a key, given by its ordinal: keys of a page are numbered from 0. */
  public int firstRow(int ordinal) {
    if (firstRows != Columns.ABSENT) {
      return bytes.getInt(firstRows + Integer.BYTES * ordinal);
    }
    return keyCount == 1 ? 0 : ordinal;
  }

  /** The row after the last row of a key. */
  public int endRow(int ordinal) {
    return ordinal + 1 == keyCount ? rowCount : firstRow(ordinal + 1);
  }

  /** The hash of a key. */
  public int hash(int ordinal) {
    return bytes.getInt(hashes + Integer.BYTES * ordinal);
  }

  /** The key group of a key. */
  public int group(int ordinal) {
    return groups == Columns.ABSENT ? firstGroup : bytes.getInt(groups + Integer.BYTES * ordinal);
  }

  /**
   * Where a key starts in {@link #payload()}. A page that continues the key of the page before has
   * no bytes of it.
   */
  public int keyOffset(int ordinal) {
    if (keyEnds == Columns.ABSENT) {
      return keys + keyLength * ordinal;
    }
    return ordinal == 0 ? keys : keys + bytes.getInt(keyEnds + Integer.BYTES * (ordinal - 1));
  }

  /** The length of a key in bytes. */
  public int keyLength(int ordinal) {
    if (keyEnds == Columns.ABSENT) {
      return keyLength;
    }
    return keys + bytes.getInt(keyEnds + Integer.BYTES * ordinal) - keyOffset(ordinal);
  }

  /** Whether a key is this one. */
  boolean hasKey(int ordinal, Key key) {
    return group(ordinal) == key.group()
        && KeyOrder.equal(bytes, keyOffset(ordinal), keyLength(ordinal), key);
  }

  /** Compares a key with another one in key order. */
  int compareKey(int ordinal, Key key) {
    int group = group(ordinal);
    return group != key.group()
        ? Integer.compare(group, key.group())
        : KeyOrder.compare(
            bytes, keyOffset(ordinal), keyLength(ordinal), key.bytes(), key.offset(), key.length());
  }

  /**
   * Compares a row of a map with the place of an entry: by timestamp, then range tombstones before
   * everything else, then by subkey.
   */
  int compareEntry(int row, long timestamp, Span subkey) {
    int order = Long.compare(timestamp(row), timestamp);
    if (order != 0) {
      return order;
    }
    int payload = payloadOffset(row);
    if (isTombstone(row)) {
      if (bytes.get(payload) == RowFormat.RANGE) {
        return -1;
      }
      payload++;
    }
    return RowFormat.compareSubkey(bytes, payload, subkey);
  }

  /**
   * The first row in {@code [fromRow, toRow)} that is not before the place of an entry of a map, or
   * {@code toRow}. The rows must be of one key.
   */
  int firstNotBefore(int fromRow, int toRow, long timestamp, Span subkey) {
    int low = fromRow;
    int high = toRow;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (compareEntry(middle, timestamp, subkey) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /**
   * The first row in {@code [fromRow, toRow)} whose timestamp is {@code timestamp} or larger, or
   * {@code toRow}. The rows must be of one key.
   */
  public int lowerBound(int fromRow, int toRow, long timestamp) {
    int low = fromRow;
    int high = toRow;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (timestamp(middle) < timestamp) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /**
   * The first row in {@code [fromRow, toRow)} whose timestamp is larger than {@code timestamp}, or
   * {@code toRow}. The rows must be of one key.
   */
  public int upperBound(int fromRow, int toRow, long timestamp) {
    int low = fromRow;
    int high = toRow;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (timestamp(middle) <= timestamp) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  @Override
  public String toString() {
    return "Page[keys="
        + keyCount
        + ", rows="
        + rowCount
        + ", minTimestamp="
        + minTimestamp
        + ", maxTimestamp="
        + maxTimestamp
        + "]";
  }
}
