package io.timelog.model;

import java.util.SplittableRandom;

/** How long the values of a table are. */
enum ValueSizes {
  /** Of any length, most of them much shorter than the longest. */
  VARIED {
    @Override
    int next(int max, SplittableRandom random) {
      return random.nextInt(1 + (random.nextInt(16) == 0 ? max : Math.min(max, 24)));
    }
  },
  /** As long as the longest but for one in a thousand. */
  ALIKE {
    @Override
    int next(int max, SplittableRandom random) {
      return random.nextInt(1_000) == 0 ? random.nextInt(1 + max) : max;
    }
  };

  abstract int next(int max, SplittableRandom random);
}
