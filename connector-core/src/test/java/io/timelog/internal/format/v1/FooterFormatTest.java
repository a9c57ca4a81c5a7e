package io.timelog.internal.format.v1;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.format.GoldenBytes;
import io.timelog.internal.format.SegmentEnvelope;
import io.timelog.internal.format.v1.FooterFormat.Footer;
import io.timelog.internal.format.v1.FooterFormat.Place;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

final class FooterFormatTest {
  private static final Footer FOOTER =
      new Footer(
          984,
          place(0, "v1/header.hex"),
          520,
          552,
          place(552, "v1/key-index-directory.hex"),
          Place.empty(560),
          place(560, "v1/key-groups.hex"),
          place(592, "v1/page-directory.hex"),
          Place.empty(760),
          place(760, "v1/statistics.hex"),
          3,
          3,
          2,
          1,
          1);

  private static final Footer WITH_TIME_INDEX =
      new Footer(
          1048,
          place(0, "v1/header.hex"),
          520,
          552,
          place(584, "v1/key-index-directory.hex"),
          place(592, "v1/time-index-directory.hex"),
          place(624, "v1/key-groups.hex"),
          place(656, "v1/page-directory.hex"),
          Place.empty(824),
          place(824, "v1/statistics.hex"),
          3,
          3,
          2,
          1,
          1);

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

    assertThat(golden.limit()).isEqualTo(FooterFormat.BYTES);
    assertThat(SegmentEnvelope.checkFooter(golden, "golden", 0)).isEqualTo(HeaderFormat.VERSION);
    assertThat(FooterFormat.decode(golden)).isEqualTo(FOOTER);
  }

  @Test
  void indexes_liePackedBetweenPagesAndSections() {
    assertThat(FOOTER.keyIndexLength()).isEqualTo(32);
    assertThat(FOOTER.timeIndexLength()).isZero();
    assertThat(WITH_TIME_INDEX.timeIndexLength()).isEqualTo(32);
  }

  private static Place place(long offset, String file) {
    return Place.of(offset, GoldenBytes.buffer(file));
  }
}
