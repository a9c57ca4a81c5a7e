package io.timelog.internal.storage;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;

/** Reads one segment of a {@link MemoryStorage}. */
final class MemoryInput implements SegmentInput {
  private final MemoryStorage storage;
  private final MemorySegment segment;
  private final long length;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** An input of a segment that was opened for it. */
  MemoryInput(MemoryStorage storage, MemorySegment segment) {
    this.storage = storage;
    this.segment = segment;
    this.length = segment.length();
  }

  @Override
  public String name() {
    return segment.name();
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public ByteBuffer read(long offset, int size) {
    requireOpen();
    return segment.read(offset, size);
  }

  @Override
  public ByteBuffer readToKeep(long offset, int size) {
    requireOpen();
    return segment.readToKeep(offset, size);
  }

  @Override
  public void copyTo(long offset, ByteBuffer target) {
    requireOpen();
    segment.copyTo(offset, target);
  }

  @Override
  public void delete() {
    storage.delete(segment);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      segment.closeInput();
    }
  }

  private void requireOpen() {
    if (closed.get()) {
      throw new IllegalStateException("The segment input is closed: name=" + segment.name());
    }
  }
}
