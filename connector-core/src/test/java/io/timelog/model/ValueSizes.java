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
  },
  /** As many between one power of two and the next as between that and the one after it. */
  OF_EVERY_SIZE {
    @Override
    int next(int max, SplittableRandom random) {
      int magnitude = Integer.SIZE - Integer.numberOfLeadingZeros(max);
      return random.nextInt(1 + Math.min(max, 1 << random.nextInt(magnitude + 1)));
    }
  };

  abstract int next(int max, SplittableRandom random);
}
