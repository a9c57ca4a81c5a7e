package io.timelog.internal.format.v1;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.format.GoldenBytes;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

final class KeyGroupFormatTest {
  @Test
  void table_isWrittenAsReleased() {
    ByteBuffer table = KeyGroupFormat.allocate(2);
    KeyGroupFormat.put(table, 0, 1, 0, 0, 1);
    KeyGroupFormat.put(table, 1, 2, 0, 1, 2);

    GoldenBytes.assertGolden("v1/key-groups.hex", table);
  }

  @Test
  void table_isReadAsReleased() {
    ByteBuffer golden = GoldenBytes.buffer("v1/key-groups.hex");

    assertThat(KeyGroupFormat.group(golden, 1)).isEqualTo(2);
    assertThat(KeyGroupFormat.page(golden, 1)).isZero();
    assertThat(KeyGroupFormat.ordinal(golden, 1)).isEqualTo(1);
    assertThat(KeyGroupFormat.keyCount(golden, 1)).isEqualTo(2);
  }
}
