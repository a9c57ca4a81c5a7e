package io.timelog.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.testing.PoisoningSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Many readers have the same parts read ahead of them: nobody reads what is not of the part. */
final class ReadingAheadRaceTest {
  private static final int READERS = 4;
  private static final int PARTS = 400;
  private static final int WALKS = 400;
  private static final int LONGEST_WALK = 60;

  /** A sixteenth of it is eight parts, which is how many are read at once. */
  private static final int PARTS_OF_BUDGET = 16 * 8;

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

    assertThat(segment.takeReads()).contains(1, 2, 4);
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
    for (int walk = 0; walk < WALKS; walk++) {
      Hold hold = segment.parts.newHold();
      int step = random.nextBoolean() ? 1 : -1;
      int horizon = step > 0 ? PARTS - 1 : 0;
      int number = random.nextInt(PARTS);
      for (int i = random.nextInt(LONGEST_WALK); i >= 0; i--) {
        boolean isPart =
            NumberedParts.isPart(number, segment.parts.getOnTheWay(number, horizon, hold));
        wrong += isPart ? 0 : 1;
        if (number == horizon) {
          break;
        }
        number += step;
      }
      hold.letGo();
    }
    return wrong;
  }
}
