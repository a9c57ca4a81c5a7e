package io.timelog.internal.engine;

import io.timelog.Table;

/** The size that a key, a subkey or a value may have. */
public final class PartSize {
  private PartSize() {}

  /**
   * Checks a part of an entry.
   *
   * @param part what it is, for the message
   * @throws NullPointerException if it is null
   * @throws IllegalArgumentException if it is too large
   */
  public static void require(String part, byte[] bytes) {
    if (bytes == null) {
      throw new NullPointerException("A " + part + " must not be null");
    }
    require(part, bytes.length);
  }

  /**
   * Checks the size of a part of an entry.
   *
   * @param part what it is, for the message
   * @throws IllegalArgumentException if it is too large
   */
  public static void require(String part, int bytes) {
    if (bytes > Table.MAX_PART_BYTES) {
      throw new IllegalArgumentException(
          "A " + part + " is too large: bytes=" + bytes + ", max=" + Table.MAX_PART_BYTES);
    }
  }
}
