package io.timelog.flink.internal.memory;

import io.timelog.MemorySource;
import java.nio.ByteBuffer;
import java.util.IdentityHashMap;
import org.apache.flink.core.memory.MemorySegment;
import org.apache.flink.core.memory.MemorySegmentFactory;

/**
 * Memory of Flink's segments: outside the heap and outside the JVM's bound on direct memory, and
 * back with the system as soon as it is freed.
 */
final class SegmentSource implements MemorySource {
  private static final byte POISON = (byte) 0xDB;

  /** By the very buffer that was handed out, which is all that comes back. */
  private final IdentityHashMap<ByteBuffer, MemorySegment> segments = new IdentityHashMap<>();

  @Override
  public ByteBuffer allocate(int bytes) {
    MemorySegment segment = MemorySegmentFactory.allocateOffHeapUnsafeMemory(bytes);
    ByteBuffer buffer = segment.processAsByteBuffer(view -> view);
    synchronized (segments) {
      segments.put(buffer, segment);
    }
    return buffer;
  }

  /** How many buffers were handed out and did not come back. */
  int buffersOut() {
    synchronized (segments) {
      return segments.size();
    }
  }

  @Override
  public void free(ByteBuffer buffer) {
    MemorySegment segment;
    synchronized (segments) {
      segment = segments.remove(buffer);
    }
    if (segment == null) {
      throw new IllegalArgumentException("The buffer is not one of this source: " + buffer);
    }
    assert poison(segment);
    segment.free();
  }

  /** Makes a read of freed memory show in tests, where the memory may be there for a while yet. */
  private static boolean poison(MemorySegment segment) {
    for (int i = 0; i < segment.size(); i++) {
      segment.put(i, POISON);
    }
    return true;
  }
}
