package io.timelog.flink.internal.timer;

import io.timelog.Cursor;
import io.timelog.Span;
import io.timelog.flink.internal.table.RowWriter;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.state.CompositeKeySerializationUtils;
import org.apache.flink.util.FlinkRuntimeException;

/**
 * How a timer is laid out in a row, and in a snapshot.
 *
 * <pre>
 *   snapshot   key group (1 or 2 bytes) | time (8 bytes) | key and namespace
 *   row        timestamp: time; key: key group | key and namespace; no subkey; no value
 * </pre>
 *
 * <p>Flink's serializer of timers writes the time first, with its sign bit flipped, so that the
 * order of bytes is the order of time. Nothing more is taken for granted: whatever a serializer
 * writes, its first 8 bytes are the timestamp of the row. If it writes fewer, zeros take the place
 * of the others, and the subkey is one byte that says how many there are.
 *
 * <p>For one thread.
 *
 * @param <T> type of the timers
 */
final class TimerFormat<T> {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final Span NO_VALUE = new Span();
  private static final int FIRST_BYTES = 64;

  private final TypeSerializer<T> serializer;
  private final int prefixBytes;
  private final DataOutputSerializer out = new DataOutputSerializer(FIRST_BYTES);
  private final DataInputDeserializer in = new DataInputDeserializer();
  private final Span key = new Span();
  private final Span subkey = new Span();
  private byte[] buffer = new byte[FIRST_BYTES];
  private long timestamp;

  TimerFormat(TypeSerializer<T> serializer, int prefixBytes) {
    this.serializer = serializer;
    this.prefixBytes = prefixBytes;
  }

  /** Lays out a timer: from now on the row is the one of this timer. */
  void place(T timer, int keyGroup) {
    out.clear();
    try {
      CompositeKeySerializationUtils.writeKeyGroup(keyGroup, prefixBytes, out);
      serializer.serialize(timer, out);
    } catch (IOException e) {
      throw new FlinkRuntimeException("Could not serialize a timer: timer=" + timer, e);
    }
    place(out.getSharedBuffer(), out.length());
  }

  /** As {@link #place(Object, int)}, for a timer as a snapshot has it. */
  void place(byte[] canonical) {
    makeRoom(canonical.length);
    System.arraycopy(canonical, 0, buffer, 0, canonical.length);
    place(buffer, canonical.length);
  }

  private void place(byte[] bytes, int length) {
    int ofTimer = length - prefixBytes;
    if (ofTimer < Long.BYTES) {
      placeShort(bytes, ofTimer);
      return;
    }
    timestamp = (long) LONGS.get(bytes, prefixBytes) ^ Long.MIN_VALUE;
    // Takes the time out of the bytes: what is before it moves up to what is behind it.
    System.arraycopy(bytes, 0, bytes, Long.BYTES, prefixBytes);
    key.set(bytes, Long.BYTES, length - Long.BYTES);
    subkey.clear();
  }

  private void placeShort(byte[] bytes, int ofTimer) {
    byte[] padded = new byte[Long.BYTES];
    System.arraycopy(bytes, prefixBytes, padded, 0, ofTimer);
    timestamp = (long) LONGS.get(padded, 0) ^ Long.MIN_VALUE;
    key.set(bytes, 0, prefixBytes);
    subkey.set(new byte[] {(byte) ofTimer});
  }

  /** The timestamp of the row. */
  long timestamp() {
    return timestamp;
  }

  /** Puts the row into a table, unless it is there. */
  void put(RowWriter writer) {
    writer.put(key, timestamp, subkey, NO_VALUE);
  }

  /** Removes the row from a table, if it is there. */
  void remove(RowWriter writer) {
    writer.remove(key, timestamp, subkey);
  }

  /** The timer of a row. */
  T read(Cursor row) {
    makeRoom(row.keyLength() + Long.BYTES);
    copyCanonical(row, buffer, prefixBytes);
    try {
      in.setBuffer(buffer, prefixBytes, canonicalLength(row) - prefixBytes);
      return serializer.deserialize(in);
    } catch (IOException e) {
      throw new FlinkRuntimeException(
          "Could not deserialize a timer: timestamp=" + row.timestamp(), e);
    }
  }

  /** The timer of a row as a snapshot has it. */
  static byte[] canonical(Cursor row, int prefixBytes) {
    byte[] whole = new byte[row.keyLength() + Long.BYTES];
    copyCanonical(row, whole, prefixBytes);
    int length = canonicalLength(row);
    return length == whole.length ? whole : Arrays.copyOf(whole, length);
  }

  /** How many bytes the timer of a row has in a snapshot. */
  static int canonicalLength(Cursor row) {
    return row.keyLength() + (row.subkeyLength() == 0 ? Long.BYTES : row.subkey()[0]);
  }

  /** Copies the timer of a row, if it is a short one with the zeros behind it. */
  private static void copyCanonical(Cursor row, byte[] target, int prefixBytes) {
    row.copyKey(target, Long.BYTES);
    System.arraycopy(target, Long.BYTES, target, 0, prefixBytes);
    LONGS.set(target, prefixBytes, row.timestamp() ^ Long.MIN_VALUE);
  }

  private void makeRoom(int length) {
    if (buffer.length < length) {
      buffer = new byte[Math.max(length, 2 * buffer.length)];
    }
  }
}
