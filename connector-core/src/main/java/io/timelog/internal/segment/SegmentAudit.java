package io.timelog.internal.segment;

import io.timelog.KeyGroups;
import io.timelog.TimelogCorruptionException;
import io.timelog.internal.cache.Hold;
import io.timelog.internal.format.SegmentEnvelope;
import io.timelog.internal.format.v1.FooterFormat.Footer;
import io.timelog.internal.format.v1.FooterFormat.Place;
import io.timelog.internal.format.v1.PageDirectoryFormat;
import io.timelog.internal.format.v1.PageFormat;
import io.timelog.internal.format.v1.StatisticsFormat;
import io.timelog.internal.key.KeyOrder;
import io.timelog.internal.row.Rule;
import io.timelog.internal.storage.SegmentInput;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads every byte of a segment, and says all that is wrong with it. Used once, by one thread.
 *
 * <p>What a checksum cannot tell is looked at, too: whether rows, keys and pages are such as are
 * written, and whether indexes, key groups, filter and statistics say what the rows say. For these
 * it makes them anew: equal rows give equal bytes.
 *
 * <p>Memory is held for the sections, one page and the indexes, which are made a second time.
 */
public final class SegmentAudit {
  private final SegmentInput input;
  private final PageAudit pageAudit;
  private final SegmentFindings findings;

  private final KeyIndexBuilder index = new KeyIndexBuilder();
  private final KeyGroupsBuilder groups = new KeyGroupsBuilder();
  private final StatisticsBuilder statistics = new StatisticsBuilder();

  /** Null if the segment has no time index. */
  private @Nullable TimeIndexBuilder times;

  private @Nullable SegmentSections sections;

  private byte @Nullable [] firstKey;

  /** The key before, its key group, the page in which it starts, and the time of its last row. */
  private byte @Nullable [] lastKey;

  private int lastGroup;
  private int lastKeyPage = -1;
  private long lastTimestamp;

  /**
   * An audit of a segment.
   *
   * @param rule that of its table
   * @param keyGroups those of its table
   * @param findings is told what is wrong
   */
  public SegmentAudit(
      SegmentInput input, Rule rule, KeyGroups keyGroups, SegmentFindings findings) {
    this.input = input;
    this.pageAudit = new PageAudit(rule, keyGroups);
    this.findings = findings;
  }

  /**
   * Reads the segment.
   *
   * @throws io.timelog.TimelogException if it has a format that this build does not read
   */
  public void run() {
    SegmentSections read;
    try {
      read = SegmentSections.read(input);
    } catch (TimelogCorruptionException damage) {
      runWithoutSections(damage);
      return;
    }
    sections = read;
    if (read.timeIndexDirectory().hasRemaining()) {
      times = new TimeIndexBuilder(SegmentWriter.MAX_TIME_INDEXED_ROWS);
    }
    SegmentPages pages = new SegmentPages(input, read);
    if (auditPages(pages)) {
      compareWithRows(read, pages);
    } else {
      readBlocks(read.keyIndexBlocks(input, pages));
      readBlocks(read.timeIndexBlocks(input));
    }
  }

  /**
   * Whether header, footer and all sections were whole; the rest of what this says is known then.
   */
  public boolean hasSections() {
    return sections != null;
  }

  /** The checksum of the footer. */
  public int checksum() {
    return SegmentEnvelope.checksum(
        input.read(input.length() - SegmentEnvelope.END_BYTES, SegmentEnvelope.END_BYTES));
  }

  /** The name of the table in the header. */
  public String table() {
    return read().header().table();
  }

  /** The number of rows. */
  public long rowCount() {
    return read().statistics().rowCount();
  }

  /** The smallest key group; -1 if there is no key. */
  public int firstGroup() {
    return read().footer().groupCount() == 0 ? -1 : new SegmentKeyGroups(read()).first();
  }

  /** The largest key group; -1 if there is no key. */
  public int lastGroup() {
    return read().footer().groupCount() == 0 ? -1 : new SegmentKeyGroups(read()).last();
  }

  /** The smallest timestamp. */
  public long minTimestamp() {
    return read().statistics().minTimestamp();
  }

  /** The largest timestamp. */
  public long maxTimestamp() {
    return read().statistics().maxTimestamp();
  }

  /** The first key; null if it could not be read. */
  public byte @Nullable [] firstKey() {
    return firstKey;
  }

  /** The last key; null if it could not be read. */
  public byte @Nullable [] lastKey() {
    return lastKey;
  }

  private SegmentSections read() {
    SegmentSections read = sections;
    if (read == null) {
      throw new IllegalStateException("The sections of the segment could not be read");
    }
    return read;
  }

  /* Pages. */

  /** Looks at all pages; whether all are good, and all rows could be taken up. */
  private boolean auditPages(SegmentPages pages) {
    boolean good = true;
    for (int number = 0; number < pages.count(); number++) {
      good &= auditPage(pages, number);
      pages.forget(number);
    }
    return good;
  }

