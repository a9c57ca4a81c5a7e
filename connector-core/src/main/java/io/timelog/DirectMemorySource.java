package io.timelog;

import java.nio.ByteBuffer;

/** The default {@link MemorySource}. */
final class DirectMemorySource implements MemorySource {
  static final DirectMemorySource INSTANCE = new DirectMemorySource();

  private DirectMemorySource() {}

  @Override
  public ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocateDirect(bytes);
  }

  /** Nothing to do: there is no way to free a direct buffer but to forget it. */
  @Override
  public void free(ByteBuffer buffer) {}

  @Override
  public String toString() {
    return "direct memory";
  }
}
