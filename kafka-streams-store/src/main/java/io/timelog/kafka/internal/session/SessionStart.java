package io.timelog.kafka.internal.session;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The start of a session as a subkey: eight bytes, big-endian, so that sessions of one key with
 * equal ends lie in the order of their starts.
 */
final class SessionStart {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private SessionStart() {}

  static byte[] subkey(long start) {
    byte[] subkey = new byte[Long.BYTES];
    LONG.set(subkey, 0, start);
    return subkey;
  }

  static long read(byte[] subkey) {
    return (long) LONG.get(subkey, 0);
  }
}
