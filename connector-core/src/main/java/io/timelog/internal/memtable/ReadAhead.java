package io.timelog.internal.memtable;

import io.timelog.internal.memory.Arena;
import java.nio.ByteBuffer;

/**
 * Brings into cache what reading a range of time of many keys needs of each. The keys of a window
 * lie scattered over its memory, so nearly every step into one is a cache miss; here the same step
 * is taken for many keys, and the misses are waited for together and not one after the other. What
 * is read decides nothing: a writer may change it at the same time.
 *
 * <p>Not thread-safe.
 */
final class ReadAhead {
  /** How many nodes at a time: more misses than a processor has in flight, few lines of cache. */
  static final int NODES = 32;

  /** How many chunks of a key, from the newest on. */
  private static final int MAX_CHUNKS = 8;

  private static final int CACHE_LINE_BYTES = 64;

  private final Arena arena;
  private final RowCodec rows;
  private final long from;
  private final int[] chunks = new int[NODES];
  private final int[] strides = new int[NODES];
  private final int[] ends = new int[NODES];
  private final int[] offsets = new int[NODES];

  /** Kept so that the loads are not optimized away. */
  @SuppressWarnings("unused")
  private long touched;

  /** For ranges that begin at {@code from}; what follows lies side by side. */
  ReadAhead(Arena arena, RowCodec rows, long from) {
    this.arena = arena;
    this.rows = rows;
    this.from = from;
  }

  /** Loads the lengths of the keys, and with them nearly always the keys. */
  void touchKeys(long[] sightings) {
    long sum = 0;
    for (long sighting : sightings) {
      int node = Sighting.node(sighting);
      sum += arena.buffer(node).get(Arena.offset(node) + ChunkFormat.NODE_KEY);
    }
    touched = sum;
  }

  /**
   * Loads what reading takes of the key at {@code index} and those that follow, {@code step} by
   * step.
   */
  void touch(long[] sightings, int index, int step) {
    int count = Math.min(NODES, step > 0 ? sightings.length - index : index + 1);
    for (int i = 0; i < count; i++) {
      int node = Sighting.node(sightings[index + i * step]);
      offsets[i] = Sighting.offset(sightings[index + i * step]);
      chunks[i] = ChunkFormat.nodeTail(arena.buffer(node), Arena.offset(node));
    }
    long sum = 0;
    boolean more = true;
    for (int chunk = 0; more && chunk < MAX_CHUNKS; chunk++) {
      // Apart, because the processor looks no further than a branch on what is still being loaded.
      for (int i = 0; i < count; i++) {
        sum += touchHead(i);
      }
      more = false;
      for (int i = 0; i < count; i++) {
        more |= moveBefore(i);
      }
    }
    for (int i = 0; i < count; i++) {
      noteRows(i);
    }
    for (int i = 0; i < count; i++) {
      sum += touchEnds(i);
    }
    for (int i = 0; i < count; i++) {
      sum += touchRow(i);
    }
    touched = sum;
  }

  private long touchHead(int i) {
    if (chunks[i] == Arena.NONE) {
      return 0;
    }
    ByteBuffer buffer = arena.buffer(chunks[i]);
    int chunk = Arena.offset(chunks[i]);
    return buffer.get(chunk) + rows.timestamp(buffer, chunk + ChunkFormat.ROWS);
  }

  /** Moves on to the next older chunk if this one begins in the range; false if it does not. */
  private boolean moveBefore(int i) {
    if (chunks[i] == Arena.NONE) {
      return false;
    }
    ByteBuffer buffer = arena.buffer(chunks[i]);
    int chunk = Arena.offset(chunks[i]);
    int before = ChunkFormat.prev(buffer, chunk);
    if (before == Arena.NONE || rows.timestamp(buffer, chunk + ChunkFormat.ROWS) < from) {
      return false;
    }
    chunks[i] = before;
    return true;
  }

  private void noteRows(int i) {
    strides[i] = 0;
    if (chunks[i] != Arena.NONE) {
      ByteBuffer buffer = arena.buffer(chunks[i]);
      int chunk = Arena.offset(chunks[i]);
      int stride = ChunkFormat.stride(buffer, chunk);
      int used = ChunkFormat.used(buffer, chunk);
      if (0 < stride && stride <= used) {
        strides[i] = stride;
        ends[i] = chunk + ChunkFormat.ROWS + used;
      }
    }
  }

  /** What the search for a row begins with, unless it is known where the row should be. */
  private long touchEnds(int i) {
    if (strides[i] == 0 || offsets[i] != Sighting.ANYWHERE) {
      return 0;
    }
    ByteBuffer buffer = arena.buffer(chunks[i]);
    return rows.timestamp(buffer, Arena.offset(chunks[i]) + ChunkFormat.ROWS)
        + rows.timestamp(buffer, ends[i] - strides[i]);
  }

  /** Where the row should be, and all of it if that is known. */
  private long touchRow(int i) {
    if (strides[i] == 0) {
      return 0;
    }
    ByteBuffer buffer = arena.buffer(chunks[i]);
    int start = Arena.offset(chunks[i]) + ChunkFormat.ROWS;
    if (offsets[i] == Sighting.ANYWHERE) {
      int row = rows.guess(buffer, start, ends[i], strides[i], from);
      int lineAfter = Math.min(row + CACHE_LINE_BYTES, buffer.capacity() - 1);
      return rows.timestamp(buffer, row) + buffer.get(lineAfter);
    }
    int row = Math.min(start + RowCodec.rowAt(offsets[i], strides[i]), ends[i] - strides[i]);
    int end = row + strides[i] - 1;
    long sum = buffer.get(end);
    for (int at = row; at < end; at += CACHE_LINE_BYTES) {
      sum += buffer.get(at);
    }
    return sum;
  }
}