  private boolean auditPage(SegmentPages pages, int number) {
    String problem = pageProblem(pages, number);
    if (problem == null) {
      return true;
    }
    findings.rowsLost(
        pages.offset(number),
        problem,
        pages.minTimestamp(number),
        pages.maxTimestamp(number),
        pages.firstRow(number + 1) - pages.firstRow(number));
    return false;
  }

  private @Nullable String pageProblem(SegmentPages pages, int number) {
    try {
      Page page = pages.page(number);
      String problem = pageAudit.problem(page);
      return problem != null ? problem : takeUp(pages, page, number);
    } catch (TimelogCorruptionException damage) {
      return damage.problem();
    }
  }

  /** Takes up keys and rows of a page; what is wrong with their place, or null. */
  private @Nullable String takeUp(SegmentPages pages, Page page, int number) {
    if (!areKeyPagesGood(pages, number)) {
      return "Page directory does not say which pages have the key of a page";
    }
    int keyPage = pages.firstPageOfKey(number);
    if (keyPage < number) {
      return keyPage == lastKeyPage ? continueKey(page) : null; // else its start is damaged
    }
    for (int ordinal = 0; ordinal < page.keyCount(); ordinal++) {
      String problem = startKey(page, number, ordinal);
      if (problem != null) {
        return problem;
      }
      addRows(page, page.firstRow(ordinal), page.endRow(ordinal));
    }
    return null;
  }

  private @Nullable String continueKey(Page page) {
    if (page.group(0) != lastGroup || page.timestamp(0) < lastTimestamp) {
      return "Page does not go on with the key of the page before";
    }
    addRows(page, 0, page.rowCount());
    return null;
  }

  private void addRows(Page page, int from, int to) {
    TimeIndexBuilder indexed = times;
    for (int row = from; row < to; row++) {
      long timestamp = page.timestamp(row);
      if (indexed != null) {
        indexed.add(timestamp);
      }
      statistics.addRow(timestamp, page.isTombstone(row), page.payloadLength(row));
      lastTimestamp = timestamp;
    }
  }

  private @Nullable String startKey(Page page, int number, int ordinal) {
    byte[] key = new byte[page.keyLength(ordinal)];
    page.payload().get(page.keyOffset(ordinal), key);
    int group = page.group(ordinal);
    byte[] before = lastKey;
    if (before != null
        && (group < lastGroup
            || (group == lastGroup
                && KeyOrder.compare(
                        page.payload(),
                        page.keyOffset(ordinal),
                        key.length,
                        before,
                        0,
                        before.length)
                    <= 0))) {
      return "Keys of a segment are not in order: ordinal=" + ordinal;
    }
    if (before == null && number == 0) {
      firstKey = key;
    }
    lastKey = key;
    lastKeyPage = number;
    lastGroup = group;
    index.add(page.hash(ordinal));
    groups.add(group, number, ordinal);
    statistics.addKey(key.length);
    TimeIndexBuilder indexed = times;
    if (indexed != null) {
      indexed.startKey();
    }
    return null;
  }

  /** Whether a page is one of those of its key, of which each says the same. */
  private static boolean areKeyPagesGood(SegmentPages pages, int number) {
    int first = pages.firstPageOfKey(number);
    int last = pages.lastPageOfKey(number);
    return first == last
        ? first == number
        : pages.keyCount(number) == 1
            && pages.firstPageOfKey(first) == first
            && pages.lastPageOfKey(first) == last
            && (number == first || pages.firstPageOfKey(number - 1) == first)
            && (number == last || pages.firstPageOfKey(number + 1) == first);
  }

  /* What follows from the rows. */

  private void compareWithRows(SegmentSections read, SegmentPages pages) {
    Footer footer = read.footer();
    int[] keysOfPages = new int[pages.count()];
    for (int page = 0; page < keysOfPages.length; page++) {
      keysOfPages[page] = pages.firstPageOfKey(page) == page ? pages.keyCount(page) : 0;
    }
    compare(
        "Statistics",
        statistics.encode(),
        StatisticsFormat.encode(read.statistics()),
        footer.statistics());
    compare("Key groups", groups.encode(), read.keyGroups(), footer.keyGroups());
    compare("Key filter", index.encodeFilter(), read.keyFilter(), footer.keyFilter());
    KeyIndexBuilder.Encoded keyIndex = index.encode(keysOfPages, footer.ordinalBits());
    compare(
        "Key index directory",
        keyIndex.directory(),
        read.keyIndexDirectory(),
        footer.keyIndexDirectory());
    compareBlocks("Key index", keyIndex.blocks(), read.keyIndexBlocks(input, pages));
    TimeIndexBuilder indexed = times;
    if (indexed != null) {
      TimeIndexBuilder.Encoded timeIndex =
          indexed.encode(
              keysOfPages,
              footer.ordinalBits(),
              statistics.minTimestamp(),
              statistics.maxTimestamp());
      compare(
          "Time index directory",
          timeIndex.directory(),
          read.timeIndexDirectory(),
          footer.timeIndexDirectory());
      compareBlocks("Time index", timeIndex.blocks(), read.timeIndexBlocks(input));
    }
  }

