package io.timelog.internal.memtable;

import io.timelog.MemoryBudgetExceededException;
import io.timelog.internal.memory.Arena;
import java.nio.ByteBuffer;

/**
 * Moves the nodes and chunks of one window out of slabs that are closed, so that these go back to
 * the pool, and frees the nodes of keys without rows.
 *
 * <p>Not thread-safe: called by the writer of the store, inside one operation.
 */
final class ChainMover {
  private final Arena arena;
  private final RowCodec rows;
  private final Reclamation readers;
  private final ChunkIndexes indexes;
  private final ChainLinks links;
  private final InlineRows inlineRows;

  /** Whether what is not used of chunks is freed, too. */
  private boolean cutting;

  /** There is no room for copies of so many bytes, or more, unless slabs went back since. */
  private int tooManyBytes = Integer.MAX_VALUE;

  private long heldThen;
  private int chunksSeen;
  private long bytesMoved;

  ChainMover(
      Arena arena,
      RowCodec rows,
      Reclamation readers,
      ChunkIndexes indexes,
      ChainLinks links,
      InlineRows inlineRows) {
    this.arena = arena;
    this.rows = rows;
    this.readers = readers;
    this.indexes = indexes;
    this.links = links;
    this.inlineRows = inlineRows;
  }

  /** Counts from zero again, and frees what is not used of chunks, until the next beginning. */
  void beginCuttingOff() {
    begin();
    cutting = true;
  }

  /** Counts from zero again. */
  void begin() {
    cutting = false;
    tooManyBytes = Integer.MAX_VALUE;
    chunksSeen = 0;
    bytesMoved = 0;
  }

  /** Chunks looked at since {@link #begin()}. */
  int chunksSeen() {
    return chunksSeen;
  }

  /** Bytes of blocks moved since {@link #begin()}. */
  long bytesMoved() {
    return bytesMoved;
  }

  /**
   * Moves what a key has in closed slabs, as far as the bytes moved do not exceed a number by more
   * than one block, and but for what there is no memory for: smaller blocks, or those of other
   * slabs, may be moved all the same, and make room.
   *
   * @return the node that the key has now; {@link Arena#NONE} if it had no rows that anybody may
   *     see, and was freed
   */
  int move(int node, long mostBytes) {
    if (isUnneeded(node)) {
      free(node);
      return Arena.NONE;
    }
    int current = arena.isToBeMoved(node) ? moveNode(node) : node;
    moveChunks(current, mostBytes);
    return current;
  }

  /** Room for a copy; {@link Arena#NONE} if there is no memory. */
  private int allocate(int size) {
    if (arena.bytes() < heldThen) {
      tooManyBytes = Integer.MAX_VALUE;
    }
    if (size >= tooManyBytes) {
      return Arena.NONE;
    }
    try {
      return arena.allocate(size);
    } catch (MemoryBudgetExceededException noRoom) {
      tooManyBytes = size;
      heldThen = arena.bytes();
      return Arena.NONE;
    }
  }

  private boolean isUnneeded(int node) {
    int tail = KeyNode.tail(arena.buffer(node), Arena.offset(node));
    if (tail == Arena.NONE) {
      return inlineRows.isEmpty(node);
    }
    ByteBuffer buffer = arena.buffer(tail);
    int chunk = Arena.offset(tail);
    return Chunk.used(buffer, chunk) == 0
        && Chunk.prev(buffer, chunk) == Arena.NONE
        && !readers.hasReadersBefore(Chunk.created(buffer, chunk));
  }

  private void free(int node) {
    int tail = KeyNode.tail(arena.buffer(node), Arena.offset(node));
    if (tail != Arena.NONE) {
      links.retire(tail);
    }
    indexes.remove(node);
    readers.retire(node, nodeBytes(node));
  }

  /** What the block of a node takes without a chunk behind it. */
  private int nodeBytes(int node) {
    ByteBuffer buffer = arena.buffer(node);
    int offset = Arena.offset(node);
    int row = KeyNode.inlineRow(buffer, offset);
    boolean hasRow = KeyNode.created(buffer, offset) != KeyNode.NO_ROOM;
    return Arena.blockBytes(row - offset + (hasRow ? rows.rowBytesAt(buffer, row) : 0));
  }

  /** Copies a node, without an inline row if chunks have replaced that for everybody. */
  private int moveNode(int node) {
    ByteBuffer source = arena.buffer(node);
    int from = Arena.offset(node);
    int bytes = nodeBytes(node);
    boolean onlyKey = KeyNode.tail(source, from) != Arena.NONE && !readers.hasReaders();
    int kept = onlyKey ? Arena.blockBytes(KeyNode.inlineRow(source, from) - from) : bytes;
    int other = allocate(kept);
    if (other == Arena.NONE) {
      return node;
    }
    ByteBuffer buffer = arena.buffer(other);
    int to = Arena.offset(other);
    buffer.put(to, source, from, kept);
    if (onlyKey) {
      KeyNode.setCreated(buffer, to, KeyNode.NO_ROOM);
    }
    if (!indexes.isEmpty()) {
      indexes.move(node, other);
    }
    readers.retire(node, bytes);
    bytesMoved += kept;
    return other;
  }

  private void moveChunks(int node, long mostBytes) {
    int successor = Arena.NONE;
    int current = KeyNode.tail(arena.buffer(node), Arena.offset(node));
    while (current != Arena.NONE && bytesMoved <= mostBytes) {
      ByteBuffer buffer = arena.buffer(current);
      int chunk = Arena.offset(current);
      int below = Chunk.prev(buffer, chunk);
      boolean unlinked =
          Chunk.used(buffer, chunk) == 0 && links.unlinkIfUnneeded(node, current, successor, below);
      if (!unlinked) {
        if (cutting && !readers.isFrozen(Chunk.created(buffer, chunk))) {
          Chunk.clearStamps(buffer, chunk);
          links.cutOff(current, Chunk.used(buffer, chunk));
        }
        successor = arena.isToBeMoved(current) ? moveChunk(node, current, successor) : current;
      }
      current = below;
      chunksSeen++;
    }
  }

  private int moveChunk(int node, int reference, int successor) {
    ByteBuffer source = arena.buffer(reference);
    int from = Arena.offset(reference);
    int used = Chunk.used(source, from);
    int capacity = Chunk.capacity(source, from);
    // The newest chunk is the one that rows are added to.
    int room = successor == Arena.NONE ? capacity : Math.min(capacity, used + used / 16);
    int bytes = Arena.blockBytes(Chunk.ROWS + room);
    int other = allocate(bytes);
    if (other == Arena.NONE) {
      return reference;
    }
    ByteBuffer buffer = arena.buffer(other);
    int to = Arena.offset(other);
    links.initChunk(other, bytes, Chunk.chain(source, from));
    buffer.put(to + Chunk.ROWS, source, from + Chunk.ROWS, used);
    int stride = Chunk.stride(source, from);
    Chunk.setRows(
        buffer,
        to,
        used,
        Chunk.lastRow(source, from),
        stride > 0 ? stride : Chunk.unlike(Chunk.rows(source, from)));
    links.takePlace(node, reference, successor, other);
    bytesMoved += bytes;
    return other;
  }
}
