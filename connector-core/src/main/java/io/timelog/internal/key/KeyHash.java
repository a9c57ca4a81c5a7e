package io.timelog.internal.key;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The 32-bit hash of a key's bytes. It is stored in segments, so a change of it is a change of the
 * format.
 *
 * <p>Eight bytes at a time are multiplied into a 64-bit state and folded; the state is finished
 * with the 64-bit finalizer of MurmurHash3 (Austin Appleby, public domain), which makes every input
 * bit reach every output bit. Keys are not trusted input of a public service here, so there is no
 * per-process seed: equal inputs must give byte-identical segments.
 */
public final class KeyHash {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

  private KeyHash() {}

  /** Hashes {@code length} bytes that start at {@code offset}. Any length, including zero. */
  public static int hash32(byte[] bytes, int offset, int length) {
    long state = length * MULTIPLIER;
    int position = offset;
    int end = offset + length;
    while (end - position >= Long.BYTES) {
      state = fold(state ^ (long) LONGS.get(bytes, position));
      position += Long.BYTES;
    }
    if (position < end) {
      long tail = 0;
      for (int shift = 0; position < end; position++, shift += Byte.SIZE) {
        tail |= (bytes[position] & 0xFFL) << shift;
      }
      state = fold(state ^ tail);
    }
    return (int) (finish(state) >>> 32);
  }

  private static long fold(long state) {
    long product = state * MULTIPLIER;
    return product ^ (product >>> 32);
  }

  private static long finish(long state) {
    long mixed = state;
    mixed ^= mixed >>> 33;
    mixed *= 0xff51afd7ed558ccdL;
    mixed ^= mixed >>> 33;
    mixed *= 0xc4ceb9fe1a85ec53L;
    mixed ^= mixed >>> 33;
    return mixed;
  }
}
