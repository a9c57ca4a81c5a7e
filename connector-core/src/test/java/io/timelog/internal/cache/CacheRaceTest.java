package io.timelog.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.testing.PoisoningSource;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Many readers on a cache that is much too small: nobody reads what is not of the part. */
final class CacheRaceTest {
  private static final int READERS = 4;
  private static final int PARTS = 40;
  private static final int READS = 30_000;

  /** Two for each reader at a time, which a reader needs who moves on, and a few more. */
  private static final int PARTS_OF_BUDGET = 2 * READERS + 4;

  private final PoisoningSource source = new PoisoningSource();
  private final BufferPool pool =
      new BufferPool((long) PARTS_OF_BUDGET * NumberedParts.PART_BYTES, source);
  private final MemoryAccount memory = new MemoryAccount(pool);
  private final NumberedParts segment = new NumberedParts(memory, PARTS);

  @Test
  void readers_seeThePartTheyHold_andNoMemoryIsLost() throws Exception {
    ExecutorService readers = Executors.newFixedThreadPool(READERS);
    try {
      List<Future<Integer>> wrong = new ArrayList<>();
      for (int reader = 0; reader < READERS; reader++) {
        long seed = reader;
        wrong.add(readers.submit(() -> read(new SplittableRandom(seed))));
      }
      for (Future<Integer> of : wrong) {
        assertThat(of.get()).isZero();
      }
    } finally {
      readers.shutdownNow();
    }

    assertThat(pool.usedBytes()).isLessThanOrEqualTo(pool.limitBytes());
    segment.parts.close();
    assertThat(segment.parts.heldBytes()).isZero();
    assertThat(memory.usedBytes()).isZero();
    assertThat(PageCache.of(memory).bytes()).isZero();
    memory.close();
    assertThat(source.bytes()).isZero();
  }

  /** Returns how many parts were not what they should be. */
  private int read(SplittableRandom random) {
    int wrong = 0;
    Hold hold = segment.parts.newHold();
    for (int i = 0; i < READS; i++) {
      // Near one another, so that readers want the same parts at the same time.
      int number = (i / 50 + random.nextInt(6)) % PARTS;
      ByteBuffer part = segment.parts.get(number, hold);
      wrong += NumberedParts.isPart(number, part) ? 0 : 1;
      if (random.nextInt(10) == 0) {
        hold.letGo();
      }
    }
    hold.letGo();
    return wrong;
  }
}
