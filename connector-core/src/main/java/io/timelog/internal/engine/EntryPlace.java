package io.timelog.internal.engine;

import io.timelog.Span;

/**
 * Where an entry of a map stands: its key, timestamp and subkey. Reused by the writer for one write
 * after the other. Not thread-safe.
 */
final class EntryPlace {
  private final Span key = new Span();
  private long timestamp;
  private final Span subkey = new Span();

  /** Points this at a place, whose bytes must not change meanwhile. */
  void set(Span newKey, long newTimestamp, Span newSubkey) {
    key.set(newKey);
    timestamp = newTimestamp;
    subkey.set(newSubkey);
  }

  /** As {@link #set(Span, long, Span)}, of whole arrays. */
  void set(byte[] newKey, long newTimestamp, byte[] newSubkey) {
    key.set(newKey);
    timestamp = newTimestamp;
    subkey.set(newSubkey);
  }

  Span key() {
    return key;
  }

  long timestamp() {
    return timestamp;
  }

  Span subkey() {
    return subkey;
  }
}
