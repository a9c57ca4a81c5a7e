package io.timelog.internal.segment;

import io.timelog.TimelogCorruptionException;
import io.timelog.TimelogException;
import io.timelog.internal.format.Checksum;
import io.timelog.internal.format.SegmentEnvelope;
import io.timelog.internal.format.v1.FooterFormat;
import io.timelog.internal.format.v1.FooterFormat.Footer;
import io.timelog.internal.format.v1.FooterFormat.Place;
import io.timelog.internal.format.v1.HeaderFormat;
import io.timelog.internal.format.v1.StatisticsFormat;
import io.timelog.internal.format.v1.StatisticsFormat.Statistics;
import io.timelog.internal.format.v1.TimeIndexFormat;
import io.timelog.internal.storage.SegmentInput;
import java.nio.ByteBuffer;

/**
 * What of a segment is read and checked when it is opened: everything but its pages and the blocks
 * of its indexes. Nothing here is used before its checksum was compared, and no length or count
 * before it was found to fit the segment. So damage can neither be returned as data nor make the
 * reader allocate more than the segment holds.
 */
record SegmentSections(
    HeaderFormat.Header header,
    Footer footer,
    ByteBuffer keyIndexDirectory,
    ByteBuffer timeIndexDirectory,
    ByteBuffer keyGroups,
    ByteBuffer pageDirectory,
    ByteBuffer keyFilter,
    Statistics statistics) {

  /**
   * Reads and checks the sections of a segment.
   *
   * @throws TimelogCorruptionException if anything is not as it was written
   * @throws TimelogException if the segment has a format version that this build does not read
   */
  static SegmentSections read(SegmentInput input) {
    Footer footer = readFooter(input);
    ByteBuffer header = readSection(input, "header", footer.header());
    SegmentEnvelope.checkHeader(header, HeaderFormat.VERSION, input.name());
    check(
        HeaderFormat.isConsistent(header),
        "Name of the table does not fit the header",
        input,
        footer.header());
    SegmentSections sections =
        new SegmentSections(
            HeaderFormat.decode(header),
            footer,
            readSection(input, "key index directory", footer.keyIndexDirectory()),
            readSection(input, "time index directory", footer.timeIndexDirectory()),
            readSection(input, "key groups", footer.keyGroups()),
            readSection(input, "page directory", footer.pageDirectory()),
            readSection(input, "key filter", footer.keyFilter()),
            StatisticsFormat.decode(readSection(input, "statistics", footer.statistics())));
    check(
        SectionChecks.pageDirectoryFits(footer, sections.pageDirectory, sections.statistics),
        "Page directory does not fit its segment",
        input,
        footer.pageDirectory());
    check(
        SectionChecks.keyIndexFits(footer, sections.keyIndexDirectory),
        "Key index directory does not fit its segment",
        input,
        footer.keyIndexDirectory());
    check(
        SectionChecks.timeIndexFits(footer, sections.timeIndexDirectory, sections.statistics),
        "Time index directory does not fit its segment",
        input,
        footer.timeIndexDirectory());
    return sections;
  }

  /** The blocks of the key index, which leads to these pages, in the input of the sections. */
  IndexBlocks keyIndexBlocks(SegmentInput input, SegmentPages pages) {
    return new IndexBlocks(
        input,
        "Key index",
        footer.keyIndex(),
        keyIndexDirectory,
        (block, bytes) -> SectionChecks.keyIndexBlockFits(bytes, footer, pages));
  }

  /** The blocks of the time index in the input of the sections. */
  IndexBlocks timeIndexBlocks(SegmentInput input) {
    return new IndexBlocks(
        input,
        "Time index",
        footer.timeIndex(),
        TimeIndexFormat.blocks(timeIndexDirectory),
        (block, bytes) -> SectionChecks.timeIndexBlockFits(block, bytes, timeIndexDirectory));
  }

  /** Reads and checks the footer alone. */
  static Footer readFooter(SegmentInput input) {
    long length = input.length();
    if (length < FooterFormat.BYTES + HeaderFormat.FIXED_BYTES + StatisticsFormat.BYTES) {
      throw new TimelogCorruptionException(
          "Segment is too short: length=" + length, input.name(), 0);
    }
    ByteBuffer end = input.read(length - SegmentEnvelope.END_BYTES, SegmentEnvelope.END_BYTES);
    int footerLength = SegmentEnvelope.checkEnd(end, length, input.name());
    long start = length - footerLength;
    ByteBuffer bytes = input.read(start, footerLength);
    SegmentEnvelope.checkFooter(bytes, input.name(), start);
    if (footerLength != FooterFormat.BYTES) {
      throw new TimelogCorruptionException(
          "Footer has an unexpected length: length="
              + footerLength
              + ", expected="
              + FooterFormat.BYTES,
          input.name(),
          start);
    }
    Footer footer = FooterFormat.decode(bytes);
    if (!SectionChecks.footerFits(footer, length)) {
      throw new TimelogCorruptionException(
          "Footer does not fit its segment: length=" + length + ", " + footer, input.name(), start);
    }
    return footer;
  }

  /** Reads a section and compares its checksum. */
  static ByteBuffer readSection(SegmentInput input, String name, Place place) {
    ByteBuffer bytes = input.read(place.offset(), place.length());
    int computed = Checksum.of(bytes, 0, place.length());
    if (computed != place.checksum()) {
      throw new TimelogCorruptionException(
          "Segment "
              + name
              + " checksum mismatch: "
              + Checksum.mismatch(place.checksum(), computed),
          input.name(),
          place.offset());
    }
    return bytes;
  }

  private static void check(boolean holds, String problem, SegmentInput input, Place place) {
    if (!holds) {
      throw new TimelogCorruptionException(problem, input.name(), place.offset());
    }
  }
}
