package io.timelog.internal.row;

import java.nio.ByteBuffer;

/**
 * Steps through the keys of one source in key order: key group first, then the key's bytes as
 * unsigned numbers; or in exact reverse.
 *
 * <p>The accessors are valid after {@link #advance()} returned true and until the next call of it.
 * Not thread-safe.
 */
public abstract class KeyCursor implements KeyRows {
  /** Moves to the next key; false when there is none, and from then on. */
  public abstract boolean advance();

  /** The key group of the key. */
  public abstract int group();

  /** {@link io.timelog.internal.key.KeyHash} of the key. */
  public abstract int hash();

  /** The buffer with the key's bytes; use absolute reads only. */
  public abstract ByteBuffer keyBuffer();

  /** Where the key starts in {@link #keyBuffer()}. */
  public abstract int keyOffset();

  /** Length of the key in bytes. */
  public abstract int keyLength();

  /**
   * The rows of the key with {@code first <= timestamp <= last}. The cursor may be reused by the
   * source: it is valid until the next call of this method or of {@link #advance()}.
   */
  @Override
  public abstract RowCursor rows(long first, long last, Direction direction);

  /**
   * Keeps nothing in memory for this cursor until it is asked for something. It stays where it is,
   * but its rows have to be opened anew, and what it stands on may have to be read again.
   *
   * <p>This default is for what is in memory whoever stands on it.
   */
  public void rest() {}

  /** The rows of the key with {@code first <= timestamp <= last}, oldest first. */
  public final RowCursor rows(long first, long last) {
    return rows(first, last, Direction.FORWARD);
  }
}
