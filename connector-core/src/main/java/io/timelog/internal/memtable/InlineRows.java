package io.timelog.internal.memtable;

import io.timelog.MemoryBudgetExceededException;
import io.timelog.internal.key.Key;
import io.timelog.internal.memory.Arena;
import io.timelog.internal.row.ByteCopy;
import io.timelog.internal.row.RowFormat;
import java.nio.ByteBuffer;

/**
 * Makes the nodes of keys, and changes the rows that lie in them.
 *
 * <p>Not thread-safe: for the writer of the store, inside one operation.
 */
final class InlineRows {
  /** What a chunk takes beside its rows, and what rounding adds. */
  private static final long CHUNK_OVERHEAD_BYTES = Chunk.ROWS + 2 * Long.BYTES;

  /** A row is stored with its key if it is not larger. */
  private static final int MAX_INLINE_BYTES = 256;

  /** An emptied chunk of a key without other rows is kept if it is not larger. */
  private static final int KEPT_EMPTY_BYTES = 256;

  private final Arena arena;
  private final RowCodec rows;
  private final ChunkSizes sizes;
  private final Reclamation readers;
  private final RowCounts counts;
  private final ChainLinks links;

  InlineRows(
      Arena arena,
      RowCodec rows,
      ChunkSizes sizes,
      Reclamation readers,
      RowCounts counts,
      ChainLinks links) {
    this.arena = arena;
    this.rows = rows;
    this.sizes = sizes;
    this.readers = readers;
    this.counts = counts;
    this.links = links;
  }

  /**
   * Makes the node of a key with its first row: inline, or, where many more are expected, in a
   * chunk right behind the node. Then one cache line leads into the next.
   */
  int newNode(Key key, PendingRow row) {
    int rowBytes = rows.rowBytes(row.payloadLength());
    int keyEnd = KeyNode.KEY + RowFormat.varintSize(key.length()) + key.length();
    int chunkStart = Arena.blockBytes(keyEnd);
    int capacity = sizes.withNode(key, chunkStart, rowBytes);
    if (capacity == 0 && rowBytes > MAX_INLINE_BYTES) {
      return newNodeWithLargeRow(key, row, chunkStart, rowBytes);
    }
    if (capacity == 0) {
      int node = arena.allocate(keyEnd + rowBytes);
      writeKey(node, key, readers.version());
      rows.write(row, arena.buffer(node), Arena.offset(node) + keyEnd);
      counts.add(row, 0);
      return node;
    }
    int bytes = Arena.blockBytes(chunkStart + Chunk.ROWS + capacity);
    int node = arena.allocate(bytes);
    writeKey(node, key, KeyNode.NO_ROOM);
    int first = Arena.within(node, chunkStart);
    int all = bytes - chunkStart - Chunk.ROWS;
    ByteBuffer buffer = arena.buffer(first);
    int chunk = Arena.offset(first);
    Chunk.init(buffer, chunk, readers.version(), all, all);
    rows.write(row, buffer, chunk + Chunk.ROWS);
    Chunk.setRows(buffer, chunk, rowBytes, 0, rowBytes);
    KeyNode.publishTail(buffer, Arena.offset(node), first);
    counts.add(row, 0);
    return node;
  }

  /** Makes the node of a key that has no place for a row and no chunk yet. */
  int newNodeWithoutRow(Key key) {
    int node = arena.allocate(bytesOfNode(key));
    writeKey(node, key, KeyNode.NO_ROOM);
    return node;
  }

  /** What the block of a node takes that has no place for a row. */
  static int bytesOfNode(Key key) {
    return Arena.blockBytes(KeyNode.KEY + RowFormat.varintSize(key.length()) + key.length());
  }

  /** Apart from its node a large row can be replaced by one of another size without waste. */
  private int newNodeWithLargeRow(Key key, PendingRow row, int nodeBytes, int rowBytes) {
    int node = arena.allocate(nodeBytes);
    int only;
    try {
      only = links.newChunk(rowBytes, rowBytes);
    } catch (MemoryBudgetExceededException noRoom) {
      arena.free(node, Arena.blockBytes(nodeBytes));
      throw noRoom;
    }
    writeKey(node, key, KeyNode.NO_ROOM);
    ByteBuffer buffer = arena.buffer(only);
    int chunk = Arena.offset(only);
    rows.write(row, buffer, chunk + Chunk.ROWS);
    Chunk.setRows(buffer, chunk, rowBytes, 0, rowBytes);
    KeyNode.publishTail(arena.buffer(node), Arena.offset(node), only);
    counts.add(row, 0);
    return node;
  }

  private void writeKey(int node, Key key, int created) {
    ByteBuffer buffer = arena.buffer(node);
    int offset = Arena.offset(node);
    KeyNode.init(buffer, offset, created);
    int start = RowFormat.putVarint(buffer, offset + KeyNode.KEY, key.length());
    ByteCopy.write(key.bytes(), key.offset(), key.length(), buffer, start);
  }

