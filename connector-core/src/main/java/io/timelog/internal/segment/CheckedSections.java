package io.timelog.internal.segment;

import io.timelog.TimelogCorruptionException;
import io.timelog.TimelogException;
import io.timelog.internal.format.Checksum;
import io.timelog.internal.format.FooterFormat;
import io.timelog.internal.format.FooterFormat.Footer;
import io.timelog.internal.format.FooterFormat.Place;
import io.timelog.internal.format.KeyGroupFormat;
import io.timelog.internal.format.KeyIndexFormat;
import io.timelog.internal.format.PageDirectoryFormat;
import io.timelog.internal.format.PageFormat;
import io.timelog.internal.format.SegmentFormat;
import io.timelog.internal.format.StatisticsFormat;
import io.timelog.internal.format.StatisticsFormat.Statistics;
import io.timelog.internal.format.TimeIndexFormat;
import io.timelog.internal.storage.SegmentInput;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * The sections of a segment but its pages, read and checked: nothing here is used before its
 * checksum was compared, and no length or count before it was found to fit the file, so damage can
 * neither be returned nor make the reader allocate what is not there.
 */
record CheckedSections(
    SegmentFormat.Header header,
    Footer footer,
    ByteBuffer keyIndex,
    ByteBuffer keyGroups,
    ByteBuffer directory,
    ByteBuffer timeIndex,
    Statistics statistics) {

  /**
   * Reads and checks the sections of a segment.
   *
   * @throws TimelogCorruptionException if anything is not as it was written
   * @throws TimelogException if the segment has a format version that this class does not know
   */
  static CheckedSections read(SegmentInput input) {
    Footer footer = readFooter(input);
    ByteBuffer header = section(input, "header", footer.header());
    ByteBuffer keyIndex = section(input, "key index", footer.keyIndex());
    ByteBuffer keyGroups = section(input, "key groups", footer.keyGroups());
    ByteBuffer directory = section(input, "page directory", footer.directory());
    ByteBuffer timeIndex = section(input, "time index", footer.timeIndex());
    ByteBuffer statistics = section(input, "statistics", footer.statistics());
    check(
        SegmentFormat.magic(header) == SegmentFormat.MAGIC
            && SegmentFormat.version(header) == SegmentFormat.VERSION
            && SegmentFormat.length(header) == footer.header().length(),
        "Segment does not start with the header that its footer tells of",
        input,
        0);
    CheckedSections sections =
        new CheckedSections(
            SegmentFormat.decode(header),
            footer,
            keyIndex,
            keyGroups,
            directory,
            timeIndex,
            StatisticsFormat.decode(statistics));
    sections.checkDirectory(input);
    sections.checkTimeIndex(input);
    return sections;
  }

  /**
   * Reads and checks a page.
   *
   * @throws TimelogCorruptionException if it is not the page that was written
   */
  Page readPage(SegmentInput input, int page) {
    long offset = PageDirectoryFormat.offset(directory, page);
    int length = PageDirectoryFormat.length(directory, page);
    int checksum = PageDirectoryFormat.checksum(directory, page);
    ByteBuffer bytes = input.read(offset, length);
    int stored = PageFormat.checksum(bytes);
    check(
        stored == checksum && PageFormat.magic(bytes) == PageFormat.MAGIC,
        "Page is not the one in the page directory: stored="
            + hex(stored)
            + ", directory="
            + hex(checksum),
        input,
        offset);
    int computed = PageFormat.computeChecksum(bytes, length);
    check(
        computed == checksum,
        "Page checksum mismatch: stored=" + hex(checksum) + ", computed=" + hex(computed),
        input,
        offset);
    check(
        PageFormat.encoding(bytes) == PageFormat.RAW,
        "Page has an unknown encoding: encoding=" + PageFormat.encoding(bytes),
        input,
        offset);
    PageFormat.Header pageHeader = PageFormat.header(bytes);
    check(
        isConsistent(pageHeader, page, length) && PageFormat.length(bytes) == length,
        "Page header and page directory disagree: " + pageHeader,
        input,
        offset);
    return new Page(input, offset, bytes, pageHeader);
  }

  /** Rows in all pages before this one; for the page after the last, all rows. */
  long firstRow(int page) {
    return page == footer.pageCount()
        ? statistics.rowCount()
        : PageDirectoryFormat.firstRow(directory, page);
  }

  private boolean isConsistent(PageFormat.Header pageHeader, int page, int length) {
    boolean continuation = (pageHeader.flags() & PageFormat.CONTINUATION) != 0;
    return pageHeader.keyCount() == PageDirectoryFormat.keyCount(directory, page)
        && pageHeader.rowCount() == firstRow(page + 1) - firstRow(page)
        && pageHeader.minTimestamp() == PageDirectoryFormat.minTimestamp(directory, page)
        && pageHeader.maxTimestamp() == PageDirectoryFormat.maxTimestamp(directory, page)
        && pageHeader.firstGroup() == PageDirectoryFormat.firstGroup(directory, page)
        && continuation == (PageDirectoryFormat.keyFirstPage(directory, page) < page)
        && pageHeader.payloadBytes() >= 0
        && pageHeader.keyBytes() >= 0
        && pageHeader.tombstoneCount() >= 0
        && length
            == PageFormat.length(
                pageHeader.flags(),
                pageHeader.keyCount(),
                pageHeader.rowCount(),
                pageHeader.payloadBytes(),
                pageHeader.keyBytes(),
                pageHeader.tombstoneCount());
  }

  private static Footer readFooter(SegmentInput input) {
    long length = input.length();
    long start = length - FooterFormat.BYTES;
    check(
        start >= SegmentFormat.FIXED_HEADER_BYTES + StatisticsFormat.BYTES,
        "Segment is too short: length=" + length,
        input,
        0);
    ByteBuffer bytes = input.read(start, FooterFormat.BYTES);
    check(
        FooterFormat.magic(bytes) == FooterFormat.MAGIC,
        "Segment does not end with the footer of a segment",
        input,
        start);
    int stored = FooterFormat.checksum(bytes);
    int computed = FooterFormat.computeChecksum(bytes);
    check(
        stored == computed,
        "Footer checksum mismatch: stored=" + hex(stored) + ", computed=" + hex(computed),
        input,
        start);
    if (FooterFormat.version(bytes) != SegmentFormat.VERSION) {
      throw new TimelogException(
          "The segment was written by another version of Timelog: formatVersion="
              + FooterFormat.version(bytes)
              + ", knownFormatVersion="
              + SegmentFormat.VERSION
              + ", source="
              + input.name()
              + ". Read it with that version.");
    }
    Footer footer = FooterFormat.decode(bytes);
    check(
        isConsistent(footer, length, start),
        "Footer does not fit its segment: length=" + length + ", " + footer,
        input,
        start);
    return footer;
  }

  private static boolean isConsistent(Footer footer, long fileLength, long footerStart) {
    Place index = footer.keyIndex();
    Place groups = footer.keyGroups();
    Place directory = footer.directory();
    Place times = footer.timeIndex();
    Place statistics = footer.statistics();
    long pagesLength = index.offset() - footer.header().end();
    return footer.fileLength() == fileLength
        && footer.header().offset() == 0
        && footer.header().length() >= SegmentFormat.FIXED_HEADER_BYTES
        && pagesLength >= 0
        && groups.offset() == index.end()
        && directory.offset() == groups.end()
        && times.length() >= 0
        && statistics.offset() == times.end()
        && statistics.end() == footerStart
        && statistics.length() == StatisticsFormat.BYTES
        && footer.pageCount() >= 0
        && footer.pageCount() <= pagesLength / PageFormat.HEADER_BYTES
        && footer.keyCount() >= 0
        && footer.groupCount() >= 0
        && footer.bucketBits() == KeyIndexFormat.bucketBits(footer.keyCount())
        && index.length() == KeyIndexFormat.length(footer.keyCount(), footer.bucketBits())
        && groups.length() == (long) KeyGroupFormat.ENTRY_BYTES * footer.groupCount()
        && directory.length() >= PageDirectoryFormat.length(footer.pageCount(), 0);
  }

  private static ByteBuffer section(SegmentInput input, String name, Place place) {
    ByteBuffer bytes = input.read(place.offset(), place.length());
    int computed = Checksum.of(bytes, 0, place.length());
    check(
        computed == place.checksum(),
        "Segment "
            + name
            + " checksum mismatch: stored="
            + hex(place.checksum())
            + ", computed="
            + hex(computed),
        input,
        place.offset());
    return bytes;
  }

  /** Pages must fill the space between header and index, so that no byte of it goes unchecked. */
  private void checkDirectory(SegmentInput input) {
    int pageCount = footer.pageCount();
    long offset = footer.header().end();
    int heapLength = footer.directory().length() - PageDirectoryFormat.heapOffset(pageCount);
    long keyCount = 0;
    int maxKeysOfPage = 1;
    boolean consistent = firstRow(0) == 0;
    for (int page = 0; page < pageCount && consistent; page++) {
      int length = PageDirectoryFormat.length(directory, page);
      int keys = PageDirectoryFormat.keyCount(directory, page);
      int firstKey = PageDirectoryFormat.firstKeyOffset(directory, page);
      int firstKeyLength = PageDirectoryFormat.firstKeyLength(directory, page);
      int keyFirstPage = PageDirectoryFormat.keyFirstPage(directory, page);
      int keyLastPage = PageDirectoryFormat.keyLastPage(directory, page);
      consistent =
          PageDirectoryFormat.offset(directory, page) == offset
              && length > PageFormat.HEADER_BYTES
              && firstRow(page + 1) > firstRow(page)
              && keys > 0
              && keyFirstPage >= 0
              && keyFirstPage <= page
              && keyLastPage >= page
              && keyLastPage < pageCount
              && firstKey >= 0
              && firstKeyLength >= 0
              && firstKeyLength <= heapLength - firstKey;
      offset += length;
      keyCount += keyFirstPage == page ? keys : 0;
      maxKeysOfPage = Math.max(maxKeysOfPage, keys);
    }
    consistent &=
        keyCount == footer.keyCount() && footer.runBits() == KeyIndexFormat.runBits(maxKeysOfPage);
    check(
        consistent && offset == footer.keyIndex().offset(),
        "Page directory does not fit its segment",
        input,
        footer.directory().offset());
  }

  /**
   * Blocks must fill the space between directory and padding. What they hold is checked when it is
   * used, for which the last byte must end a varint: then no walk over a block leaves the section.
   */
  private void checkTimeIndex(SegmentInput input) {
    int length = timeIndex.limit();
    if (length == 0) {
      return;
    }
    int blocks =
        length < TimeIndexFormat.blocksOffset(1) ? 0 : TimeIndexFormat.blockCount(timeIndex);
    boolean consistent =
        blocks > 0
            && TimeIndexFormat.blocksOffset(blocks) <= length
            && TimeIndexFormat.timeShift(timeIndex) >= 0
            && TimeIndexFormat.timeShift(timeIndex) < Long.SIZE
            && timeIndex.get(length - 1) >= 0;
    long time = 0;
    long end = TimeIndexFormat.blocksOffset(blocks);
    for (int block = 0; block < blocks && consistent; block++) {
      consistent =
          TimeIndexFormat.firstTime(timeIndex, block) >= time
              && TimeIndexFormat.end(timeIndex, block) > end
              && TimeIndexFormat.slotShift(timeIndex, block) >= 0
              && TimeIndexFormat.slotShift(timeIndex, block) < Long.SIZE;
      time = TimeIndexFormat.firstTime(timeIndex, block);
      end = TimeIndexFormat.end(timeIndex, block);
    }
    check(
        consistent && TimeIndexFormat.length(end) == length,
        "Time index does not fit its segment",
        input,
        footer.timeIndex().offset());
  }

  private static void check(boolean holds, String problem, SegmentInput input, long offset) {
    if (!holds) {
      throw new TimelogCorruptionException(problem, input.name(), offset);
    }
  }

  private static String hex(int checksum) {
    return "0x" + HexFormat.of().toHexDigits(checksum);
  }
}
