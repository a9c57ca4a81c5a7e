package io.timelog.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Many readers have the same parts read ahead of them: nobody reads what is not of the part. */
final class ReadingAheadRaceTest {
  private static final int PARTS = 400;
  private static final int WALKS = 400;
  private static final int LONGEST_WALK = 60;

  /** A sixteenth of it is eight parts, which is how many are read at once. */
  private static final int PARTS_OF_BUDGET = 16 * 8;

  private final RacingReaders readers = new RacingReaders(PARTS, PARTS_OF_BUDGET);

  @Test
  void readers_seeThePartTheyHold_andNoMemoryIsLost() throws Exception {
    readers.requireAllRight(this::read);

    assertThat(readers.segment.takeReads()).contains(1, 2, 4);
    readers.requireNothingLost();
  }

  /** Returns how many parts were not what they should be. */
  private int read(SplittableRandom random) {
    int wrong = 0;
    for (int walk = 0; walk < WALKS; walk++) {
      Hold hold = readers.segment.parts.newHold();
      int step = random.nextBoolean() ? 1 : -1;
      int horizon = step > 0 ? PARTS - 1 : 0;
      int number = random.nextInt(PARTS);
      for (int i = random.nextInt(LONGEST_WALK); i >= 0; i--) {
        boolean isPart =
            NumberedParts.isPart(number, readers.segment.parts.getOnTheWay(number, horizon, hold));
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
