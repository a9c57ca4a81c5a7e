package io.timelog.internal.segment;

import io.timelog.internal.format.v1.BlockDirectoryFormat;
import io.timelog.internal.format.v1.FooterFormat;
import io.timelog.internal.format.v1.FooterFormat.Footer;
import io.timelog.internal.format.v1.FooterFormat.Place;
import io.timelog.internal.format.v1.HeaderFormat;
import io.timelog.internal.format.v1.KeyFilterFormat;
import io.timelog.internal.format.v1.KeyGroupFormat;
import io.timelog.internal.format.v1.KeyIndexFormat;
import io.timelog.internal.format.v1.PageDirectoryFormat;
import io.timelog.internal.format.v1.PageFormat;
import io.timelog.internal.format.v1.StatisticsFormat;
import io.timelog.internal.format.v1.StatisticsFormat.Statistics;
import io.timelog.internal.format.v1.TimeIndexFormat;
import java.nio.ByteBuffer;

/**
 * Whether the numbers in the sections and index blocks of a segment fit each other. A checksum only
 * says that bytes are those that were written; these checks say that no reader leaves the segment
 * by believing them.
 */
final class SectionChecks {
  private SectionChecks() {}

  /**
   * Whether pages, indexes and sections follow each other without a gap, each as long as the counts
   * demand, in a segment of {@code length} bytes.
   */
  static boolean footerFits(Footer footer, long length) {
    Place header = footer.header();
    return footer.segmentLength() == length
        && header.offset() == 0
        && header.length() >= HeaderFormat.FIXED_BYTES
        && footer.pageCount() >= 0
        && footer.pageCount() <= (footer.keyIndex() - header.end()) / PageFormat.HEADER_BYTES
        && footer.keyIndex() >= header.end()
        && footer.keyCount() >= 0
        && footer.bucketBits() == KeyIndexFormat.bucketBits(footer.keyCount())
        && footer.keyIndexLength() == KeyIndexFormat.length(footer.keyCount(), footer.bucketBits())
        && footer.timeIndexLength() >= 0
        && footer.timeIndexLength() <= Integer.MAX_VALUE
        && sectionsFit(footer, length - FooterFormat.BYTES);
  }

  private static boolean sectionsFit(Footer footer, long end) {
    Place keyIndex = footer.keyIndexDirectory();
    Place timeIndex = footer.timeIndexDirectory();
    Place groups = footer.keyGroups();
    Place pages = footer.pageDirectory();
    Place filter = footer.keyFilter();
    Place statistics = footer.statistics();
    int keyIndexBlocks = KeyIndexFormat.blockCount(footer.bucketBits());
    return keyIndex.length() == BlockDirectoryFormat.ENTRY_BYTES * keyIndexBlocks
        && timeIndex.offset() == keyIndex.end()
        && timeIndex.length() >= 0
        && groups.offset() == timeIndex.end()
        && footer.groupCount() >= 0
        && groups.length() == (long) KeyGroupFormat.ENTRY_BYTES * footer.groupCount()
        && pages.offset() == groups.end()
        && pages.length() == PageDirectoryFormat.length(footer.pageCount())
        && filter.offset() == pages.end()
        && filter.length() == KeyFilterFormat.length(footer.keyCount())
        && statistics.offset() == filter.end()
        && statistics.length() == StatisticsFormat.BYTES
        && statistics.end() == end;
  }

  /**
   * Whether the pages fill the space between header and key index, so that no byte of it goes
   * unchecked, and have as many rows and keys as the segment.
   */
  static boolean pageDirectoryFits(Footer footer, ByteBuffer directory, Statistics statistics) {
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
    return offset == footer.keyIndex()
        && row == statistics.rowCount()
        && keyCount == footer.keyCount()
        && footer.ordinalBits() == KeyIndexFormat.ordinalBits(maxKeysOfPage);
  }

  /** Whether the blocks of the key index fill its space, each with buckets and whole entries. */
  static boolean keyIndexFits(Footer footer, ByteBuffer directory) {
    int minLength = KeyIndexFormat.entriesOffset(footer.bucketBits());
    return blocksFit(directory, minLength, footer.keyIndexLength());
  }

