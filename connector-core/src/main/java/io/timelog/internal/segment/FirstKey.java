package io.timelog.internal.segment;

import io.timelog.internal.key.Key;
import io.timelog.internal.key.KeyOrder;
import io.timelog.internal.row.KeyCursor;
import java.nio.ByteBuffer;

/**
 * The first key of a segment.
 *
 * @param bytes the buffer that it is in
 * @param offset where it starts there
 * @param length its length in bytes
 * @param group its key group
 */
record FirstKey(ByteBuffer bytes, int offset, int length, int group) {
  static FirstKey of(Page page) {
    return new FirstKey(page.bytes, page.keyOffset(0), page.keyLength(0), page.group(0));
  }

  /** The same key, when its page is not in memory any more. Direct, as pages are. */
  FirstKey copy() {
    ByteBuffer copy = ByteBuffer.allocateDirect(length).order(bytes.order());
    copy.put(0, bytes, offset, length);
    return new FirstKey(copy, 0, length, group);
  }

  /** The key for a look-up; its bytes are a copy. */
  Key key() {
    byte[] copy = new byte[length];
    bytes.get(offset, copy);
    Key key = new Key();
    key.set(copy, 0, length, group);
    return key;
  }

  int compareTo(Key key) {
    return KeyOrder.compare(bytes, offset, length, key.bytes(), key.offset(), key.length());
  }

  boolean isOf(KeyCursor keys) {
    return KeyOrder.compare(
            bytes, offset, length, keys.keyBuffer(), keys.keyOffset(), keys.keyLength())
        == 0;
  }
}
