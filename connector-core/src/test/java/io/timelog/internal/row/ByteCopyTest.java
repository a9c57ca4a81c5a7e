package io.timelog.internal.row;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ByteCopyTest {
  @ParameterizedTest(name = "{0} bytes")
  @ValueSource(ints = {0, 1, 7, 8, 9, 15, 16, 17, 95, 96, 97, 1_000})
  void bytesArriveWhereTheyShould_andNoOthersChange(int length) {
    byte[] bytes = new byte[length + 6];
    new SplittableRandom(length).nextBytes(bytes);
    ByteBuffer buffer = ByteBuffer.allocateDirect(length + 10).order(ByteOrder.LITTLE_ENDIAN);

    ByteCopy.write(bytes, 3, length, buffer, 5);

    byte[] expected = new byte[length + 10];
    System.arraycopy(bytes, 3, expected, 5, length);
    byte[] held = new byte[length + 10];
    buffer.get(0, held);
    assertThat(held).isEqualTo(expected);
    assertThat(ByteCopy.read(buffer, 5, length))
        .isEqualTo(Arrays.copyOfRange(bytes, 3, 3 + length));
    byte[] target = new byte[length + 10];
    ByteCopy.read(buffer.order(ByteOrder.BIG_ENDIAN), 5, length, target, 5);
    assertThat(target).isEqualTo(expected);
  }
}
