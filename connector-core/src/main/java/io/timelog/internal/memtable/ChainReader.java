package io.timelog.internal.memtable;

import io.timelog.internal.memory.Arena;
import io.timelog.internal.row.RowFormat;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads single entries of the chains of one window of a map. For any number of threads. */
final class ChainReader {
  private final Arena arena;
  private final RowCodec rows;
  private final ChunkIndexes indexes;
  private final ChunkSearch search;

  ChainReader(Arena arena, RowCodec rows, ChunkIndexes indexes) {
    this.arena = arena;
    this.rows = rows;
    this.indexes = indexes;
    this.search = new ChunkSearch(rows);
  }

  /**
   * A copy of the value at a timestamp and subkey, of a key that has chunks, in a window without
   * tombstones; null if there is none. Takes a number of steps that grows with the logarithm of the
   * entries, unless the version is older than the index of the chain.
   */
  byte @Nullable [] value(int node, int version, long timestamp, byte[] subkey) {
    int steps = 0;
    boolean inlineIsValid = true;
    int current = ChunkFormat.nodeTail(arena.buffer(node), Arena.offset(node));
    while (current != Arena.NONE) {
      ByteBuffer buffer = arena.buffer(current);
      int chunk = Arena.offset(current);
      if (ChunkFormat.created(buffer, chunk) > version) {
        current = ChainCursor.before(buffer, chunk);
      } else {
        inlineIsValid = false;
        int used = ChunkFormat.usedAt(buffer, chunk, version);
        if (used > 0
            && rows.compareInMap(buffer, chunk + ChunkFormat.ROWS, timestamp, subkey) <= 0) {
          int row = search.find(buffer, chunk, used, timestamp, subkey);
          return row < 0 ? null : valueAt(buffer, row);
        }
        current = ChunkFormat.prev(buffer, chunk);
      }
      if (++steps == ChunkIndexes.MIN_CHUNKS) {
        ChunkIndex index = indexes.of(node);
        int found =
            index == null || !index.isFor(version) ? Arena.NONE : index.find(timestamp, subkey);
        current = found == Arena.NONE ? current : found;
      }
    }
    return inlineIsValid ? inlineValue(node, version, timestamp, subkey) : null;
  }

  /** As {@link #value}, of the inline row alone. */
  byte @Nullable [] inlineValue(int node, int version, long timestamp, byte[] subkey) {
    ByteBuffer buffer = arena.buffer(node);
    int offset = Arena.offset(node);
    if (ChunkFormat.nodeCreated(buffer, offset) > version) {
      return null;
    }
    int row = ChainWriter.inlineRow(buffer, offset);
    return rows.compareInMap(buffer, row, timestamp, subkey) == 0 ? valueAt(buffer, row) : null;
  }

  private byte[] valueAt(ByteBuffer buffer, int row) {
    int payload = rows.payloadOffset(buffer, row);
    return RowFormat.mapValue(buffer, payload, row + rows.rowBytesAt(buffer, row));
  }
}
