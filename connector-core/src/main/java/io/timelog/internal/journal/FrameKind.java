package io.timelog.internal.journal;

/** What was done to one key. */
public enum FrameKind {
  /** An entry was added to a multimap; the payload is its value. */
  APPEND(1),
  /** An entry was written to a map; the payload is its subkey and value. */
  PUT(2),
  /** An entry of a map was removed; the payload is the tombstone of it. */
  REMOVE(3),
  /** All entries of the key in a range were removed; the payload is the tombstone of the range. */
  REMOVE_RANGE(4);

  private static final FrameKind[] KINDS = values();

  private final byte code;

  FrameKind(int code) {
    this.code = (byte) code;
  }

  byte code() {
    return code;
  }

  static boolean isKnown(int code) {
    return code >= 1 && code <= KINDS.length;
  }

  static FrameKind of(int code) {
    return KINDS[code - 1];
  }
}