  /**
   * Whether the buckets of a block of the key index are parts of its entries, one after another,
   * and the entries lead to keys.
   */
  static boolean keyIndexBlockFits(ByteBuffer block, Footer footer, SegmentPages pages) {
    int bucketBits = footer.bucketBits();
    int end = 0;
    for (int bucket = 0; bucket < KeyIndexFormat.bucketsOfBlock(bucketBits); bucket++) {
      if (KeyIndexFormat.bucketEnd(block, bucket) < end) {
        return false;
      }
      end = KeyIndexFormat.bucketEnd(block, bucket);
    }
    int entries = KeyIndexFormat.entryCount(block.limit(), bucketBits);
    int entriesOffset = KeyIndexFormat.entriesOffset(bucketBits);
    for (int entry = 0; entry < entries; entry++) {
      int at = KeyIndexFormat.entry(entriesOffset, entry);
      if (!pages.isKey(KeyIndexFormat.position(block, at), footer.ordinalBits())) {
        return false;
      }
    }
    return end == entries;
  }

  /**
   * Whether the strips of the time index fill its blocks, and these its space, with times that
   * ascend.
   */
  static boolean timeIndexFits(Footer footer, ByteBuffer directory, Statistics statistics) {
    int stripCount = directory.limit() < Long.BYTES ? 0 : TimeIndexFormat.stripCount(directory);
    if (stripCount <= 0 || TimeIndexFormat.directoryLength(stripCount) != directory.limit()) {
      return directory.limit() == 0 && footer.timeIndexLength() == 0;
    }
    ByteBuffer blocks = TimeIndexFormat.blocks(directory);
    long time = 0;
    for (int strip = 0; strip < stripCount; strip++) {
      int end = TimeIndexFormat.stripEnd(directory, stripCount, strip);
      int start = TimeIndexFormat.stripStart(directory, stripCount, strip);
      if (TimeIndexFormat.firstTime(directory, strip) < time
          || end < 0
          || end - start < TimeIndexFormat.MIN_STRIP_BYTES
          || (isLastOfBlock(strip, stripCount)
              && TimeIndexFormat.blockEnd(end)
                  != BlockDirectoryFormat.length(
                      blocks, strip / TimeIndexFormat.STRIPS_OF_BLOCK))) {
        return false;
      }
      time = TimeIndexFormat.firstTime(directory, strip);
    }
    int timeShift =
        TimeIndexFormat.timeShift(
            statistics.maxTimestamp() - statistics.minTimestamp(),
            TimeIndexFormat.positionBits(footer.pageCount(), footer.ordinalBits()));
    return TimeIndexFormat.timeShift(directory) == timeShift
        && blocksFit(blocks, Long.BYTES, footer.timeIndexLength());
  }

  private static boolean isLastOfBlock(int strip, int stripCount) {
    return strip % TimeIndexFormat.STRIPS_OF_BLOCK == TimeIndexFormat.STRIPS_OF_BLOCK - 1
        || strip == stripCount - 1;
  }

  /**
   * Whether the strips of a block begin with a number that may be. Entries are checked when they
   * are used; for that the last byte must end a varint, so that reading one stays in the strip.
   */
  static boolean timeIndexBlockFits(int block, ByteBuffer bytes, ByteBuffer directory) {
    int stripCount = TimeIndexFormat.stripCount(directory);
    int first = block * TimeIndexFormat.STRIPS_OF_BLOCK;
    int end = Math.min(first + TimeIndexFormat.STRIPS_OF_BLOCK, stripCount);
    for (int strip = first; strip < end; strip++) {
      int start = TimeIndexFormat.stripStart(directory, stripCount, strip);
      if (!isShift(TimeIndexFormat.slotShift(bytes, start))
          || bytes.get(TimeIndexFormat.stripEnd(directory, stripCount, strip) - 1) < 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether blocks, none shorter than this and each a multiple of 8, fill a space. */
  private static boolean blocksFit(ByteBuffer directory, int minLength, long length) {
    int start = 0;
    for (int block = 0; block < BlockDirectoryFormat.blockCount(directory); block++) {
      int end = BlockDirectoryFormat.end(directory, block);
      if (end < 0 || end - start < minLength || end % Long.BYTES != 0) {
        return false;
      }
      start = end;
    }
    return start == length;
  }

  private static boolean isShift(int bits) {
    return bits >= 0 && bits < Long.SIZE;
  }
}
