package io.timelog.kafka.internal.scan;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Whether the keys of a store are such that its own order can differ from that of Kafka's cache.
 *
 * <p>The store orders by key, then time. The cache orders by the bytes of key and time written one
 * after the other, so it compares the time of a short key with the rest of a longer one that begins
 * with it. A rest that starts with a larger byte than the time does comes last in either order. The
 * times of the present start with a zero byte, so the orders can differ only where keys differ in
 * length and one has a zero byte, which no text has.
 *
 * <p>The writer observes keys, any thread may ask.
 */
public final class KeyShapes {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final int NONE = -1;

  private int commonLength = NONE;
  private boolean differInLength;
  private boolean reachDownToTimes;
  private volatile boolean ambiguous;

  /** Notes a key that is put. O(length of the key) as long as nothing is ambiguous. */
  public void observe(byte[] key, long time) {
    if (ambiguous) {
      return;
    }
    if (key.length != commonLength) {
      differInLength |= commonLength != NONE;
      commonLength = key.length;
    }
    if (!reachDownToTimes) {
      reachDownToTimes = (time >>> 56) != 0 || hasZero(key);
    }
    if (differInLength && reachDownToTimes) {
      ambiguous = true;
    }
  }

  /** All that was noted, in one number for {@link #recall}. For the writer. */
  public long summary() {
    return (commonLength + 1L) << 2 | (differInLength ? 2 : 0) | (reachDownToTimes ? 1 : 0);
  }

  /** Goes on from where {@link #summary} was taken. For the writer, before it notes a key. */
  public void recall(long summary) {
    commonLength = (int) (summary >>> 2) - 1;
    differInLength = (summary & 2) != 0;
    reachDownToTimes = (summary & 1) != 0;
    ambiguous = differInLength && reachDownToTimes;
  }

  /** Whether a scan of several keys has to be brought into the order of the cache. */
  public boolean areAmbiguous() {
    return ambiguous;
  }

  private static boolean hasZero(byte[] key) {
    int position = 0;
    for (; position + Long.BYTES <= key.length; position += Long.BYTES) {
      long bytes = (long) LONGS.get(key, position);
      if (((bytes - ONES) & ~bytes & HIGH_BITS) != 0) {
        return true;
      }
    }
    for (; position < key.length; position++) {
      if (key[position] == 0) {
        return true;
      }
    }
    return false;
  }
}
