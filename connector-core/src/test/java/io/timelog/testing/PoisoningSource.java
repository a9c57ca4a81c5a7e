package io.timelog.testing;

import io.timelog.MemorySource;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Direct memory that is full of garbage when it is given out and again when it comes back, so that
 * whoever expects zeros or reads what was freed is found out. Insists that every buffer comes back
 * once and is the one that was given, and counts.
 */
public final class PoisoningSource implements MemorySource {
  private static final byte FRESH = (byte) 0xA5;
  private static final byte FREED = (byte) 0xDB;

  private final Set<ByteBuffer> given = Collections.newSetFromMap(new IdentityHashMap<>());
  private final AtomicLong bytes = new AtomicLong();

  @Override
  public ByteBuffer allocate(int size) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(size);
    fill(buffer, FRESH);
    synchronized (given) {
      given.add(buffer);
    }
    bytes.addAndGet(size);
    return buffer;
  }

  @Override
  public void free(ByteBuffer buffer) {
    boolean ours;
    synchronized (given) {
      ours = given.remove(buffer);
    }
    if (!ours) {
      throw new IllegalStateException("Freed twice, or never given: buffer=" + buffer);
    }
    fill(buffer, FREED);
    bytes.addAndGet(-buffer.capacity());
  }

  /** The bytes that were given and have not come back. */
  public long bytes() {
    return bytes.get();
  }

  private static void fill(ByteBuffer buffer, byte poison) {
    byte[] bytes = new byte[buffer.capacity()];
    Arrays.fill(bytes, poison);
    buffer.duplicate().clear().put(bytes);
  }
}
