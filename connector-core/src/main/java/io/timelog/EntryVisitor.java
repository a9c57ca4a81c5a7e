package io.timelog;

import java.nio.ByteBuffer;

/** Takes the entries of a scan one after the other, where they lie. */
@FunctionalInterface
public interface EntryVisitor {
  /**
   * Takes one entry.
   *
   * @param timestamp the timestamp of the entry
   * @param buffer holds the value, and other things: to be read at absolute places only,
   *     big-endian, read-only, and not to be kept
   * @param offset where the value starts in {@code buffer}
   * @param length of the value in bytes
   */
  void visit(long timestamp, ByteBuffer buffer, int offset, int length);
}
