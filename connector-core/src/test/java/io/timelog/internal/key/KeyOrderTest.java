package io.timelog.internal.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyOrderTest {
  private static final int BEFORE = 3;

  @ParameterizedTest(name = "{0} bytes")
  @ValueSource(ints = {0, 1, 7, 8, 9, 12, 16, 23, 40})
  void keysAreEqualIfEveryByteIs(int length) {
    byte[] bytes = new byte[length];
    new SplittableRandom(length).nextBytes(bytes);
    ByteBuffer buffer = buffer(bytes);
    Key key = Key.of(bytes.clone(), 0);

    assertThat(KeyOrder.equal(buffer, BEFORE, length, key)).isTrue();
    for (int i = 0; i < length; i++) {
      buffer.put(BEFORE + i, (byte) (bytes[i] ^ 0x80));
      assertThat(KeyOrder.equal(buffer, BEFORE, length, key)).as("byte %s", i).isFalse();
      buffer.put(BEFORE + i, bytes[i]);
    }
  }

  @Test
  void keysOfOtherLengthsAreNotEqual() {
    byte[] bytes = new byte[9];
    Key key = Key.of(bytes, 0);

    assertThat(KeyOrder.equal(buffer(bytes), BEFORE, 8, key)).isFalse();
    assertThat(KeyOrder.equal(buffer(bytes), BEFORE, 10, key)).isFalse();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(ints = {1, 2, 3})
  void keysInBuffers_compareAsUnsignedBytes_andPrefixesAgree(int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 2_000; i++) {
      byte[] left = bytes(random);
      byte[] right = bytes(random);
      int expected = Integer.signum(Arrays.compareUnsigned(left, right));
      ByteBuffer leftBuffer = buffer(left);
      ByteBuffer rightBuffer = buffer(right);

      assertThat(
              Integer.signum(
                  KeyOrder.compare(
                      leftBuffer, BEFORE, left.length, rightBuffer, BEFORE, right.length)))
          .isEqualTo(expected);
      assertThat(
              Integer.signum(
                  KeyOrder.compare(leftBuffer, BEFORE, left.length, right, 0, right.length)))
          .isEqualTo(expected);
      assertThat(
              Long.compareUnsigned(
                  KeyOrder.prefix(leftBuffer, BEFORE, left.length),
                  KeyOrder.prefix(rightBuffer, BEFORE, right.length)))
          .isIn(0, expected);
    }
  }

  /** Few different bytes, so that many keys have a common prefix. */
  private static byte[] bytes(SplittableRandom random) {
    byte[] bytes = new byte[random.nextInt(20)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = random.nextInt(6) == 0 ? (byte) random.nextInt(256) : 0;
    }
    return bytes;
  }

  /** With what is no part of it around it. */
  private static ByteBuffer buffer(byte[] bytes) {
    ByteBuffer buffer =
        ByteBuffer.allocateDirect(BEFORE + bytes.length + 9).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < buffer.capacity(); i++) {
      buffer.put(i, (byte) 0x55);
    }
    return buffer.put(BEFORE, bytes);
  }
}
