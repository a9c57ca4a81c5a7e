package io.timelog.internal.row;

import io.timelog.Span;
import io.timelog.internal.key.KeyOrder;
import java.nio.ByteBuffer;

/**
 * Layout of a row's payload.
 *
 * <p>In a multimap the payload of an entry is its value, nothing else. In a map it is
 *
 * <pre>
 *   offset  size  field
 *        0     4  subkey length s (unsigned LEB128 varint, 1 to 5 bytes)
 *        v     s  subkey
 *      v+s        value, to the end of the payload
 * </pre>
 *
 * <p>A tombstone hides rows of the same key in older sources of the same partition window. Its
 * payload starts with one byte that says what it hides:
 *
 * <pre>
 *   {@value #POINT}  the one entry of a map with the tombstone's timestamp and the subkey that follows (varint length, bytes)
 *   {@value #RANGE}  every entry from the tombstone's timestamp to the timestamp that follows (i64), both included
 * </pre>
 */
public final class RowFormat {
  /** First payload byte of a tombstone that hides one entry of a map. */
  public static final byte POINT = 1;

  /** First payload byte of a tombstone that hides a range of timestamps of one key. */
  public static final byte RANGE = 2;

  /** Bytes of a tombstone's payload before what it hides. */
  public static final int KIND_BYTES = 1;

  /** Bytes of the payload of a tombstone that hides a range. */
  public static final int RANGE_BYTES = KIND_BYTES + Long.BYTES;

  private RowFormat() {}

  /** The most bytes that a varint takes. */
  public static final int MAX_VARINT_BYTES = 5;

  /** Bytes that {@code value} takes as a varint. */
  public static int varintSize(int value) {
    return (38 - Integer.numberOfLeadingZeros(value | 1)) / 7;
  }

  /** Writes a varint at {@code offset} and returns the offset after it. */
  public static int putVarint(ByteBuffer buffer, int offset, int value) {
    int position = offset;
    int rest = value;
    while ((rest & ~0x7F) != 0) {
      buffer.put(position++, (byte) (rest | 0x80));
      rest >>>= 7;
    }
    buffer.put(position++, (byte) rest);
    return position;
  }

  /** Reads the varint at {@code offset}. */
  public static int getVarint(ByteBuffer buffer, int offset) {
    int head = buffer.get(offset);
    if (head >= 0) {
      return head;
    }
    int result = head & 0x7F;
    for (int shift = 7, position = offset + 1; ; shift += 7, position++) {
      int next = buffer.get(position);
      result |= (next & 0x7F) << shift;
      if (next >= 0) {
        return result;
      }
    }
  }

  /** Whether the payload of a tombstone hides a range of timestamps. */
  public static boolean isRange(ByteBuffer buffer, int payload) {
    return buffer.get(payload) == RANGE;
  }

  /** The last timestamp that a tombstone hides whose payload {@linkplain #isRange is a range}. */
  public static long rangeLast(ByteBuffer buffer, int payload) {
    return buffer.getLong(payload + KIND_BYTES);
  }

  /** Writes the payload of a tombstone that hides a range up to {@code last}, included. */
  public static void putRange(ByteBuffer buffer, int payload, long last) {
    buffer.put(payload, RANGE);
    buffer.putLong(payload + KIND_BYTES, last);
  }

  /** Compares the subkey in the payload of an entry of a map with another one. */
  public static int compareSubkey(ByteBuffer buffer, int payload, Span subkey) {
    int length = getVarint(buffer, payload);
    return KeyOrder.compare(
        buffer,
        payload + varintSize(length),
        length,
        subkey.bytes(),
        subkey.offset(),
        subkey.length());
  }

  /** Where the value starts in the payload of an entry of a map. */
  public static int mapValueStart(ByteBuffer buffer, int payload) {
    int length = getVarint(buffer, payload);
    return payload + varintSize(length) + length;
  }

  /** A copy of the value in the payload of an entry of a map, from one place to another. */
  public static byte[] mapValue(ByteBuffer buffer, int payload, int end) {
    int start = mapValueStart(buffer, payload);
    return ByteCopy.read(buffer, start, end - start);
  }
}
