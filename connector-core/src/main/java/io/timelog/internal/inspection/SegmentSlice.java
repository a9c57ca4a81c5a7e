package io.timelog.internal.inspection;

import io.timelog.internal.storage.SegmentInput;
import io.timelog.internal.storage.disk.PositionedFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * A segment where it lies in a file, which the caller closes. What is read is copied to the heap,
 * for who reads each part once: no budget pays for it, and nobody has to give it back.
 *
 * <p>Failures of the disk are {@link UncheckedIOException}s.
 */
final class SegmentSlice implements SegmentInput {
  private final PositionedFile file;
  private final long start;
  private final long length;

  /** The segment of so many bytes at a place in a file, which is not shorter. */
  SegmentSlice(PositionedFile file, long start, long length) {
    this.file = file;
    this.start = start;
    this.length = length;
  }

  @Override
  public String name() {
    return file.name();
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
    try {
      file.read(start + offset, target);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Does nothing: it is not for readers to delete. */
  @Override
  public void delete() {}

  /** Does nothing: the file is the caller's. */
  @Override
  public void close() {}
}
