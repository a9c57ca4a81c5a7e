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
 */
public interface Cursor extends AutoCloseable {
  /**
   * Moves to the next entry; false when there is none, and then the cursor is closed.
   *
   * @throws IllegalStateException if the cursor was closed by {@link #close()}
   */
  boolean advance();

  /** The timestamp of the entry. */
  long timestamp();

  /** A copy of the key. */
  byte[] key();

  /**
   * A number that entries of this cursor have in common only if they have the same key: what was
   * made of a key can be used again as long as the number does not change. Entries of one key may
   * have different numbers, too. Cheap, in contrast to {@link #key()}.
   */
  long keyNumber();

  /** A copy of the subkey; empty in a multimap. */
  byte[] subkey();

  /** A copy of the value. */
  byte[] value();

  /** Length of the value in bytes. */
  int valueLength();

  /** Eight bytes of the value at {@code offset}, big-endian. */
  long valueLong(int offset);

  /** Copies the whole value into {@code target}, from {@code targetOffset} on. */
  void copyValue(byte[] target, int targetOffset);

  /**
   * The value in place, between position and limit of the returned buffer: a read-only view that is
   * reused by the next call and valid until the next {@link #advance()} or {@link #close()}.
   */
  ByteBuffer valueBuffer();

  /** Whether the cursor is closed or exhausted. */
  boolean isClosed();

  /** Lets go of the snapshot. Closing twice does nothing. */
  @Override
  void close();
}
