package io.timelog.internal.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.TimelogCorruptionException;
import io.timelog.TimelogException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

final class SegmentEnvelopeTest {
  @Test
  void end_isCheckedAsItWasWritten() {
    ByteBuffer footer = footer(1);

    ByteBuffer end = footer.slice(24, 16).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(SegmentEnvelope.checkEnd(end, 40, "f")).isEqualTo(40);
    assertThat(SegmentEnvelope.checkFooter(footer, "f", 0)).isEqualTo(1);
  }

  @Test
  void everyFlippedBitOfAFooter_isReported() {
    for (int bit = 0; bit < 8 * 40; bit++) {
      ByteBuffer footer = footer(1);
      footer.put(bit / 8, (byte) (footer.get(bit / 8) ^ 1 << bit % 8));
      ByteBuffer end = footer.slice(24, 16).order(ByteOrder.LITTLE_ENDIAN);

      assertThatThrownBy(
              () -> {
                // A shorter footer would be read where it says; its checksum is then another one.
                int length = SegmentEnvelope.checkEnd(end, 40, "f");
                ByteBuffer read = footer.slice(40 - length, length).order(ByteOrder.LITTLE_ENDIAN);
                SegmentEnvelope.checkFooter(read, "f", 40 - length);
              })
          .as("bit %s", bit)
          .isInstanceOf(TimelogCorruptionException.class);
    }
  }

  @Test
  void versionOutsideTheBounds_isTooOldOrTooNew() {
    assertThatCode(() -> SegmentEnvelope.checkVersion(3, 3, 5, "f", 7)).doesNotThrowAnyException();
    assertThatCode(() -> SegmentEnvelope.checkVersion(5, 3, 5, "f", 7)).doesNotThrowAnyException();
    assertThatThrownBy(() -> SegmentEnvelope.checkVersion(2, 3, 5, "f", 7))
        .isExactlyInstanceOf(TimelogException.class)
        .hasMessage(
            "Segment format is too old, read it with an older version of Timelog: formatVersion=2,"
                + " minFormatVersion=3, maxFormatVersion=5, source=f@7");
    assertThatThrownBy(() -> SegmentEnvelope.checkVersion(6, 3, 5, "f", 7))
        .isExactlyInstanceOf(TimelogException.class)
        .hasMessage(
            "Segment format is too new, read it with a newer version of Timelog: formatVersion=6,"
                + " minFormatVersion=3, maxFormatVersion=5, source=f@7");
  }

  @Test
  void headerOfAnotherVersionThanTheFooter_isDamage() {
    ByteBuffer header = ByteBuffer.allocate(48).order(ByteOrder.LITTLE_ENDIAN);
    SegmentEnvelope.putStart(header, 1);

    assertThatCode(() -> SegmentEnvelope.checkHeader(header, 1, "f")).doesNotThrowAnyException();
    assertThatThrownBy(() -> SegmentEnvelope.checkHeader(header, 2, "f"))
        .isInstanceOf(TimelogCorruptionException.class)
        .hasMessage("Segment does not start with the header that its footer describes, source=f@0");
  }

  private static ByteBuffer footer(int version) {
    ByteBuffer footer = ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN).putLong(0, 77);
    SegmentEnvelope.putEnd(footer, version);
    return footer;
  }
}
