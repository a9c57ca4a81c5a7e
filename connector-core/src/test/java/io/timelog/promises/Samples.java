package io.timelog.promises;

import io.timelog.Cursor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Keys and values of tests, and what cursors give, in words. */
final class Samples {
  private Samples() {}

  /** Eight bytes that differ for each number. */
  static byte[] key(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }

  static byte[] key(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** A value of some length that starts with a number, as far as there is room. */
  static byte[] value(long number, int length) {
    byte[] value = new byte[length];
    Arrays.fill(value, (byte) number);
    byte[] head = key(number);
    System.arraycopy(head, 0, value, 0, Math.min(head.length, length));
    return value;
  }

  /** What is left of the cursor, as lines of key, timestamp, subkey and value. Closes it. */
  static List<String> read(Cursor cursor) {
    List<String> entries = new ArrayList<>();
    try (cursor) {
      while (cursor.advance()) {
        entries.add(
            Arrays.toString(cursor.key())
                + " "
                + cursor.timestamp()
                + " "
                + Arrays.toString(cursor.subkey())
                + " "
                + Arrays.hashCode(cursor.value()));
      }
    }
    return entries;
  }

  /** How many entries are left in the cursor. Closes it. */
  static int drain(Cursor cursor) {
    int count = 0;
    try (cursor) {
      while (cursor.advance()) {
        count++;
      }
    }
    return count;
  }
}
