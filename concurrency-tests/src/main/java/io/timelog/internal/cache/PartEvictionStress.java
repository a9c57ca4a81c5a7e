package io.timelog.internal.cache;

import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import java.nio.ByteBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Readers have the part that they asked for while they hold it, although another thread evicts it
 * and writes into memory that was freed; and all memory comes back in the end.
 */
@JCStressTest
@Outcome(id = "1, 1, 0", expect = Expect.ACCEPTABLE, desc = "Both readers had the part.")
@State
public class PartEvictionStress {
  private static final int BYTES = 64;
  private static final byte PART = 7;

  private final MemoryAccount memory = new MemoryAccount(new BufferPool(1 << 16));
  private final CachedParts<ByteBuffer> parts =
      new CachedParts<>(
          PageCache.of(memory),
          memory,
          (offset, target) -> {
            while (target.hasRemaining()) {
              target.put(PART);
            }
          },
          1,
          new OnePart());

  public PartEvictionStress() {
    Hold hold = parts.newHold();
    parts.get(0, hold);
    hold.letGo();
  }

  private static final class OnePart implements PartReader<ByteBuffer> {
    @Override
    public long offset(int number) {
      return 0;
    }

    @Override
    public int length(int number) {
      return BYTES;
    }

    @Override
    public ByteBuffer open(int number, ByteBuffer bytes) {
      return bytes;
    }
  }

  @Actor
  public void reader(III_Result result) {
    result.r1 = read();
  }

  @Actor
  public void otherReader(III_Result result) {
    result.r2 = read();
  }

  @Actor
  public void writer() {
    PageCache.of(memory).reclaim(BYTES);
    ByteBuffer reused = memory.take(BYTES);
    for (int i = 0; i < BYTES; i++) {
      reused.put(i, (byte) -1);
    }
    memory.give(reused);
  }

  @Arbiter
  public void end(III_Result result) {
    parts.close();
    result.r3 = (int) memory.usedBytes();
  }

  /** 1 for the part, 0 for anything else. */
  private int read() {
    Hold hold = parts.newHold();
    try {
      ByteBuffer part = parts.get(0, hold);
      for (int i = 0; i < BYTES; i++) {
        if (part.get(i) != PART) {
          return 0;
        }
      }
      return 1;
    } finally {
      hold.letGo();
    }
  }
}
