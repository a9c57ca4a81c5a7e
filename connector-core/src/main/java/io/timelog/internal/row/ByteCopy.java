package io.timelog.internal.row;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Copies bytes between arrays and little-endian buffers. Keys and values are mostly short, and for
 * these a loop over words is faster than the call of a bulk copy.
 */
public final class ByteCopy {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** Above this length the call is faster than the loop. */
  private static final int BULK_BYTES = 96;

  private ByteCopy() {}

  /** Copies into a buffer. */
  public static void write(byte[] from, int fromOffset, int length, ByteBuffer to, int toOffset) {
    if (length > BULK_BYTES) {
      to.put(toOffset, from, fromOffset, length);
      return;
    }
    int done = 0;
    for (; done <= length - Long.BYTES; done += Long.BYTES) {
      to.putLong(toOffset + done, (long) LONGS.get(from, fromOffset + done));
    }
    for (; done < length; done++) {
      to.put(toOffset + done, from[fromOffset + done]);
    }
  }

  /** A copy of bytes of a buffer. */
  public static byte[] read(ByteBuffer from, int offset, int length) {
    byte[] copy = new byte[length];
    read(from, offset, length, copy, 0);
    return copy;
  }

  /** Copies out of a buffer; of one that is big-endian, too, only slower. */
  public static void read(ByteBuffer from, int offset, int length, byte[] to, int toOffset) {
    if (length > BULK_BYTES || from.order() != ByteOrder.LITTLE_ENDIAN) {
      from.get(offset, to, toOffset, length);
      return;
    }
    int done = 0;
    for (; done <= length - Long.BYTES; done += Long.BYTES) {
      LONGS.set(to, toOffset + done, from.getLong(offset + done));
    }
    for (; done < length; done++) {
      to[toOffset + done] = from.get(offset + done);
    }
  }
}
