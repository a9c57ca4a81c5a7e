package io.timelog.kafka.internal.keyvalue.sorted;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The order of keys: by their bytes as unsigned numbers, the shorter first when one is the
 * beginning of the other.
 */
final class KeyOrder {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private KeyOrder() {}

  /** Compares the key from {@code start} to {@code end} of an array with another. */
  static int compare(byte[] bytes, int start, int end, byte[] key) {
    // Most keys differ in their first bytes, which as one number compare in no time.
    if (end - start >= Long.BYTES && key.length >= Long.BYTES) {
      long left = (long) LONGS.get(bytes, start);
      long right = (long) LONGS.get(key, 0);
      if (left != right) {
        return Long.compareUnsigned(left, right);
      }
    }
    return Arrays.compareUnsigned(bytes, start, end, key, 0, key.length);
  }
}
