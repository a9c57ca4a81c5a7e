package io.timelog.internal.cache;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Many readers on a cache that is much too small: nobody reads what is not of the part. */
final class CacheRaceTest {
  private static final int PARTS = 40;
  private static final int READS = 30_000;

  /** Two for each reader at a time, which a reader needs who moves on, and a few more. */
  private static final int PARTS_OF_BUDGET = 2 * RacingReaders.COUNT + 4;

  private final RacingReaders readers = new RacingReaders(PARTS, PARTS_OF_BUDGET);

  @Test
  void readers_seeThePartTheyHold_andNoMemoryIsLost() throws Exception {
    readers.requireAllRight(this::read);

    readers.requireNothingLost();
  }

  /** Returns how many parts were not what they should be. */
  private int read(SplittableRandom random) {
    int wrong = 0;
    Hold hold = readers.segment.parts.newHold();
    for (int i = 0; i < READS; i++) {
      // Near one another, so that readers want the same parts at the same time.
      int number = (i / 50 + random.nextInt(6)) % PARTS;
      ByteBuffer part = readers.segment.parts.get(number, hold);
      wrong += NumberedParts.isPart(number, part) ? 0 : 1;
      if (random.nextInt(10) == 0) {
        hold.letGo();
      }
    }
    hold.letGo();
    return wrong;
  }
}
