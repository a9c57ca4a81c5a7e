package io.timelog.internal.memtable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Layout of the two kinds of block in the arena of a window. Integers are little-endian, blocks are
 * aligned to 8.
 *
 * <p>A <em>key node</em> is what the key table points to. It holds the key and its first row, so
 * that a key with one row in the window, the common case among very many keys, costs no chunk. A
 * key that is expected to get many rows has none here: its first chunk follows its node.
 *
 * <pre>
 *   offset   size  field    meaning
 *        0      4  tail     newest chunk of the key; 0 while the inline row is the only one
 *        4      4  created  version at which the inline row was written; {@link #LIVE} if there is
 *                         none, or it was removed while no reader saw it
 *        8    1-5  length   of the key, k (varint)
 *        .      k  key
 *        .         row      the inline row, not valid any more for readers that see a chunk
 * </pre>
 *
 * <p>A <em>chunk</em> holds rows of one key, in order. The chunks of a key are linked from the
 * newest to the oldest, and live chunks do not overlap in time.
 *
 * <pre>
 *   offset   size  field      meaning
 *        0      4  prev       the next older chunk; 0 for the oldest
 *        4      4  created    version at which the chunk was written
 *        8      4  dead       version at which other chunks took its place; {@link #LIVE} if none did
 *       12      4  used       bytes of rows, u
 *       16      4  capacity   bytes that rows may take
 *       20      4  last       where the last row starts, counted from the first; -1 if there is none.
 *                           Among rows of one size, where that follows from their number: the
 *                           first four bytes of the last row, which are its time if times are narrow
 *       24      4  stride     size of every row, or 0 if they differ
 *       28      4  chain      capacities of this chunk and all older ones, saturated
 *       32      u  rows
 * </pre>
 *
 * <p>A <em>row</em> is its timestamp (4 bytes unsigned, counted from the start of the window, where
 * the window spans at most 2^32 ticks; else 8 bytes), a varint of {@code payload length * 2 +
 * tombstone}, and the payload of {@link io.timelog.internal.row.RowFormat}.
 */
final class ChunkFormat {
  static final int NODE_KEY = 8;

  static final int ROWS = 32;

  /** A version that no reader has. In the field {@code dead}: the chunk is current. */
  static final int LIVE = Integer.MAX_VALUE;

  private static final int NODE_TAIL = 0;
  private static final int NODE_CREATED = 4;

  private static final int PREV = 0;
  private static final int CREATED = 4;
  private static final int DEAD = 8;
  private static final int USED = 12;
  private static final int CAPACITY = 16;
  private static final int LAST = 20;
  private static final int STRIDE = 24;
  private static final int CHAIN = 28;

  private static final VarHandle INT =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private ChunkFormat() {}

  static int nodeTail(ByteBuffer buffer, int node) {
    return (int) INT.getAcquire(buffer, node + NODE_TAIL);
  }

  static void publishNodeTail(ByteBuffer buffer, int node, int tail) {
    INT.setRelease(buffer, node + NODE_TAIL, tail);
  }

  static int nodeCreated(ByteBuffer buffer, int node) {
    return buffer.getInt(node + NODE_CREATED);
  }

  static void setNodeCreated(ByteBuffer buffer, int node, int created) {
    buffer.putInt(node + NODE_CREATED, created);
  }

  static void initNode(ByteBuffer buffer, int node, int created) {
    buffer.putInt(node + NODE_TAIL, 0);
    buffer.putInt(node + NODE_CREATED, created);
  }

  static void initChunk(ByteBuffer buffer, int chunk, int created, int capacity, int chain) {
    buffer.putInt(chunk + PREV, 0);
    buffer.putInt(chunk + CREATED, created);
    buffer.putInt(chunk + DEAD, LIVE);
    buffer.putInt(chunk + USED, 0);
    buffer.putInt(chunk + CAPACITY, capacity);
    buffer.putInt(chunk + LAST, -1);
    buffer.putInt(chunk + STRIDE, 0);
    buffer.putInt(chunk + CHAIN, chain);
  }

  static int prev(ByteBuffer buffer, int chunk) {
    return (int) INT.getAcquire(buffer, chunk + PREV);
  }

  static void publishPrev(ByteBuffer buffer, int chunk, int prev) {
    INT.setRelease(buffer, chunk + PREV, prev);
  }

  static int created(ByteBuffer buffer, int chunk) {
    return buffer.getInt(chunk + CREATED);
  }

  static int dead(ByteBuffer buffer, int chunk) {
    return (int) INT.getAcquire(buffer, chunk + DEAD);
  }

  static void publishDead(ByteBuffer buffer, int chunk, int version) {
    INT.setRelease(buffer, chunk + DEAD, version);
  }

  static int used(ByteBuffer buffer, int chunk) {
    return buffer.getInt(chunk + USED);
  }

  static int capacity(ByteBuffer buffer, int chunk) {
    return buffer.getInt(chunk + CAPACITY);
  }

  /** Where the last row starts, counted from the first; negative if there is none. */
  static int lastRow(ByteBuffer buffer, int chunk) {
    int stride = stride(buffer, chunk);
    return stride > 0 ? used(buffer, chunk) - stride : buffer.getInt(chunk + LAST);
  }

  /** The first four bytes of the last row, of a chunk of rows of one size that has any. */
  static int lastTime(ByteBuffer buffer, int chunk) {
    return buffer.getInt(chunk + LAST);
  }

  static int stride(ByteBuffer buffer, int chunk) {
    return buffer.getInt(chunk + STRIDE);
  }

  static int chain(ByteBuffer buffer, int chunk) {
    return buffer.getInt(chunk + CHAIN);
  }

  static void setRows(ByteBuffer buffer, int chunk, int used, int lastRow, int stride) {
    int last = stride > 0 && lastRow >= 0 ? buffer.getInt(chunk + ROWS + lastRow) : lastRow;
    buffer.putInt(chunk + LAST, last);
    buffer.putInt(chunk + STRIDE, stride);
    buffer.putInt(chunk + USED, used);
  }
}
