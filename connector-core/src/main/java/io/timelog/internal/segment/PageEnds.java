package io.timelog.internal.segment;

import io.timelog.internal.format.v1.FooterFormat.Footer;
import io.timelog.internal.format.v1.PageDirectoryFormat;
import io.timelog.internal.storage.SegmentInput;
import java.nio.ByteBuffer;

/**
 * Where the pages of a segment end, for who stores its bytes page by page and need not know what
 * they mean.
 */
public final class PageEnds {
  private PageEnds() {}

  /**
   * Where the first page of a segment begins, and where each of its pages ends. Reads its footer
   * and page directory, and compares their checksums.
   *
   * @throws io.timelog.TimelogCorruptionException if they are not as they were written
   */
  public static long[] of(SegmentInput input) {
    Footer footer = SegmentSections.readFooter(input);
    ByteBuffer directory =
        SegmentSections.readSection(input, "page directory", footer.pageDirectory());
    return of(directory, footer.pageCount(), footer.header().end());
  }

  /** As a page directory says; the first page begins at {@code first}. */
  static long[] of(ByteBuffer directory, int pageCount, long first) {
    long[] ends = new long[pageCount + 1];
    ends[0] = first;
    for (int page = 0; page < pageCount; page++) {
      ends[page + 1] = ends[page] + PageDirectoryFormat.length(directory, page);
    }
    return ends;
  }
}
