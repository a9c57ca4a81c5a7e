package io.timelog.internal.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class ChecksumTest {
  @Test
  void checksum_isTheOneOfTheStandard() {
    ByteBuffer bytes = ByteBuffer.wrap("-123456789-".getBytes(StandardCharsets.US_ASCII));

    assertThat(Checksum.of(bytes, 1, 9)).isEqualTo(0xe3069283);
  }

  @Test
  void checksum_isTheSameForHeapDirectAndReadOnlyBuffers() {
    ByteBuffer heap = ByteBuffer.allocate(100).putLong(50, 77);
    ByteBuffer direct = ByteBuffer.allocateDirect(100).putLong(50, 77);

    assertThat(Checksum.of(direct, 3, 90)).isEqualTo(Checksum.of(heap, 3, 90));
    assertThat(Checksum.of(heap.asReadOnlyBuffer(), 3, 90)).isEqualTo(Checksum.of(heap, 3, 90));
    assertThat(direct.position()).isZero();
  }
}
