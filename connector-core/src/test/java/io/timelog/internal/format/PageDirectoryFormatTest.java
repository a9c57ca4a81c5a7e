package io.timelog.internal.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

final class PageDirectoryFormatTest {
  private static final String[] PAGES = {
    "v1/page.hex", "v1/page-of-long-key.hex", "v1/page-continuation.hex"
  };

  @Test
  void directory_isWrittenAsReleased() {
    ByteBuffer directory = PageDirectoryFormat.allocate((int) PageDirectoryFormat.length(3, 2));
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
    PageDirectoryFormat.putFirstKey(directory, 0, 0, 1);
    PageDirectoryFormat.putFirstKey(directory, 1, 1, 1);
    PageDirectoryFormat.putFirstKey(directory, 2, 1, 1);
    directory.put(PageDirectoryFormat.heapOffset(3), new byte[] {'a', 'd'});

    GoldenBytes.assertGolden("v1/page-directory.hex", directory);
  }

  @Test
  void directory_isReadAsReleased() {
    ByteBuffer golden = GoldenBytes.buffer("v1/page-directory.hex");

    assertThat(PageDirectoryFormat.offset(golden, 2)).isEqualTo(392);
    assertThat(PageDirectoryFormat.firstRow(golden, 2)).isEqualTo(10);
    assertThat(PageDirectoryFormat.minTimestamp(golden, 2)).isEqualTo(37);
    assertThat(PageDirectoryFormat.maxTimestamp(golden, 2)).isEqualTo(41);
    assertThat(PageDirectoryFormat.length(golden, 2)).isEqualTo(152);
    assertThat(PageDirectoryFormat.checksum(golden, 2)).isEqualTo(0xfb88b3ce);
    assertThat(PageDirectoryFormat.keyCount(golden, 0)).isEqualTo(2);
    assertThat(PageDirectoryFormat.keyFirstPage(golden, 2)).isEqualTo(1);
    assertThat(PageDirectoryFormat.keyLastPage(golden, 1)).isEqualTo(2);
    assertThat(PageDirectoryFormat.firstGroup(golden, 1)).isEqualTo(2);
    assertThat(PageDirectoryFormat.firstKeyOffset(golden, 1)).isEqualTo(1);
    assertThat(PageDirectoryFormat.firstKeyLength(golden, 1)).isEqualTo(1);
    assertThat(golden.get(PageDirectoryFormat.heapOffset(3) + 1)).isEqualTo((byte) 'd');
  }
}
