package io.timelog.internal.journal;

import io.timelog.Span;

/** A row as the log has it. Reused for each row; its spans point into the batch. */
public final class LogFrame {
  private FrameKind kind = FrameKind.APPEND;
  private long timestamp;
  private long last;
  private final Span key = new Span();
  private final Span subkey = new Span();
  private final Span value = new Span();

  LogFrame() {}

  /** What was done. */
  public FrameKind kind() {
    return kind;
  }

  /** The key. */
  public Span key() {
    return key;
  }

  /** The timestamp of the entry; of a range, the first one. */
  public long timestamp() {
    return timestamp;
  }

  /** The last timestamp of a range, included; of anything else, its timestamp. */
  public long last() {
    return last;
  }

  /** The subkey of an entry of a map; else empty. */
  public Span subkey() {
    return subkey;
  }

  /** The value of an entry that was written; else empty. */
  public Span value() {
    return value;
  }

  void set(FrameKind newKind, long newTimestamp) {
    kind = newKind;
    timestamp = newTimestamp;
    last = newTimestamp;
    subkey.clear();
    value.clear();
  }

  void setLast(long newLast) {
    last = newLast;
  }
}
