package io.timelog.flink.internal.map;

import io.timelog.Span;

/**
 * The place at which a map of lists last found none, until something is written. Most jobs put a
 * list there next, and what is known to be absent need not be looked for again in order to be
 * replaced.
 */
final class LastMiss {
  private static final int FIRST_BYTES = 64;

  private final Span key = new Span();
  private byte[] keyBytes = new byte[FIRST_BYTES];
  private long timestamp;
  private boolean known;

  /** Notes that a key has no list at a timestamp. */
  void note(Span ofKey, long at) {
    int length = ofKey.length();
    if (keyBytes.length < length) {
      keyBytes = new byte[2 * length];
    }
    System.arraycopy(ofKey.bytes(), ofKey.offset(), keyBytes, 0, length);
    key.set(keyBytes, 0, length);
    timestamp = at;
    known = true;
  }

  /** To be called before a list is written, at whatever place. */
  void forget() {
    known = false;
  }

  /** Whether a key is known to have no list at a timestamp. */
  boolean isAt(Span ofKey, long at) {
    return known && timestamp == at && ofKey.contentEquals(key);
  }
}
