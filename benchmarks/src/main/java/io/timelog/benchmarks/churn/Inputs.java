package io.timelog.benchmarks.churn;

import io.timelog.benchmarks.engine.Bytes;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Keys and random values, from a seed. Every call makes a new array. */
final class Inputs {
  private static final int KEY_GROUPS = 128;
  private static final int POOL_BYTES = 1 << 16;
  private static final long SEED = 42;
  private static final byte[] POOL = new byte[POOL_BYTES];

  static {
    new SplittableRandom(SEED).nextBytes(POOL);
  }

  private final SplittableRandom random = new SplittableRandom(SEED);

  /** The key of that number: a key group, and the number. */
  static byte[] key(int number) {
    byte[] key = subkey(number);
    key[0] = (byte) Math.floorMod(number * 0x9E3779B9, KEY_GROUPS);
    return key;
  }

  /** The subkey of that number. */
  static byte[] subkey(int number) {
    byte[] subkey = new byte[Long.BYTES];
    Bytes.putLong(subkey, 0, number);
    return subkey;
  }

  /** A number from 0 to {@code bound}, exclusive. */
  int below(int bound) {
    return random.nextInt(bound);
  }

  /** A value of a random length, both ends included. */
  byte[] value(int minBytes, int maxBytes) {
    int length = minBytes + random.nextInt(maxBytes - minBytes + 1);
    int offset = random.nextInt(POOL_BYTES - length);
    return Arrays.copyOfRange(POOL, offset, offset + length);
  }

  /** The numbers from 0 to {@code count}, exclusive, in random order. */
  int[] shuffled(int count) {
    int[] numbers = new int[count];
    Arrays.setAll(numbers, i -> i);
    for (int i = count - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int number = numbers[i];
      numbers[i] = numbers[other];
      numbers[other] = number;
    }
    return numbers;
  }
}
