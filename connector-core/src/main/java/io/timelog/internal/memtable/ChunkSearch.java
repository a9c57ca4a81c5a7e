package io.timelog.internal.memtable;

import io.timelog.Span;
import java.nio.ByteBuffer;

/**
 * Finds places among the rows of one chunk. Rows of one size are halved, others walked. Immutable.
 */
final class ChunkSearch {
  private final RowCodec rows;

  ChunkSearch(RowCodec rows) {
    this.rows = rows;
  }

  /** Offset, counted from the first row, of the first row later than the timestamp. */
  int firstAfter(ByteBuffer buffer, int chunk, long timestamp) {
    int base = chunk + Chunk.ROWS;
    int used = Chunk.used(buffer, chunk);
    int stride = Chunk.stride(buffer, chunk);
    if (stride > 0) {
      int low = 0;
      int high = used / stride;
      while (low < high) {
        int mid = (low + high) >>> 1;
        if (rows.timestamp(buffer, base + mid * stride) <= timestamp) {
          low = mid + 1;
        } else {
          high = mid;
        }
      }
      return low * stride;
    }
    int position = 0;
    while (position < used && rows.timestamp(buffer, base + position) <= timestamp) {
      position += rows.rowBytesAt(buffer, base + position);
    }
    return position;
  }

  /** Offset of the first row that is not before the pending one in the order of a map. */
  int firstNotBefore(ByteBuffer buffer, int chunk, PendingRow row) {
    int base = chunk + Chunk.ROWS;
    int used = Chunk.used(buffer, chunk);
    int stride = Chunk.stride(buffer, chunk);
    if (stride > 0) {
      int low = 0;
      int high = used / stride;
      while (low < high) {
        int mid = (low + high) >>> 1;
        if (rows.compareInMap(buffer, base + mid * stride, row) < 0) {
          low = mid + 1;
        } else {
          high = mid;
        }
      }
      return low * stride;
    }
    int position = 0;
    while (position < used && rows.compareInMap(buffer, base + position, row) < 0) {
      position += rows.rowBytesAt(buffer, base + position);
    }
    return position;
  }

  /**
   * Where in the buffer the entry of a map with the timestamp and subkey starts, among the first
   * {@code used} bytes of rows; -1 if there is none.
   */
  int find(ByteBuffer buffer, int chunk, int used, long timestamp, Span subkey) {
    int base = chunk + Chunk.ROWS;
    int stride = Chunk.stride(buffer, chunk);
    int position = 0;
    if (stride > 0) {
      int low = 0;
      int high = used / stride;
      while (low < high) {
        int mid = (low + high) >>> 1;
        if (rows.compareInMap(buffer, base + mid * stride, timestamp, subkey) < 0) {
          low = mid + 1;
        } else {
          high = mid;
        }
      }
      position = low * stride;
    } else {
      while (position < used && rows.compareInMap(buffer, base + position, timestamp, subkey) < 0) {
        position += rows.rowBytesAt(buffer, base + position);
      }
    }
    return position < used && rows.compareInMap(buffer, base + position, timestamp, subkey) == 0
        ? base + position
        : -1;
  }

  /** Offset of the last row that starts before {@code end}; -1 if there is none. */
  int lastRowBefore(ByteBuffer buffer, int chunk, int end) {
    int stride = Chunk.stride(buffer, chunk);
    if (stride > 0) {
      return end - stride;
    }
    int base = chunk + Chunk.ROWS;
    int last = -1;
    for (int position = 0; position < end; ) {
      last = position;
      position += rows.rowBytesAt(buffer, base + position);
    }
    return last;
  }

  /** The first start of a row at or behind {@code wanted}, or the end; all places in the buffer. */
  int boundary(ByteBuffer buffer, int firstRow, int wanted, int end) {
    int position = firstRow;
    while (position < wanted) {
      position += rows.rowBytesAt(buffer, position);
    }
    return Math.min(position, end);
  }

  /** How many rows lie between two offsets, counted from the first row. */
  int count(ByteBuffer buffer, int chunk, int from, int to) {
    int stride = Chunk.stride(buffer, chunk);
    if (stride > 0) {
      return (to - from) / stride;
    }
    if (from == 0 && to == Chunk.used(buffer, chunk) && Chunk.rows(buffer, chunk) >= 0) {
      return Chunk.rows(buffer, chunk);
    }
    int end = chunk + Chunk.ROWS + to;
    int count = 0;
    for (int position = chunk + Chunk.ROWS + from; position < end; count++) {
      position += rows.rowBytesAt(buffer, position);
    }
    return count;
  }

  /** How many of the rows between two offsets, counted from the first row, are tombstones. */
  int countTombstones(ByteBuffer buffer, int chunk, int from, int to) {
    int end = chunk + Chunk.ROWS + to;
    int count = 0;
    for (int position = chunk + Chunk.ROWS + from;
        position < end;
        position += rows.rowBytesAt(buffer, position)) {
      count += rows.isTombstone(buffer, position) ? 1 : 0;
    }
    return count;
  }
}
