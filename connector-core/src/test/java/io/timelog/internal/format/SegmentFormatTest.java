package io.timelog.internal.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

final class SegmentFormatTest {
  private static final SegmentFormat.Header HEADER =
      new SegmentFormat.Header("clicks", 3, 192, 0, 99, 7);

  @Test
  void header_isWrittenAsReleased() {
    GoldenBytes.assertGolden("v1/header.hex", SegmentFormat.encode(HEADER));
  }

  @Test
  void header_isReadAsReleased() {
    ByteBuffer golden = GoldenBytes.buffer("v1/header.hex");

    assertThat(SegmentFormat.magic(golden)).isEqualTo(SegmentFormat.MAGIC);
    assertThat(SegmentFormat.version(golden)).isEqualTo(SegmentFormat.VERSION);
    assertThat(SegmentFormat.length(golden)).isEqualTo(golden.capacity());
    assertThat(SegmentFormat.decode(golden)).isEqualTo(HEADER);
  }

  @Test
  void nameOfATable_mayBeAnyString() {
    for (String name : new String[] {"", "12345678", "na\u00efve \uD83D\uDE00"}) {
      SegmentFormat.Header header =
          new SegmentFormat.Header(
              name,
              SegmentFormat.NO_FRACTION_DIGITS,
              65536,
              Long.MIN_VALUE,
              Long.MAX_VALUE,
              Long.MAX_VALUE);
      ByteBuffer bytes = SegmentFormat.encode(header);
      assertThat(SegmentFormat.decode(bytes)).isEqualTo(header);
      assertThat(bytes.limit() % 8).isZero();
    }
  }
}
