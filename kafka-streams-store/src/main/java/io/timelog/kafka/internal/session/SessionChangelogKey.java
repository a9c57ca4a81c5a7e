package io.timelog.kafka.internal.session;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.kstream.Windowed;
import org.jspecify.annotations.Nullable;

/**
 * Layout of a key in the changelog of a session store, which is the same for all session stores of
 * Kafka Streams. Integers are big-endian; {@code n} is the length of the record key.
 *
 * <pre>
 *   offset   size  field  meaning
 *        0      n  key    the record key
 *        n      8  end    the newest timestamp in the session, milliseconds since the epoch
 *      n+8      8  start  the oldest timestamp in the session, from 0 to end
 * </pre>
 */
final class SessionChangelogKey {
  private static final int SUFFIX_BYTES = 2 * Long.BYTES;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private SessionChangelogKey() {}

  /** The key of a session, which is also how Kafka's cache sees it. */
  static Bytes of(Windowed<Bytes> session) {
    byte[] recordKey = session.key().get();
    byte[] changelogKey = Arrays.copyOf(recordKey, recordKey.length + SUFFIX_BYTES);
    LONG.set(changelogKey, recordKey.length, session.window().end());
    LONG.set(changelogKey, recordKey.length + Long.BYTES, session.window().start());
    return Bytes.wrap(changelogKey);
  }

  /** The record key; {@code changelogKey} was {@link #check checked}. */
  static byte[] recordKey(byte[] changelogKey) {
    return Arrays.copyOf(changelogKey, changelogKey.length - SUFFIX_BYTES);
  }

  /** The end of the session; {@code changelogKey} was {@link #check checked}. */
  static long end(byte[] changelogKey) {
    return (long) LONG.get(changelogKey, changelogKey.length - SUFFIX_BYTES);
  }

  /** The start of the session; {@code changelogKey} was {@link #check checked}. */
  static long start(byte[] changelogKey) {
    return (long) LONG.get(changelogKey, changelogKey.length - Long.BYTES);
  }

  /**
   * Checks what can be checked.
   *
   * @throws IllegalArgumentException if this is not the key of a session store's changelog
   */
  static void check(byte @Nullable [] changelogKey) {
    if (changelogKey == null || changelogKey.length < SUFFIX_BYTES) {
      throw new IllegalArgumentException(
          "Changelog key is too short for a session store: length="
              + (changelogKey == null ? "null" : changelogKey.length)
              + ", minimum="
              + SUFFIX_BYTES);
    }
    if (start(changelogKey) < 0 || start(changelogKey) > end(changelogKey)) {
      throw new IllegalArgumentException(
          "Changelog key is not that of a session: start="
              + start(changelogKey)
              + ", end="
              + end(changelogKey));
    }
  }
}
