package io.timelog.internal.storage;

import java.nio.ByteBuffer;

/** Writes one segment, front to back. Belongs to one thread. Ends with finish or abort. */
public interface SegmentOutput {
  /**
   * Appends all remaining bytes of {@code bytes} and leaves its position at its limit. What one
   * call wrote can be read back without a copy by a read that lies within it.
   *
   * @throws io.timelog.MemoryBudgetExceededException if there is no room; nothing was appended
   */
  void write(ByteBuffer bytes);

  /** The number of bytes written so far. */
  long position();

  /** Seals the segment under its name and opens it. */
  SegmentInput finish();

  /** Drops what was written and frees the name. Does nothing after finish or a first abort. */
  void abort();
}
