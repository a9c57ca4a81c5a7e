package io.timelog.internal.memtable;

import io.timelog.internal.memory.Arena;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Chunks that no chain has yet, each linked to the one before: they are filled, and then take their
 * place in a chain together, or are given back.
 *
 * <p>Not thread-safe: for the writer of the store, inside one operation.
 */
final class NewChunks {
  private final Arena arena;
  private final ChainLinks links;

  /** From the oldest to the newest. */
  private int[] chunks = new int[8];

  private int count;
  private int chain;

  NewChunks(Arena arena, ChainLinks links) {
    this.arena = arena;
    this.links = links;
  }

  /**
   * Begins without chunks.
   *
   * @param below the chunk that the oldest is to link to, or {@link Arena#NONE}
   */
  void begin(int below) {
    count = 0;
    chain = below == Arena.NONE ? 0 : Chunk.chain(arena.buffer(below), Arena.offset(below));
  }

  /**
   * Adds an empty chunk above the others.
   *
   * @param capacity bytes of rows for which it has room, or a little more
   * @throws io.timelog.MemoryBudgetExceededException if there is no room; nothing changed
   */
  int add(int capacity) {
    chain = ChunkSizes.saturatedAdd(chain, capacity);
    int chunk = links.newChunk(capacity, chain);
    if (count > 0) {
      Chunk.publishPrev(arena.buffer(chunk), Arena.offset(chunk), chunks[count - 1]);
    }
    append(chunk);
    return chunk;
  }

  private void append(int chunk) {
    if (count == chunks.length) {
      chunks = Arrays.copyOf(chunks, 2 * count);
    }
    chunks[count++] = chunk;
  }

  /** Number of chunks. */
  int count() {
    return count;
  }

  /** The chunks from the oldest to the newest, as many as they are; others may follow. */
  int[] chunks() {
    return chunks;
  }

  /** The chunk that was added last. */
  int newest() {
    return chunks[count - 1];
  }

  /**
   * Completes the chunks, so that their chain can link to the newest.
   *
   * @param below what the oldest links to
   * @param old where readers go on that are older than the chunks; {@link Arena#NONE} for below
   */
  void complete(int below, int old) {
    for (int i = 0; i < count; i++) {
      Chunk.setOld(arena.buffer(chunks[i]), Arena.offset(chunks[i]), old);
    }
    Chunk.publishPrev(arena.buffer(chunks[0]), Arena.offset(chunks[0]), below);
  }

  /** Frees the chunks, and the slabs that were taken for them. */
  void giveBack() {
    for (int i = 0; i < count; i++) {
      ByteBuffer buffer = arena.buffer(chunks[i]);
      arena.free(chunks[i], Chunk.ROWS + Chunk.capacity(buffer, Arena.offset(chunks[i])));
    }
    count = 0;
    arena.giveBackUnused();
  }
}
