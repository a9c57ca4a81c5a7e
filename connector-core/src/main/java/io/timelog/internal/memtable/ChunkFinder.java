package io.timelog.internal.memtable;

import io.timelog.Span;
import io.timelog.internal.memory.Arena;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the chunk that a row belongs to, and the chunk that links to that.
 *
 * <p>Not thread-safe: for the writer of the store, inside one operation.
 */
final class ChunkFinder {
  private final Arena arena;
  private final RowCodec rows;
  private final ChunkIndexer indexer;
  private final ChainLinks links;

  /** The chunk that was found last. */
  private int foundChunk;

  private int foundSuccessor;

  ChunkFinder(Arena arena, RowCodec rows, ChunkIndexer indexer, ChainLinks links) {
    this.arena = arena;
    this.rows = rows;
    this.indexer = indexer;
    this.links = links;
  }

  /** The chunk that was found last. */
  int chunk() {
    return foundChunk;
  }

  /** What links to it; {@link Arena#NONE} if it is the newest chunk. */
  int successor() {
    return foundSuccessor;
  }

  /**
   * Finds the chunk that a row belongs to: the newest with rows of which the first is not after the
   * row; if all are after it, the oldest; the newest of a chain without rows. On the way chunks
   * without rows that no reader needs are unlinked.
   */
  void findChunk(int node, PendingRow row) {
    findChunk(node, row.timestamp(), row);
  }

  /** As {@link #findChunk}, for what comes behind all rows of a timestamp. */
  void findChunkOfLast(int node, long time) {
    findChunk(node, time, null);
  }

  private void findChunk(int node, long time, @Nullable PendingRow row) {
    foundChunk = Arena.NONE;
    foundSuccessor = Arena.NONE;
    int successor = Arena.NONE;
    int current = links.tail(node);
    int steps = 0;
    while (current != Arena.NONE) {
      ByteBuffer buffer = arena.buffer(current);
      int chunk = Arena.offset(current);
      int below = Chunk.prev(buffer, chunk);
      if (Chunk.used(buffer, chunk) > 0) {
        foundChunk = current;
        foundSuccessor = successor;
        int firstRow = chunk + Chunk.ROWS;
        boolean notAfter =
            (row != null && indexer.isMap())
                ? rows.compareInMap(buffer, firstRow, row) <= 0
                : rows.timestamp(buffer, firstRow) <= time;
        if (notAfter) {
          return;
        }
      } else if (links.unlinkIfUnneeded(node, current, successor, below)) {
        current = below;
        continue;
      }
      if (++steps == ChunkIndexes.MIN_CHUNKS) {
        indexer.makeIndex(node);
      }
      /*
       * A chunk keeps its bound in the index when its first rows are removed, and rows that come later
       * go by that. So once there is an index, only what it says and what is true of the newest chunk
       * by itself may decide where a row goes.
       */
      if (findInIndex(node, time, row)) {
        return;
      }
      successor = current;
      current = below;
    }
    if (foundChunk == Arena.NONE) {
      foundChunk = links.tail(node);
    }
  }

  private boolean findInIndex(int node, long time, @Nullable PendingRow row) {
    ChunkIndex index = indexer.index(node);
    if (index == null) {
      return false;
    }
    Span subkey = row == null || row.isRangeTombstone() ? null : row.subkey();
    int chunk = index.seek(row != null && indexer.isMap(), time, subkey);
    if (chunk == Arena.NONE) {
      return false;
    }
    foundChunk = chunk;
    foundSuccessor = successorOf(node, chunk, index);
    return true;
  }

  /** Finds a chunk that no row at or before the timestamp is newer than. */
  void findNewest(int node, long time) {
    foundSuccessor = Arena.NONE;
    foundChunk = links.tail(node);
    for (int i = 0; i < ChunkIndexes.MIN_CHUNKS; i++) {
      ByteBuffer buffer = arena.buffer(foundChunk);
      int chunk = Arena.offset(foundChunk);
      int below = Chunk.prev(buffer, chunk);
      if (below == Arena.NONE
          || Chunk.used(buffer, chunk) == 0
          || rows.timestamp(buffer, chunk + Chunk.ROWS) <= time) {
        return;
      }
      foundSuccessor = foundChunk;
      foundChunk = below;
    }
    ChunkIndex index = indexer.index(node);
    int chunk = index == null ? Arena.NONE : index.seek(false, time, null);
    if (index != null && chunk != Arena.NONE) {
      foundChunk = chunk;
      foundSuccessor = successorOf(node, chunk, index);
    }
  }

  /**
   * The chunk that links to another one. Chunks without rows between the two may not be indexed.
   */
  private int successorOf(int node, int chunk, ChunkIndex index) {
    int above = index.above(chunk);
    int successor = above == Arena.NONE ? Arena.NONE : above;
    int current = successor == Arena.NONE ? links.tail(node) : links.prev(successor);
    while (current != chunk) {
      successor = current;
      current = links.prev(current);
    }
    return successor;
  }
}
