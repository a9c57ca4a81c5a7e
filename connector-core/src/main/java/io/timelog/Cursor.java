package io.timelog;

import java.nio.ByteBuffer;

/**
 * Steps through the entries of a scan without allocating anything per entry.
 *
 * <pre>{@code
 * try (Cursor cursor = table.scan(key, TimeRange.of(10, 20))) {
 *   while (cursor.advance()) {
 *     consume(cursor.timestamp(), cursor.value());
 *   }
 * }
 * }</pre>
 *
 * <p>A cursor reads a snapshot: what was written or deleted after it was opened does not exist for
 * it. It pins the memory of that snapshot, so it must be closed; it closes itself when {@link
 * #advance()} returns false. A cursor belongs to one thread, which need not be the writer's.
 *
 * <p>The accessors are valid after {@link #advance()} returned true and until the next call of it.
 * Before the first call, after one that returned false and after {@link #close()} each of them
 * throws {@link IllegalStateException}; none ever reads memory that was freed.
 *
 * <p>Key, subkey and value can each be read in three ways: {@link #value()} copies into a new
 * array; {@link #valueLength()} and {@link #copyValue} copy into an array of the caller; {@link
 * #valueBuffer()} shows the bytes in place, copies nothing, and allocates only when the entry lies
 * in another buffer than the one before, which is once in many entries of a scan by key. A buffer
 * handed out must not be read after the next {@link #advance()} or {@link #close()}: nothing checks
 * that, and its memory may be used for something else by then.
 */
public interface Cursor extends AutoCloseable {
  /**
   * Moves to the next entry; false when there is none, which closes the cursor, and from then on.
   *
   * @throws IllegalStateException if the cursor was closed by {@link #close()}
   */
  boolean advance();

  /** The timestamp of the entry. */
  long timestamp();

  /**
   * A number that entries of this cursor have in common only if they have the same key: what was
   * made of a key can be used again as long as the number does not change. Entries of one key may
   * have different numbers, too, except in scans by key group. Cheap, in contrast to {@link
   * #key()}.
   */
  long keyNumber();

  /** The key group of the key; 0 in a table without key groups. */
  int keyGroup();

  /** A copy of the key. */
  byte[] key();

  /** Length of the key in bytes. */
  int keyLength();

  /**
   * Copies the whole key into {@code target}, from {@code targetOffset} on.
   *
   * @throws IndexOutOfBoundsException if it does not fit; nothing is copied
   */
  void copyKey(byte[] target, int targetOffset);

  /**
   * The key in place, between position and limit of the returned buffer: a read-only view that is
   * reused by the next call and valid until the next {@link #advance()} or {@link #close()}.
   */
  ByteBuffer keyBuffer();

  /** A copy of the subkey; empty in a multimap. */
  byte[] subkey();

  /** Length of the subkey in bytes; 0 in a multimap. */
  int subkeyLength();

  /** Copies the whole subkey; as {@link #copyKey}. */
  void copySubkey(byte[] target, int targetOffset);

  /** The subkey in place; as {@link #keyBuffer()}. */
  ByteBuffer subkeyBuffer();

  /** A copy of the value. */
  byte[] value();

  /** Length of the value in bytes. */
  int valueLength();

  /**
   * Eight bytes of the value at {@code offset}, big-endian.
   *
   * @throws IndexOutOfBoundsException if they do not lie in the value
   */
  long valueLong(int offset);

  /** Copies the whole value; as {@link #copyKey}. */
  void copyValue(byte[] target, int targetOffset);

  /** The value in place; as {@link #keyBuffer()}. */
  ByteBuffer valueBuffer();

  /** Whether the cursor is closed or exhausted. */
  boolean isClosed();

  /** Lets go of the snapshot. Closing twice does nothing. */
  @Override
  void close();
}
