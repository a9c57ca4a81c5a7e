package io.timelog.internal.format.v1;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.format.GoldenBytes;
import io.timelog.internal.format.SegmentEnvelope;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

final class HeaderFormatTest {
  private static final HeaderFormat.Header HEADER =
      new HeaderFormat.Header("clicks", 192, 0, 99, 7);

  @Test
  void header_isWrittenAsReleased() {
    GoldenBytes.assertGolden("v1/header.hex", HeaderFormat.encode(HEADER));
  }

  @Test
  void header_isReadAsReleased() {
    ByteBuffer golden = GoldenBytes.buffer("v1/header.hex");

    SegmentEnvelope.checkHeader(golden, HeaderFormat.VERSION, "golden");
    assertThat(HeaderFormat.isConsistent(golden)).isTrue();
    assertThat(HeaderFormat.decode(golden)).isEqualTo(HEADER);
  }

  @Test
  void nameOfATable_mayBeAnyString() {
    for (String name : new String[] {"", "12345678", "na\u00efve \uD83D\uDE00"}) {
      HeaderFormat.Header header =
          new HeaderFormat.Header(name, 65536, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);
      ByteBuffer bytes = HeaderFormat.encode(header);
      assertThat(HeaderFormat.decode(bytes)).isEqualTo(header);
      assertThat(HeaderFormat.isConsistent(bytes)).isTrue();
      assertThat(bytes.limit() % 8).isZero();
    }
  }
}
