package io.timelog.internal.format.v1;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.format.GoldenBytes;
import io.timelog.internal.format.v1.PageFormat.Columns;
import io.timelog.internal.format.v1.PageFormat.Header;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PageFormatTest {
  private static final Header FULL =
      new Header(
          PageFormat.PAYLOAD_ENDS | PageFormat.KEY_ENDS | PageFormat.GROUPS,
          2,
          3,
          10,
          20,
          3,
          3,
          1,
          1);
  private static final Header LONG_KEY = new Header(0, 1, 7, 30, 36, 56, 1, 2, 0);
  private static final Header CONTINUATION =
      new Header(PageFormat.CONTINUATION, 1, 5, 37, 41, 40, 0, 2, 0);

  @Test
  void header_isReadAndWrittenAsReleased() {
    assertHeader("v1/page.hex", FULL);
    assertHeader("v1/page-of-long-key.hex", LONG_KEY);
    assertHeader("v1/page-continuation.hex", CONTINUATION);
  }

  @Test
  void columns_areWhereTheyWereWritten() {
    ByteBuffer page = GoldenBytes.buffer("v1/page.hex");
    Columns columns = FULL.columns();

    assertThat(page.getLong(PageFormat.timestampOffset(1))).isEqualTo(20);
    assertThat(page.getInt(columns.payloadEnds + 4)).isEqualTo(3);
    assertThat(page.getInt(columns.hashes)).isEqualTo(0x1ab7d1d0);
    assertThat(page.getInt(columns.firstRows + 4)).isEqualTo(2);
    assertThat(page.getInt(columns.keyEnds)).isEqualTo(1);
    assertThat(page.getInt(columns.groups + 4)).isEqualTo(2);
    assertThat(page.get(columns.payloads)).isEqualTo((byte) 'x');
    assertThat(page.get(columns.keys)).isEqualTo((byte) 'a');
    assertThat(page.get(columns.tombstones)).isEqualTo((byte) 0b10);
    assertThat(columns.length).isEqualTo(page.capacity());
  }

  @Test
  void columnsThatSayNothing_areLeftOut() {
    ByteBuffer page = GoldenBytes.buffer("v1/page-of-long-key.hex");
    Columns columns = LONG_KEY.columns();

    assertThat(columns.payloadEnds).isEqualTo(Columns.ABSENT);
    assertThat(columns.firstRows).isEqualTo(Columns.ABSENT);
    assertThat(columns.keyEnds).isEqualTo(Columns.ABSENT);
    assertThat(columns.groups).isEqualTo(Columns.ABSENT);
    assertThat(columns.tombstones).isEqualTo(Columns.ABSENT);
    assertThat(page.getInt(columns.hashes)).isEqualTo(0xc655ad1f);
    assertThat(page.get(columns.payloads)).isEqualTo((byte) 'p');
    assertThat(page.get(columns.keys)).isEqualTo((byte) 'd');
    assertThat(columns.length).isEqualTo(page.capacity());
  }

  @Test
  void firstRows_areOnlyWrittenBetweenTheTwoTrivialCases() {
    assertThat(header(1, 5).columns().firstRows).isEqualTo(Columns.ABSENT);
    assertThat(header(5, 5).columns().firstRows).isEqualTo(Columns.ABSENT);
    assertThat(header(4, 5).columns().firstRows).isNotEqualTo(Columns.ABSENT);
  }

  @Test
  void length_isTheOneOfTheColumnsAndAMultipleOfEight() {
    Random random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      int keys = 1 + random.nextInt(20);
      Header header =
          new Header(
              random.nextInt(16),
              keys,
              keys + random.nextInt(3),
              0,
              0,
              random.nextInt(50),
              random.nextInt(50),
              0,
              random.nextInt(2));
      long length =
          PageFormat.length(
              header.flags(),
              header.keyCount(),
              header.rowCount(),
              header.payloadBytes(),
              header.keyBytes(),
              header.tombstoneCount());
      assertThat(length).as(header.toString()).isEqualTo(header.columns().length);
      assertThat(length % 8).isZero();
    }
  }

  @Test
  void length_doesNotOverflow() {
    assertThat(
            PageFormat.length(
                PageFormat.PAYLOAD_ENDS, 1, Integer.MAX_VALUE, Integer.MAX_VALUE, 0, 1))
        .isGreaterThan(13L * Integer.MAX_VALUE);
  }

  private static Header header(int keys, int rows) {
    return new Header(0, keys, rows, 0, 0, 0, 0, 0, 0);
  }

  private static void assertHeader(String file, Header header) {
    ByteBuffer golden = GoldenBytes.buffer(file);
    int length = golden.capacity();
    assertThat(PageFormat.header(golden)).as(file).isEqualTo(header);
    assertThat(PageFormat.magic(golden)).isEqualTo(PageFormat.MAGIC);
    assertThat(PageFormat.encoding(golden)).isEqualTo(PageFormat.RAW);
    assertThat(PageFormat.length(golden)).isEqualTo(length);
    assertThat(PageFormat.checksum(golden)).isEqualTo(PageFormat.computeChecksum(golden, length));

    ByteBuffer page = GoldenBytes.buffer(file);
    page.put(0, new byte[PageFormat.HEADER_BYTES]);
    PageFormat.putHeader(page, header, length);
    PageFormat.putChecksum(page, length);
    GoldenBytes.assertGolden(file, page);
  }
}
