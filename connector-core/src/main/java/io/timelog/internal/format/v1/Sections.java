package io.timelog.internal.format.v1;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** What the sections of a segment have in common: little-endian, lengths a multiple of 8. */
final class Sections {
  private Sections() {}

  /** A zeroed heap buffer for a section under construction. */
  static ByteBuffer allocate(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** {@code length} rounded up to a multiple of 8. */
  static long align(long length) {
    return (length + Long.BYTES - 1) & -Long.BYTES;
  }
}
