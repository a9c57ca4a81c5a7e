package io.timelog.internal.read;

import io.timelog.internal.row.ByteCopy;
import io.timelog.internal.row.KeyCursor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A key that a cursor stood on. Not thread-safe; used for one key after the other. */
final class KeyCopy {
  private static final int USUAL_BYTES = 32;

  private byte[] bytes = new byte[USUAL_BYTES];
  private ByteBuffer buffer = wrap(bytes);
  private int length;
  private int group;
  private int hash;

  private static ByteBuffer wrap(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Takes the key of a cursor in the place of what it had before. */
  void take(KeyCursor key) {
    length = key.keyLength();
    group = key.group();
    hash = key.hash();
    if (length > bytes.length) {
      bytes = new byte[2 * length];
      buffer = wrap(bytes);
    }
    ByteCopy.read(key.keyBuffer(), key.keyOffset(), length, bytes, 0);
  }

  /** The bytes of the key, from 0 on. */
  ByteBuffer buffer() {
    return buffer;
  }

  int length() {
    return length;
  }

  int group() {
    return group;
  }

  int hash() {
    return hash;
  }
}
