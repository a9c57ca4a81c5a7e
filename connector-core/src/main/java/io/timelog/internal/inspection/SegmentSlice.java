package io.timelog.internal.inspection;

import io.timelog.internal.compression.StoredSegment;
import io.timelog.internal.storage.SegmentInput;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * A segment where it lies in a file, which the caller closes. What is read is copied to the heap,
 * for who reads each part once: no budget pays for it, and nobody has to give it back.
 */
final class SegmentSlice implements SegmentInput {
  private final String name;
  private final StoredSegment stored;
  private final long length;

  /**
   * A segment of so many bytes.
   *
   * @param name what messages call it
   */
  SegmentSlice(String name, StoredSegment stored, long length) {
    this.name = name;
    this.stored = stored;
    this.length = length;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long length() {
    return length;
  }

  /** {@inheritDoc} A copy on the heap, though. */
  @Override
  public ByteBuffer read(long offset, int size) {
    Objects.checkFromIndexSize(offset, size, length);
    ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    copyTo(offset, bytes);
    return bytes.flip();
  }

  @Override
  public ByteBuffer readToKeep(long offset, int size) {
    return read(offset, size);
  }

  @Override
  public void copyTo(long offset, ByteBuffer target) {
    stored.read(offset, target);
  }

  /** Does nothing: it is not for readers to delete. */
  @Override
  public void delete() {}

  /** Does nothing: the file is the caller's. */
  @Override
  public void close() {}
}
