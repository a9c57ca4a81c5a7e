package io.timelog.internal.storage;

import java.nio.ByteBuffer;

/** Writes one segment of a {@link MemoryStorage}. */
final class MemoryOutput implements SegmentOutput {
  private final MemoryStorage storage;
  private final MemorySegment segment;
  private boolean ended;

  MemoryOutput(MemoryStorage storage, MemorySegment segment) {
    this.storage = storage;
    this.segment = segment;
  }

  @Override
  public void write(ByteBuffer bytes) {
    requireUnfinished();
    segment.append(bytes);
  }

  @Override
  public long position() {
    return segment.length();
  }

  @Override
  public SegmentInput finish() {
    requireUnfinished();
    storage.requireOpen();
    ended = true;
    segment.seal();
    storage.sealed(segment);
    return new MemoryInput(storage, segment);
  }

  @Override
  public void abort() {
    if (!ended) {
      ended = true;
      storage.remove(segment);
      segment.discard();
    }
  }

  private void requireUnfinished() {
    if (ended) {
      throw new IllegalStateException(
          "The segment output is finished or aborted: name=" + segment.name());
    }
  }
}
