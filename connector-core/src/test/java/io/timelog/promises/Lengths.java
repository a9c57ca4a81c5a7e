package io.timelog.promises;

import java.util.SplittableRandom;

/** How long the values are that replace one another. */
enum Lengths {
  /** 0 to 32 bytes: an entry may lie in its node, or not. */
  TINY(16) {
    @Override
    int next(int round, SplittableRandom random) {
      return random.nextInt(33);
    }
  },
  /** 1 to 10 kB. */
  KILOBYTES(5_500) {
    @Override
    int next(int round, SplittableRandom random) {
      return random.nextInt(1_000, 10_001);
    }
  },
  /** 30 to 300 kB: more than a shared slab takes. */
  HUNDREDS_OF_KILOBYTES(165_000) {
    @Override
    int next(int round, SplittableRandom random) {
      return random.nextInt(30_000, 300_001);
    }
  },
  /** Each somewhat longer than the one before, from 100 bytes to 8 kB. */
  GROWING(4_000) {
    @Override
    int next(int round, SplittableRandom random) {
      return 100 + Math.min(7_900, 40 * round + random.nextInt(40));
    }
  },
  /** Each somewhat shorter than the one before, from 8 kB to 100 bytes. */
  SHRINKING(4_000) {
    @Override
    int next(int round, SplittableRandom random) {
      return 100 + Math.max(0, 7_900 - 40 * round - random.nextInt(40));
    }
  },
  /** Each one byte longer than the one before. */
  ONE_BYTE_LONGER(2_100) {
    @Override
    int next(int round, SplittableRandom random) {
      return 2_000 + round;
    }
  },
  /** Mostly a few bytes, now and then 20 kB. */
  FEW_LONG(700) {
    @Override
    int next(int round, SplittableRandom random) {
      return random.nextInt(32) == 0 ? random.nextInt(20_000) : random.nextInt(100);
    }
  },
  /** As many of 16 to 32 bytes as of 32 to 64, and so on up to 16 kB. */
  OF_EVERY_SIZE(2_300) {
    @Override
    int next(int round, SplittableRandom random) {
      int magnitude = 1 << random.nextInt(4, 14);
      return magnitude + random.nextInt(magnitude);
    }
  },
  /** Alternately short and long. */
  ALTERNATING(2_550) {
    @Override
    int next(int round, SplittableRandom random) {
      return round % 2 == 0 ? 100 : 5_000;
    }
  };

  private final int mean;

  Lengths(int mean) {
    this.mean = mean;
  }

  /** About the mean of all lengths, in bytes. */
  int mean() {
    return mean;
  }

  /**
   * @param round how often the key had a value before
   */
  abstract int next(int round, SplittableRandom random);
}
