package io.timelog.benchmarks.flink.checkpoint;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/** Values that nothing can compress. */
final class Payload {
  private Payload() {}

  /** The value of a number. */
  static byte[] of(long number, int bytes) {
    byte[] value = new byte[bytes];
    ByteBuffer words = ByteBuffer.wrap(value);
    SplittableRandom random = new SplittableRandom(number);
    while (words.remaining() >= Long.BYTES) {
      words.putLong(random.nextLong());
    }
    return value;
  }

  /** Something that all words of a value are in. */
  static long checksum(byte[] value) {
    ByteBuffer words = ByteBuffer.wrap(value);
    long sum = value.length;
    while (words.remaining() >= Long.BYTES) {
      sum = 31 * sum + words.getLong();
    }
    return sum;
  }
}
