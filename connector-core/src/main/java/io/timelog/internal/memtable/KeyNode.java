package io.timelog.internal.memtable;

import io.timelog.internal.row.RowFormat;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Layout of a key node in the arena of a window: the block that the key table points to. It holds
 * the key and its first row, so that a key with one row in the window, the common case among very
 * many keys, costs no {@linkplain Chunk chunk}. A key that is expected to get many rows has none
 * here: its first chunk follows its node. Integers are little-endian, blocks are aligned to 8.
 *
 * <pre>
 *   offset   size  field    meaning
 *        0      4  tail     newest chunk of the key; 0 while the inline row is the only one
 *        4      4  created  version at which the inline row was written; {@link #REMOVED} if it
 *                         was removed while no reader saw it, {@link #NO_ROOM} if the block of
 *                         the node ends where one for its key alone would
 *        8    1-5  length   of the key, k (varint)
 *        .      k  key
 *        .         row      the inline row, not valid any more for readers that see a chunk
 * </pre>
 */
final class KeyNode {
  /** Where the length of the key starts, counted from the node. */
  static final int KEY = 8;

  /** A version that no reader has: the inline row was removed. */
  static final int REMOVED = Integer.MAX_VALUE;

  /** A version that no reader has: the node has no place for an inline row. */
  static final int NO_ROOM = Integer.MAX_VALUE - 1;

  private static final int TAIL = 0;
  private static final int CREATED = 4;

  private static final VarHandle INT =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private KeyNode() {}

  static void init(ByteBuffer buffer, int node, int created) {
    buffer.putInt(node + TAIL, 0);
    buffer.putInt(node + CREATED, created);
  }

  static int tail(ByteBuffer buffer, int node) {
    return (int) INT.getAcquire(buffer, node + TAIL);
  }

  static void publishTail(ByteBuffer buffer, int node, int tail) {
    INT.setRelease(buffer, node + TAIL, tail);
  }

  static int created(ByteBuffer buffer, int node) {
    return buffer.getInt(node + CREATED);
  }

  static void setCreated(ByteBuffer buffer, int node, int created) {
    buffer.putInt(node + CREATED, created);
  }

  static int keyLength(ByteBuffer buffer, int node) {
    return RowFormat.getVarint(buffer, node + KEY);
  }

  /** Where the key starts that has this length. */
  static int keyOffset(int node, int keyLength) {
    return node + KEY + RowFormat.varintSize(keyLength);
  }

  /** Where the inline row starts in the node's buffer. */
  static int inlineRow(ByteBuffer buffer, int node) {
    int keyLength = keyLength(buffer, node);
    return keyOffset(node, keyLength) + keyLength;
  }
}
