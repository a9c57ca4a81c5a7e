package io.timelog.internal.memtable;

import io.timelog.internal.memory.Arena;
import java.nio.ByteBuffer;

/**
 * Brings into cache what reading a range of time of many keys needs of each, and finds the rows of
 * which it is known where they should be. The keys of a window lie scattered over its memory, so
 * nearly every step into one is a cache miss; here the same step is taken for many keys, and the
 * misses are waited for together and not one after the other.
 *
 * <p>A writer may change chunks that the version does not see while they are read here. Where a row
 * is comes only from a chunk that it sees, which no writer touches.
 *
 * <p>Not thread-safe.
 */
final class ReadAhead {
  /** How many nodes at a time: more misses than a processor has in flight, few lines of cache. */
  static final int NODES = 32;

  /** A place that no row has. */
  static final int NOWHERE = -1;

  /** How many chunks of a key, from the newest on. */
  private static final int MAX_CHUNKS = 8;

  private static final int CACHE_LINE_BYTES = 64;

  private final Arena arena;
  private final RowCodec rows;
  private final int version;
  private final boolean plain;
  private final long from;
  private final long to;
  private final int[] chunks = new int[NODES];
  private final int[] strides = new int[NODES];
  private final int[] ends = new int[NODES];
  private final int[] offsets = new int[NODES];
  private final int[] places = new int[NODES];

  /** Kept so that the loads are not optimized away. */
  @SuppressWarnings("unused")
  private long touched;

  /**
   * For ranges from {@code from} to {@code to}, both included; what follows lies side by side.
   *
   * @param plain whether rows have narrow timestamps and none is a tombstone
   */
  ReadAhead(Arena arena, RowCodec rows, int version, boolean plain, long from, long to) {
    this.arena = arena;
    this.rows = rows;
    this.version = version;
    this.plain = plain;
    this.from = from;
    this.to = to;
  }

  /** Loads the lengths of the keys, and with them nearly always the keys. */
  void touchKeys(long[] sightings) {
    long sum = 0;
    for (long sighting : sightings) {
      int node = Sighting.node(sighting);
      sum += arena.buffer(node).get(Arena.offset(node) + KeyNode.KEY);
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
      offsets[i] = plain ? Sighting.offset(sightings[index + i * step]) : Sighting.ANYWHERE;
      chunks[i] = KeyNode.tail(arena.buffer(node), Arena.offset(node));
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
    return buffer.get(chunk) + rows.timestamp(buffer, chunk + Chunk.ROWS);
  }

  /**
   * Moves on to the next older chunk if the rows looked for may be there; false if they are not.
   */
  private boolean moveBefore(int i) {
    if (chunks[i] == Arena.NONE) {
      return false;
    }
    ByteBuffer buffer = arena.buffer(chunks[i]);
    int chunk = Arena.offset(chunks[i]);
    if (offsets[i] == Sighting.ANYWHERE
        ? rows.timestamp(buffer, chunk + Chunk.ROWS) < from
        : isVisible(buffer, chunk) && rows.timestamp(buffer, chunk + Chunk.ROWS) <= to) {
      return false;
    }
    int before =
        Chunk.created(buffer, chunk) > version
            ? ChainCursor.before(buffer, chunk)
            : Chunk.prev(buffer, chunk);
    if (before == Arena.NONE) {
      return false;
    }
    chunks[i] = before;
    return true;
  }

  private boolean isVisible(ByteBuffer buffer, int chunk) {
    return Chunk.created(buffer, chunk) <= version && Chunk.usedAt(buffer, chunk, version) > 0;
  }

  private void noteRows(int i) {
    strides[i] = 0;
    places[i] = NOWHERE;
    if (chunks[i] == Arena.NONE) {
      return;
    }
    ByteBuffer buffer = arena.buffer(chunks[i]);
    int chunk = Arena.offset(chunks[i]);
    int stride = Chunk.stride(buffer, chunk);
    int used = Chunk.used(buffer, chunk);
    if (stride <= 0 || used < stride) {
      return;
    }
    if (offsets[i] == Sighting.ANYWHERE) {
      strides[i] = stride;
      ends[i] = chunk + Chunk.ROWS + used;
    } else {
      int row = RowCodec.rowAt(offsets[i], stride);
      if (isVisible(buffer, chunk) && row < Chunk.usedAt(buffer, chunk, version)) {
        strides[i] = stride;
        places[i] = chunk + Chunk.ROWS + row;
      }
    }
  }

  /** What the search for a row begins with, unless it is known where the row should be. */
  private long touchEnds(int i) {
    if (strides[i] == 0 || offsets[i] != Sighting.ANYWHERE) {
      return 0;
    }
    ByteBuffer buffer = arena.buffer(chunks[i]);
    return rows.timestamp(buffer, Arena.offset(chunks[i]) + Chunk.ROWS)
        + rows.timestamp(buffer, ends[i] - strides[i]);
  }

  /** Where the row should be, and all of it if that is known. */
  private long touchRow(int i) {
    if (strides[i] == 0) {
      return 0;
    }
    ByteBuffer buffer = arena.buffer(chunks[i]);
    if (places[i] == NOWHERE) {
      int start = Arena.offset(chunks[i]) + Chunk.ROWS;
      int row = rows.guess(buffer, start, ends[i], strides[i], from);
      int lineAfter = Math.min(row + CACHE_LINE_BYTES, buffer.capacity() - 1);
      return rows.timestamp(buffer, row) + buffer.get(lineAfter);
    }
    int end = places[i] + strides[i] - 1;
    long sum = buffer.get(end);
    for (int at = places[i]; at < end; at += CACHE_LINE_BYTES) {
      sum += buffer.get(at);
    }
    return sum;
  }

  /**
   * Where in {@link #buffer} the row of the {@code i}-th key of those last {@linkplain #touch
   * touched} is that was seen, if its time is in the range; {@link #NOWHERE} if that is not known.
   */
  int place(int i) {
    return places[i];
  }

  /** The size of that row. */
  int rowBytes(int i) {
    return strides[i];
  }

  /** The slab in which that row lies. */
  ByteBuffer buffer(int i) {
    return arena.buffer(chunks[i]);
  }
}
