package io.timelog.internal.segment;

import io.timelog.internal.format.v1.FooterFormat;
import io.timelog.internal.format.v1.FooterFormat.Footer;
import io.timelog.internal.format.v1.FooterFormat.Place;
import io.timelog.internal.format.v1.HeaderFormat;
import io.timelog.internal.format.v1.KeyGroupFormat;
import io.timelog.internal.format.v1.KeyIndexFormat;
import io.timelog.internal.format.v1.PageDirectoryFormat;
import io.timelog.internal.format.v1.PageFormat;
import io.timelog.internal.format.v1.StatisticsFormat;
import io.timelog.internal.format.v1.StatisticsFormat.Statistics;
import io.timelog.internal.format.v1.TimeIndexFormat;
import java.nio.ByteBuffer;

/**
 * Whether the numbers in the sections of a segment fit each other. A checksum only says that bytes
 * are those that were written; these checks say that no reader leaves the segment by believing
 * them.
 */
final class SectionChecks {
  private SectionChecks() {}

  /**
   * Whether the sections follow each other without a gap, each as long as the counts demand, in a
   * segment of {@code length} bytes.
   */
  static boolean footerFits(Footer footer, long length) {
    Place header = footer.header();
    Place index = footer.keyIndex();
    Place groups = footer.keyGroups();
    Place directory = footer.directory();
    Place times = footer.timeIndex();
    Place statistics = footer.statistics();
    long pagesLength = index.offset() - header.end();
    return footer.segmentLength() == length
        && header.offset() == 0
        && header.length() >= HeaderFormat.FIXED_BYTES
        && pagesLength >= 0
        && groups.offset() == index.end()
        && directory.offset() == groups.end()
        && times.offset() == directory.end()
        && times.length() >= 0
        && statistics.offset() == times.end()
        && statistics.length() == StatisticsFormat.BYTES
        && statistics.end() == length - FooterFormat.BYTES
        && footer.pageCount() >= 0
        && footer.pageCount() <= pagesLength / PageFormat.HEADER_BYTES
        && footer.keyCount() >= 0
        && footer.groupCount() >= 0
        && footer.bucketBits() == KeyIndexFormat.bucketBits(footer.keyCount())
        && index.length() == KeyIndexFormat.length(footer.keyCount(), footer.bucketBits())
        && groups.length() == (long) KeyGroupFormat.ENTRY_BYTES * footer.groupCount()
        && directory.length() == PageDirectoryFormat.length(footer.pageCount());
  }

  /**
   * Whether the pages fill the space between header and key index, so that no byte of it goes
   * unchecked, and have as many rows and keys as the segment.
   */
  static boolean directoryFits(Footer footer, ByteBuffer directory, Statistics statistics) {
    int pageCount = footer.pageCount();
    long offset = footer.header().end();
    long row = 0;
    long keyCount = 0;
    int maxKeysOfPage = 1;
    for (int page = 0; page < pageCount; page++) {
      long nextRow =
          page + 1 < pageCount
              ? PageDirectoryFormat.firstRow(directory, page + 1)
              : statistics.rowCount();
      int length = PageDirectoryFormat.length(directory, page);
      int keys = PageDirectoryFormat.keyCount(directory, page);
      int keyFirstPage = PageDirectoryFormat.keyFirstPage(directory, page);
      int keyLastPage = PageDirectoryFormat.keyLastPage(directory, page);
      if (PageDirectoryFormat.offset(directory, page) != offset
          || PageDirectoryFormat.firstRow(directory, page) != row
          || length <= PageFormat.HEADER_BYTES
          || nextRow <= row
          || keys <= 0
          || keyFirstPage < 0
          || keyFirstPage > page
          || keyLastPage < page
          || keyLastPage >= pageCount) {
        return false;
      }
      offset += length;
      row = nextRow;
      keyCount += keyFirstPage == page ? keys : 0;
      maxKeysOfPage = Math.max(maxKeysOfPage, keys);
    }
    return offset == footer.keyIndex().offset()
        && row == statistics.rowCount()
        && keyCount == footer.keyCount()
        && footer.ordinalBits() == KeyIndexFormat.ordinalBits(maxKeysOfPage);
  }

  /**
   * Whether the blocks fill the space between directory and padding. What they hold is checked when
   * it is used; for that the last byte must end a varint, so that no walk over a block leaves the
   * section.
   */
  static boolean timeIndexFits(ByteBuffer index) {
    int length = index.limit();
    if (length == 0) {
      return true;
    }
    int blocks = length < TimeIndexFormat.blocksOffset(1) ? 0 : TimeIndexFormat.blockCount(index);
    if (blocks <= 0
        || TimeIndexFormat.blocksOffset(blocks) > length
        || !isShift(TimeIndexFormat.timeShift(index))
        || index.get(length - 1) < 0) {
      return false;
    }
    long time = 0;
    long end = TimeIndexFormat.blocksOffset(blocks);
    for (int block = 0; block < blocks; block++) {
      if (TimeIndexFormat.firstTime(index, block) < time
          || TimeIndexFormat.end(index, block) <= end
          || !isShift(TimeIndexFormat.slotShift(index, block))) {
        return false;
      }
      time = TimeIndexFormat.firstTime(index, block);
      end = TimeIndexFormat.end(index, block);
    }
    return TimeIndexFormat.length(end) == length;
  }

  private static boolean isShift(int bits) {
    return bits >= 0 && bits < Long.SIZE;
  }
}
