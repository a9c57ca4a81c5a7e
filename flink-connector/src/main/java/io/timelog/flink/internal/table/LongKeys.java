package io.timelog.flink.internal.table;

import io.timelog.Cursor;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Long keys of a map at the end of the keys of a savepoint; in rows they are the timestamp. */
final class LongKeys {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private LongKeys() {}

  /** The key of a row followed by a long. */
  static byte[] append(Cursor row, long mapKey) {
    int length = row.keyLength();
    byte[] whole = new byte[length + Long.BYTES];
    row.copyKey(whole, 0);
    LONGS.set(whole, length, mapKey);
    return whole;
  }

  /** The long at the end of a key. */
  static long last(byte[] key) {
    return (long) LONGS.get(key, key.length - Long.BYTES);
  }
}
