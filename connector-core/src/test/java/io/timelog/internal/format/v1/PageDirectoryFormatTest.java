package io.timelog.internal.format.v1;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.format.GoldenBytes;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

final class PageDirectoryFormatTest {
  private static final String[] PAGES = {
    "v1/page.hex", "v1/page-of-long-key.hex", "v1/page-continuation.hex"
  };

  @Test
  void directory_isWrittenAsReleased() {
    ByteBuffer directory = PageDirectoryFormat.allocate(3);
    long offset = GoldenBytes.read("v1/header.hex").length;
    long firstRow = 0;
    for (int i = 0; i < PAGES.length; i++) {
      ByteBuffer page = GoldenBytes.buffer(PAGES[i]);
      PageFormat.Header header = PageFormat.header(page);
      PageDirectoryFormat.putPage(
          directory, i, offset, firstRow, page.capacity(), PageFormat.checksum(page), header);
      offset += page.capacity();
      firstRow += header.rowCount();
    }
    PageDirectoryFormat.putKeyPages(directory, 0, 0, 0);
    PageDirectoryFormat.putKeyPages(directory, 1, 1, 2);
    PageDirectoryFormat.putKeyPages(directory, 2, 1, 2);

    GoldenBytes.assertGolden("v1/page-directory.hex", directory);
  }

  @Test
  void directory_isReadAsReleased() {
    ByteBuffer golden = GoldenBytes.buffer("v1/page-directory.hex");

    assertThat(PageDirectoryFormat.offset(golden, 2)).isEqualTo(376);
    assertThat(PageDirectoryFormat.firstRow(golden, 2)).isEqualTo(10);
    assertThat(PageDirectoryFormat.minTimestamp(golden, 2)).isEqualTo(37);
    assertThat(PageDirectoryFormat.maxTimestamp(golden, 2)).isEqualTo(41);
    assertThat(PageDirectoryFormat.length(golden, 2)).isEqualTo(144);
    assertThat(PageDirectoryFormat.checksum(golden, 2)).isEqualTo(0x45bdb548);
    assertThat(PageDirectoryFormat.keyCount(golden, 0)).isEqualTo(2);
    assertThat(PageDirectoryFormat.keyFirstPage(golden, 2)).isEqualTo(1);
    assertThat(PageDirectoryFormat.keyLastPage(golden, 1)).isEqualTo(2);
    assertThat(PageDirectoryFormat.firstGroup(golden, 1)).isEqualTo(2);
  }
}
