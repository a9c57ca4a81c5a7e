package io.timelog.internal.memtable;

import io.timelog.MemoryBudgetExceededException;
import io.timelog.internal.memory.Arena;
import java.nio.ByteBuffer;

/**
 * Makes chunks, links them into chains, and takes them out of sight.
 *
 * <p>Not thread-safe: for the writer of the store, inside one operation.
 */
final class ChainLinks {
  /** Less is not cut off from a chunk. */
  private static final int MIN_CUT_BYTES = 128;

  private final Arena arena;
  private final RowCodec rows;
  private final Reclamation readers;
  private final ChunkIndexer indexer;

  ChainLinks(Arena arena, RowCodec rows, Reclamation readers, ChunkIndexer indexer) {
    this.arena = arena;
    this.rows = rows;
    this.readers = readers;
    this.indexer = indexer;
  }

  int tail(int node) {
    return KeyNode.tail(arena.buffer(node), Arena.offset(node));
  }

  int prev(int chunk) {
    return Chunk.prev(arena.buffer(chunk), Arena.offset(chunk));
  }

  /** A chunk with room for {@code capacity} bytes of rows or a little more. */
  int newChunk(int capacity, int chain) {
    int bytes = Arena.blockBytes(Chunk.ROWS + capacity);
    int reference = arena.allocate(bytes);
    initChunk(reference, bytes, chain);
    return reference;
  }

  /** Makes a chunk of a block of so many bytes. */
  void initChunk(int reference, int bytes, int chain) {
    Chunk.init(
        arena.buffer(reference),
        Arena.offset(reference),
        readers.version(),
        bytes - Chunk.ROWS,
        chain);
  }

  /**
   * As {@link #newChunk}; {@link Arena#NONE} if there is no memory, for what can be left undone.
   */
  int newChunkIfRoom(int capacity, int chain) {
    try {
      return newChunk(capacity, chain);
    } catch (MemoryBudgetExceededException noRoom) {
      return Arena.NONE;
    }
  }

  void retire(int chunk) {
    readers.retire(chunk, Chunk.ROWS + Chunk.capacity(arena.buffer(chunk), Arena.offset(chunk)));
  }

  void link(int node, int successor, int chunk) {
    if (successor == Arena.NONE) {
      KeyNode.publishTail(arena.buffer(node), Arena.offset(node), chunk);
    } else {
      Chunk.publishPrev(arena.buffer(successor), Arena.offset(successor), chunk);
    }
  }

  /** Links a chunk in the place of another one, and leads earlier readers to that. */
  void takePlace(int node, int replaced, int successor, int other) {
    ByteBuffer buffer = arena.buffer(other);
    int chunk = Arena.offset(other);
    Chunk.setOld(buffer, chunk, forEarlierReaders(replaced));
    Chunk.publishPrev(buffer, chunk, prev(replaced));
    link(node, successor, other);
    indexer.noteReplaced(node, replaced, other);
    retire(replaced);
  }

  /** The chunk itself, or, if no reader sees its rows, what it leads them to. */
  private int forEarlierReaders(int reference) {
    ByteBuffer buffer = arena.buffer(reference);
    int chunk = Arena.offset(reference);
    return readers.isFrozen(Chunk.created(buffer, chunk)) ? reference : Chunk.old(buffer, chunk);
  }

  /** Unlinks a chunk without rows unless it is the only one or leads a reader to an older one. */
  boolean unlinkIfUnneeded(int node, int reference, int successor, int below) {
    if ((successor == Arena.NONE && below == Arena.NONE)
        || readers.hasReadersBefore(
            Chunk.created(arena.buffer(reference), Arena.offset(reference)))) {
      return false;
    }
    link(node, successor, below);
    indexer.noteRemoved(node, reference);
    retire(reference);
    return true;
  }

  /** Puts a row into a new chunk right above another one. */
  void putAbove(int node, int below, int successor, PendingRow row, int capacity, int chain) {
    indexer.makeRoom(node, 1);
    int next = newChunk(capacity, chain);
    ByteBuffer buffer = arena.buffer(next);
    int chunk = Arena.offset(next);
    int rowBytes = rows.rowBytes(row.payloadLength());
    rows.write(row, buffer, chunk + Chunk.ROWS);
    Chunk.setRows(buffer, chunk, rowBytes, 0, rowBytes);
    Chunk.publishPrev(buffer, chunk, below);
    link(node, successor, next);
    indexer.noteAbove(node, below, next);
    indexer.indexIfLong(node, next);
  }

  /**
   * Frees the end of a chunk that no reader sees rows of, if rows that come leave much of it empty.
   */
  void cutOff(int reference, int needed) {
    ByteBuffer buffer = arena.buffer(reference);
    int chunk = Arena.offset(reference);
    int capacity = Chunk.capacity(buffer, chunk);
    int kept = Arena.blockBytes(Chunk.ROWS + needed) - Chunk.ROWS;
    int cut = capacity - kept;
    if (cut >= MIN_CUT_BYTES && cut > capacity / 8 && !arena.hasOwnSlab(reference)) {
      Chunk.setCapacity(buffer, chunk, kept);
      arena.free(Arena.within(reference, Chunk.ROWS + kept), cut);
    }
  }
}
