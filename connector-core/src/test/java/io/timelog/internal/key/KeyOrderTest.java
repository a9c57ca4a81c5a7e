package io.timelog.internal.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
