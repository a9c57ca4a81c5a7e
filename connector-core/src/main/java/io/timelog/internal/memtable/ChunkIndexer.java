package io.timelog.internal.memtable;

import io.timelog.internal.memory.Arena;
import io.timelog.internal.row.ByteCopy;
import io.timelog.internal.row.RowFormat;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the indexes of long chains in step with the links of their chunks.
 *
 * <p>Not thread-safe: for the writer of the store, inside one operation.
 */
final class ChunkIndexer {
  /** More chunks are not made to add a row: as many as take the rows of the largest one. */
  private static final int MAX_NEW_CHUNKS = 2 + ChunkSizes.MAX_LIKE_BYTES / ChunkSizes.MAX_BYTES;

  private final Arena arena;
  private final RowCodec rows;
  private final Reclamation readers;
  private final ChunkIndexes indexes;

  /** Whether rows of one timestamp are in the order of subkeys, and not of arrival. */
  private boolean map;

  ChunkIndexer(Arena arena, RowCodec rows, Reclamation readers, ChunkIndexes indexes) {
    this.arena = arena;
    this.rows = rows;
    this.readers = readers;
    this.indexes = indexes;
  }

  /** Whether rows of one timestamp are in the order of subkeys. */
  boolean isMap() {
    return map;
  }

  /** Puts rows of one timestamp in the order of subkeys from now on. */
  void orderAsMap() {
    map = true;
  }

  /** Keeps the rows that are appended to copy another window in the order that they have there. */
  void orderAs(ChunkIndexer other) {
    map = other.map;
  }

  @Nullable ChunkIndex index(int node) {
    return indexes.isEmpty() ? null : indexes.of(node);
  }

  void noteAbove(int node, int below, int chunk) {
    ChunkIndex index = index(node);
    if (index != null) {
      seek(index, below);
      ByteBuffer buffer = arena.buffer(chunk);
      int row = Arena.offset(chunk) + Chunk.ROWS;
      long before = index.bytes();
      index.insertAbove(below, chunk, rows.timestamp(buffer, row), subkey(buffer, row));
      indexes.changed(index, before);
    }
  }

  /** Has the index look where a chunk is, by the first row of that. */
  private void seek(ChunkIndex index, int chunk) {
    ByteBuffer buffer = arena.buffer(chunk);
    if (Chunk.used(buffer, Arena.offset(chunk)) > 0) {
      int row = Arena.offset(chunk) + Chunk.ROWS;
      index.seek(chunk, map, rows.timestamp(buffer, row), subkey(buffer, row));
    }
  }

  /** Before a chain gets more chunks: an index that finds no memory changes nothing. */
  void makeRoom(int node, int chunks) {
    if (index(node) != null) {
      indexes.makeRoom(chunks);
    }
  }

  void indexIfLong(int node, int chunk) {
    int chain = Chunk.chain(arena.buffer(chunk), Arena.offset(chunk));
    if (chain >= ChunkIndexes.MIN_CHUNKS * ChunkSizes.MAX_BYTES / 2 && index(node) == null) {
      makeIndex(node);
    }
  }

  void noteReplaced(int node, int chunk, int other) {
    ChunkIndex index = index(node);
    if (index != null) {
      seek(index, chunk);
      index.replace(chunk, other);
    }
  }

  void noteRemoved(int node, int chunk) {
    ChunkIndex index = index(node);
    if (index != null) {
      long before = index.bytes();
      index.remove(chunk);
      indexes.changed(index, before);
    }
  }

  /**
   * Chunks have taken the place of a run of others. The oldest of them is found for everything that
   * the oldest of the others was found for, and for everything at a timestamp, before every subkey.
   *
   * @param below what the oldest of them links to, if there were no others; it has rows then
   * @param gone from the newest to the oldest, so many of an array; some may not be in the index
   * @param added from the oldest to the newest, so many of an array
   */
  void noteRun(
      int node, int below, int[] gone, int goneCount, int[] added, int addedCount, long time) {
    ChunkIndex index = index(node);
    if (index == null) {
      indexIfLong(node, added[addedCount - 1]);
      return;
    }
    if (goneCount > 0) {
      seek(index, gone[goneCount - 1]);
    } else if (below != Arena.NONE) {
      seek(index, below);
    }
    long before = index.bytes();
    index.replace(gone, goneCount, below, run(added, addedCount, time));
    indexes.changed(index, before);
  }

  private ChunkIndex.Run run(int[] added, int count, long time) {
    ChunkIndex.Run run = new ChunkIndex.Run(Arrays.copyOf(added, count));
    for (int i = 0; i < count; i++) {
      ByteBuffer buffer = arena.buffer(added[i]);
      int row = Arena.offset(added[i]) + Chunk.ROWS;
      run.bound(i, rows.timestamp(buffer, row), subkey(buffer, row));
    }
    run.startNotAfter(time, null);
    return run;
  }

  /** What comes before every subkey at the timestamp of the row is null. */
  byte @Nullable [] subkey(ByteBuffer buffer, int row) {
    if (!map) {
      return null;
    }
    int payload = rows.payloadOffset(buffer, row);
    if (rows.isTombstone(buffer, row)) {
      if (RowFormat.isRange(buffer, payload)) {
        return null;
      }
      payload += RowFormat.KIND_BYTES;
    }
    int length = RowFormat.getVarint(buffer, payload);
    return ByteCopy.read(buffer, payload + RowFormat.varintSize(length), length);
  }

  void makeIndex(int node) {
    if (!indexes.tryMakeRoomForIndex(ChunkIndexes.MIN_CHUNKS)) {
      return;
    }
    int[] chunks = new int[2 * ChunkIndexes.MIN_CHUNKS];
    int count = 0;
    for (int current = KeyNode.tail(arena.buffer(node), Arena.offset(node));
        current != Arena.NONE; ) {
      ByteBuffer buffer = arena.buffer(current);
      int chunk = Arena.offset(current);
      if (Chunk.used(buffer, chunk) > 0) {
        if (count == chunks.length) {
          chunks = Arrays.copyOf(chunks, 2 * count);
        }
        chunks[count++] = current;
      }
      current = Chunk.prev(buffer, chunk);
    }
    if (count < ChunkIndexes.MIN_CHUNKS || !indexes.tryMakeRoomForIndex(count)) {
      return;
    }
    int[] ordered = new int[count];
    long[] times = new long[count];
    byte[] @Nullable [] subkeys = new byte @Nullable [count][];
    for (int i = 0; i < count; i++) {
      ordered[i] = chunks[count - 1 - i];
      ByteBuffer buffer = arena.buffer(ordered[i]);
      int row = Arena.offset(ordered[i]) + Chunk.ROWS;
      times[i] = rows.timestamp(buffer, row);
      subkeys[i] = subkey(buffer, row);
    }
    indexes.add(node, new ChunkIndex(readers.version(), ordered, times, subkeys));
  }

  /** At most the bytes of heap that adding one row to a chain counts for its index. */
  long bytesToInsert(int node) {
    return index(node) == null ? 0 : indexes.bytesFor(MAX_NEW_CHUNKS);
  }
}