  /**
   * At most the bytes of the block that {@link #newNode} allocates.
   *
   * @param keyBefore what the rows of the key took in the window before, or 0
   */
  static long bytesForNode(Key key, PendingRow row, int keyBefore) {
    return KeyNode.KEY
        + RowFormat.MAX_VARINT_BYTES
        + key.length()
        + RowCodec.MAX_HEAD_BYTES
        + row.payloadLength()
        + CHUNK_OVERHEAD_BYTES
        + ChunkSizes.expected(keyBefore);
  }

  /** Gives a key without rows and chunks a row again. */
  void writeFirstRow(int node, PendingRow row) {
    ByteBuffer buffer = arena.buffer(node);
    int offset = Arena.offset(node);
    int rowBytes = rows.rowBytes(row.payloadLength());
    if (KeyNode.created(buffer, offset) == KeyNode.REMOVED) {
      int inline = KeyNode.inlineRow(buffer, offset);
      if (rows.rowBytesAt(buffer, inline) == rowBytes) {
        rows.write(row, buffer, inline);
        KeyNode.setCreated(buffer, offset, readers.version());
        counts.add(row, 0);
        return;
      }
    }
    int only = links.newChunk(rowBytes, rowBytes);
    ByteBuffer chunkBuffer = arena.buffer(only);
    int chunk = Arena.offset(only);
    rows.write(row, chunkBuffer, chunk + Chunk.ROWS);
    Chunk.setRows(chunkBuffer, chunk, rowBytes, 0, rowBytes);
    KeyNode.publishTail(buffer, offset, only);
    dropInlineRow(node);
    counts.add(row, 0);
  }

  /** Whether the key has no row but the inline row, if that. */
  boolean isInlineOnly(int node) {
    return links.tail(node) == Arena.NONE;
  }

  /** Whether the key has no rows, as far as that can be told without a look at chunks. */
  boolean isEmpty(int node) {
    return isInlineOnly(node) && isRemovedInline(node);
  }

  /** Whether a node without chunks has no inline row. */
  boolean isRemovedInline(int node) {
    return KeyNode.created(arena.buffer(node), Arena.offset(node)) > Chunk.MAX_VERSION;
  }

  /** Gives a key its first chunk, which takes over the inline row. */
  void startChain(int node, int bytesBefore, int nextRowBytes) {
    ByteBuffer nodeBuffer = arena.buffer(node);
    int inline = KeyNode.inlineRow(nodeBuffer, Arena.offset(node));
    int inlineBytes = rows.rowBytesAt(nodeBuffer, inline);
    int capacity = sizes.first(bytesBefore, inlineBytes, nextRowBytes);
    int first = links.newChunk(capacity, capacity);
    ByteBuffer buffer = arena.buffer(first);
    int chunk = Arena.offset(first);
    buffer.put(chunk + Chunk.ROWS, nodeBuffer, inline, inlineBytes);
    Chunk.setRows(buffer, chunk, inlineBytes, 0, inlineBytes);
    KeyNode.publishTail(nodeBuffer, Arena.offset(node), first);
    dropInlineRow(node);
  }

  /**
   * Frees what the inline row takes, which a chunk has replaced, unless an open reader may see it.
   * Then it stays until the node is freed.
   */
  void dropInlineRow(int node) {
    if (readers.hasReaders()) {
      return;
    }
    ByteBuffer buffer = arena.buffer(node);
    int offset = Arena.offset(node);
    if (KeyNode.created(buffer, offset) == KeyNode.NO_ROOM) {
      return;
    }
    int row = KeyNode.inlineRow(buffer, offset);
    int keyEnd = Arena.blockBytes(row - offset);
    int end = Arena.blockBytes(row - offset + rows.rowBytesAt(buffer, row));
    if (end - keyEnd >= 2 * Long.BYTES) {
      KeyNode.setCreated(buffer, offset, KeyNode.NO_ROOM);
      arena.free(Arena.within(node, keyEnd), end - keyEnd);
    } else {
      KeyNode.setCreated(buffer, offset, KeyNode.REMOVED);
    }
  }

  void removeInline(int node) {
    ByteBuffer buffer = arena.buffer(node);
    int offset = Arena.offset(node);
    boolean tombstone = rows.isTombstone(buffer, KeyNode.inlineRow(buffer, offset));
    if (readers.isFrozen(KeyNode.created(buffer, offset))) {
      // An empty chunk tells later readers that the inline row is gone.
      KeyNode.publishTail(buffer, offset, links.newChunk(0, 0));
    } else {
      int row = KeyNode.inlineRow(buffer, offset);
      if (rows.rowBytesAt(buffer, row) > KEPT_EMPTY_BYTES && !readers.hasReaders()) {
        dropInlineRow(node);
      } else {
        KeyNode.setCreated(buffer, offset, KeyNode.REMOVED);
      }
    }
    counts.remove(1, tombstone ? 1 : 0);
  }
}
