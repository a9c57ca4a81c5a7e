package io.timelog.internal.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.format.FooterFormat.Footer;
import io.timelog.internal.format.FooterFormat.Place;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

final class FooterFormatTest {
  private static final Footer FOOTER =
      new Footer(
          1000,
          place(0, "v1/header.hex"),
          place(544, "v1/key-index.hex"),
          place(576, "v1/key-groups.hex"),
          place(608, "v1/page-directory.hex"),
          new Place(808, 0, 0),
          place(808, "v1/statistics.hex"),
          3,
          3,
          2,
          1,
          0);

  private static final Footer WITH_TIME_INDEX =
      new Footer(
          1056,
          place(0, "v1/header.hex"),
          place(544, "v1/key-index.hex"),
          place(576, "v1/key-groups.hex"),
          place(608, "v1/page-directory.hex"),
          place(808, "v1/time-index.hex"),
          place(864, "v1/statistics.hex"),
          3,
          3,
          2,
          1,
          0);

  @Test
  void footerOfATimeIndex_isWrittenAndReadAsReleased() {
    String file = "v1/footer-with-time-index.hex";
    GoldenBytes.assertGolden(file, FooterFormat.encode(WITH_TIME_INDEX));
    assertThat(FooterFormat.decode(GoldenBytes.buffer(file))).isEqualTo(WITH_TIME_INDEX);
  }

  @Test
  void footer_isWrittenAsReleased() {
    GoldenBytes.assertGolden("v1/footer.hex", FooterFormat.encode(FOOTER));
  }

  @Test
  void footer_isReadAsReleased() {
    ByteBuffer golden = GoldenBytes.buffer("v1/footer.hex");

    assertThat(FooterFormat.magic(golden)).isEqualTo(FooterFormat.MAGIC);
    assertThat(FooterFormat.version(golden)).isEqualTo(SegmentFormat.VERSION);
    assertThat(FooterFormat.checksum(golden)).isEqualTo(FooterFormat.computeChecksum(golden));
    assertThat(FooterFormat.decode(golden)).isEqualTo(FOOTER);
  }

  private static Place place(long offset, String file) {
    return Place.of(offset, GoldenBytes.buffer(file));
  }
}
