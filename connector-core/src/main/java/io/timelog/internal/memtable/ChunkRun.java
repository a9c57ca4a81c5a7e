package io.timelog.internal.memtable;

import io.timelog.internal.memory.Arena;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The chunks of a chain, one after the other, that have rows of a timestamp, or among whose rows
 * such rows belong; chunks without rows between them and below them, too. What is above and below
 * is before or after that timestamp.
 *
 * <p>Not thread-safe: for the writer of the store, inside one operation.
 */
final class ChunkRun {
  private final Arena arena;
  private final RowCodec rows;
  private final ChunkSearch search;
  private final Reclamation readers;
  private final RowCounts counts;
  private final ChunkFinder finder;

  /** From the newest to the oldest. */
  private int[] chunks = new int[8];

  private int count;
  private int successor;
  private int below;
  private int prefixBytes;
  private int suffixChunk;
  private int suffixStart;
  private int rowCount;
  private int tombstoneCount;

  ChunkRun(
      Arena arena,
      RowCodec rows,
      ChunkSearch search,
      Reclamation readers,
      RowCounts counts,
      ChunkFinder finder) {
    this.arena = arena;
    this.rows = rows;
    this.search = search;
    this.readers = readers;
    this.counts = counts;
    this.finder = finder;
  }

  /** Finds the run of a timestamp in the chain of a node, which has chunks. */
  void find(int node, long timestamp) {
    finder.findChunkOfLast(node, timestamp);
    successor = finder.successor();
    count = 0;
    prefixBytes = 0;
    suffixChunk = Arena.NONE;
    rowCount = 0;
    tombstoneCount = 0;
    below = finder.chunk();
    while (below != Arena.NONE && prefixBytes == 0) {
      ByteBuffer buffer = arena.buffer(below);
      int chunk = Arena.offset(below);
      if (Chunk.used(buffer, chunk) > 0) {
        if (rows.newest(buffer, chunk) < timestamp) {
          return;
        }
        take(below, timestamp);
      }
      add(below);
      below = Chunk.prev(buffer, chunk);
    }
  }

  /** Looks which rows of a chunk have the timestamp. */
  private void take(int reference, long timestamp) {
    ByteBuffer buffer = arena.buffer(reference);
    int chunk = Arena.offset(reference);
    int used = Chunk.used(buffer, chunk);
    int to = used;
    if (rows.newest(buffer, chunk) > timestamp) {
      to = search.firstAfter(buffer, chunk, timestamp);
      suffixChunk = reference;
      suffixStart = to;
    }
    if (rows.timestamp(buffer, chunk + Chunk.ROWS) < timestamp) {
      prefixBytes = search.firstAfter(buffer, chunk, timestamp - 1);
    }
    rowCount += search.count(buffer, chunk, prefixBytes, to);
    if (counts.tombstones() > 0) {
      tombstoneCount += search.countTombstones(buffer, chunk, prefixBytes, to);
    }
  }

  private void add(int chunk) {
    if (count == chunks.length) {
      chunks = Arrays.copyOf(chunks, 2 * count);
    }
    chunks[count++] = chunk;
  }

  /** Number of chunks; none if the timestamp lies between the rows of two chunks. */
  int count() {
    return count;
  }

  /** The chunks from the newest to the oldest, as many as they are; others may follow. */
  int[] chunks() {
    return chunks;
  }

  /** The oldest chunk; {@link Arena#NONE} if there is none. */
  int oldest() {
    return count == 0 ? Arena.NONE : chunks[count - 1];
  }

  /** What links to the newest chunk; {@link Arena#NONE} if that is the newest of the chain. */
  int successor() {
    return successor;
  }

  /** What the oldest chunk links to; {@link Arena#NONE} if there is nothing. */
  int below() {
    return below;
  }

  /** Bytes of the rows in the oldest chunk that are before the timestamp. */
  int prefixBytes() {
    return prefixBytes;
  }

  /** The chunk that has rows behind the timestamp; {@link Arena#NONE} if there are none. */
  int suffixChunk() {
    return suffixChunk;
  }

  /** Where these rows start, counted from the first row of their chunk. */
  int suffixStart() {
    return suffixStart;
  }

  /** How many rows have the timestamp. */
  int rowCount() {
    return rowCount;
  }

  /** Those of them that are tombstones. */
  int tombstoneCount() {
    return tombstoneCount;
  }

  /**
   * Where readers go on that are older than what takes the place of the run: as they would if they
   * came to its newest chunk, without those that no reader sees. {@link Arena#NONE} for what is
   * below.
   */
  int forEarlierReaders() {
    for (int i = 0; i < count; i++) {
      ByteBuffer buffer = arena.buffer(chunks[i]);
      int chunk = Arena.offset(chunks[i]);
      if (readers.isFrozen(Chunk.created(buffer, chunk))) {
        return chunks[i];
      }
      if (Chunk.old(buffer, chunk) != Arena.NONE) {
        return Chunk.old(buffer, chunk);
      }
    }
    return Arena.NONE;
  }
}