  private void compare(String part, ByteBuffer expected, ByteBuffer actual, Place place) {
    int at = expected.duplicate().rewind().mismatch(actual.duplicate().rewind());
    if (at >= 0) {
      findings.nothingLost(
          place.offset() + at, part + " of a segment does not say what its rows say");
    }
  }

  private void compareBlocks(String part, ByteBuffer expected, IndexBlocks blocks) {
    if (!readBlocks(blocks)) {
      return;
    }
    int at = expected.duplicate().rewind().mismatch(blocks.all().duplicate().rewind());
    if (at >= 0) {
      findings.nothingLost(
          blocks.offset(0) + at, part + " of a segment does not say what its rows say");
    }
  }

  /** Reads all blocks of an index; whether all are whole. */
  private boolean readBlocks(IndexBlocks blocks) {
    boolean whole = true;
    Hold hold = blocks.newHold();
    for (int block = 0; block < blocks.count(); block++) {
      try {
        blocks.block(block, hold);
      } catch (TimelogCorruptionException damage) {
        findings.nothingLost(damage.offset(), damage.problem());
        whole = false;
      }
    }
    hold.letGo();
    return whole;
  }

  /* Without all sections. */

  /** Says which sections are damaged, and looks at the pages if it is known where they are. */
  private void runWithoutSections(TimelogCorruptionException damage) {
    Footer footer;
    try {
      footer = SegmentSections.readFooter(input);
    } catch (TimelogCorruptionException again) {
      findings.segmentLost(again.offset(), again.problem());
      return;
    }
    boolean header = isWhole("header", footer.header(), true);
    boolean pageDirectory = isWhole("page directory", footer.pageDirectory(), true);
    boolean rest = true;
    rest &= isWhole("key index directory", footer.keyIndexDirectory(), false);
    rest &= isWhole("time index directory", footer.timeIndexDirectory(), false);
    rest &= isWhole("key groups", footer.keyGroups(), false);
    rest &= isWhole("key filter", footer.keyFilter(), false);
    rest &= isWhole("statistics", footer.statistics(), false);
    if (header && pageDirectory && rest) {
      // All are as they were written, and that makes no sense.
      findings.segmentLost(damage.offset(), damage.problem());
    } else if (header && pageDirectory) {
      readPages(footer);
    }
  }

  private boolean isWhole(String section, Place place, boolean holdsRows) {
    try {
      SegmentSections.readSection(input, section, place);
      return true;
    } catch (TimelogCorruptionException damage) {
      if (holdsRows) {
        findings.segmentLost(damage.offset(), damage.problem());
      } else {
        findings.nothingLost(damage.offset(), damage.problem());
      }
      return false;
    }
  }

  /** Compares the checksums of pages, as far as a directory says where they are. */
  private void readPages(Footer footer) {
    Place place = footer.pageDirectory();
    ByteBuffer directory = SegmentSections.readSection(input, "page directory", place);
    long end = footer.header().end();
    for (int page = 0; page < footer.pageCount(); page++) {
      long offset = PageDirectoryFormat.offset(directory, page);
      int length = PageDirectoryFormat.length(directory, page);
      if (offset != end
          || length <= PageFormat.HEADER_BYTES
          || length > footer.keyIndex() - offset) {
        findings.segmentLost(place.offset(), "Page directory does not fit its segment");
        return;
      }
      String problem = readProblem(directory, page, offset, length);
      if (problem != null) {
        long nextRow =
            page + 1 < footer.pageCount()
                ? PageDirectoryFormat.firstRow(directory, page + 1)
                : Long.MIN_VALUE;
        long rows = nextRow - PageDirectoryFormat.firstRow(directory, page);
        findings.rowsLost(
            offset,
            problem,
            PageDirectoryFormat.minTimestamp(directory, page),
            PageDirectoryFormat.maxTimestamp(directory, page),
            rows < 0 ? SegmentFindings.UNKNOWN : rows);
      }
      end = offset + length;
    }
  }

  /** What is wrong with the bytes of a page; null if they are those that were written. */
  private @Nullable String readProblem(ByteBuffer directory, int page, long offset, int length) {
    try {
      ByteBuffer bytes = input.read(offset, length);
      return PageFormat.computeChecksum(bytes, length)
              == PageDirectoryFormat.checksum(directory, page)
          ? null
          : "Page checksum mismatch: page=" + page;
    } catch (TimelogCorruptionException damage) {
      return damage.problem();
    }
  }
}
