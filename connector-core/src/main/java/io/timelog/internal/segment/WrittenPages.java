package io.timelog.internal.segment;

import io.timelog.TimelogException;
import io.timelog.internal.format.v1.FooterFormat.Place;
import io.timelog.internal.format.v1.HeaderFormat;
import io.timelog.internal.format.v1.KeyIndexFormat;
import io.timelog.internal.format.v1.PageDirectoryFormat;
import io.timelog.internal.format.v1.PageFormat;
import io.timelog.internal.storage.SegmentOutput;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the header and the pages of a segment and remembers what the sections that lead to them
 * will say: page directory, key index, key filter and key groups.
 */
final class WrittenPages {
  private record Entry(
      long offset,
      long firstRow,
      int length,
      int checksum,
      PageFormat.Header header,
      int keyFirstPage) {}

  private final SegmentOutput out;
  private final SegmentOptions options;
  private final KeyIndexBuilder index = new KeyIndexBuilder();
  private final KeyGroupsBuilder groups = new KeyGroupsBuilder();
  private final List<Entry> entries = new ArrayList<>();
  private Place headerPlace = Place.empty(0);
  private long rowCount;
  private int maxKeysOfPage = 1;

  WrittenPages(SegmentOutput out, SegmentOptions options) {
    this.out = out;
    this.options = options;
  }

  /**
   * Writes the keys and rows of the builder that {@code header} counts as the next page.
   *
   * @throws TimelogException if positions have no room for one more page
   */
  void write(PageBuilder builder, PageFormat.Header header) {
    writeHeaderOnce();
    int page = entries.size();
    boolean continuation = (header.flags() & PageFormat.CONTINUATION) != 0;
    if (!continuation) {
      addKeys(builder, page, header.keyCount());
    }
    ByteBuffer bytes = builder.encode(header);
    entries.add(
        new Entry(
            out.position(),
            rowCount,
            bytes.remaining(),
            PageFormat.checksum(bytes),
            header,
            continuation ? entries.get(page - 1).keyFirstPage : page));
    out.write(bytes);
    rowCount += header.rowCount();
    if (entries.size() > 1L << (Integer.SIZE - ordinalBits())) {
      throw new TimelogException(
          "A segment cannot have so many pages, write smaller partition windows or larger pages:"
              + " pageCount="
              + entries.size()
              + ", maxKeysOfPage="
              + maxKeysOfPage
              + ", targetPageBytes="
              + options.targetPageBytes());
    }
  }

  /** Where the header is; writes it if there was no page. */
  Place headerPlace() {
    writeHeaderOnce();
    return headerPlace;
  }

  /** The number of pages. */
  int count() {
    return entries.size();
  }

  /** The number of keys. */
  int keyCount() {
    return index.keyCount();
  }

  /** The number of key groups. */
  int groupCount() {
    return groups.groupCount();
  }

  /** Bits of a position that are the ordinal. */
  int ordinalBits() {
    return KeyIndexFormat.ordinalBits(maxKeysOfPage);
  }

  /** For each page, how many keys start in it. */
  int[] keysOfPages() {
    int[] counts = new int[entries.size()];
    for (int page = 0; page < counts.length; page++) {
      Entry entry = entries.get(page);
      counts[page] = entry.keyFirstPage == page ? entry.header.keyCount() : 0;
    }
    return counts;
  }

  KeyIndexBuilder.Encoded encodeKeyIndex() {
    return index.encode(keysOfPages(), ordinalBits());
  }

  ByteBuffer encodeKeyFilter() {
    return index.encodeFilter();
  }

  ByteBuffer encodeKeyGroups() {
    return groups.encode();
  }

  ByteBuffer encodeDirectory() {
    int pageCount = entries.size();
    ByteBuffer directory = PageDirectoryFormat.allocate(pageCount);
    int keyLastPage = pageCount - 1;
    for (int page = pageCount - 1; page >= 0; page--) {
      Entry entry = entries.get(page);
      PageDirectoryFormat.putPage(
          directory,
          page,
          entry.offset,
          entry.firstRow,
          entry.length,
          entry.checksum,
          entry.header);
      PageDirectoryFormat.putKeyPages(directory, page, entry.keyFirstPage, keyLastPage);
      if (entry.keyFirstPage == page) {
        keyLastPage = page - 1;
      }
    }
    return directory;
  }

  private void addKeys(PageBuilder builder, int page, int keyCount) {
    for (int ordinal = 0; ordinal < keyCount; ordinal++) {
      groups.add(builder.group(ordinal), page, ordinal);
      index.add(builder.hash(ordinal));
    }
    maxKeysOfPage = Math.max(maxKeysOfPage, keyCount);
  }

  private void writeHeaderOnce() {
    if (out.position() == 0) {
      ByteBuffer header =
          HeaderFormat.encode(
              new HeaderFormat.Header(
                  options.table(),
                  options.targetPageBytes(),
                  options.windowFirst(),
                  options.windowLast(),
                  options.appliedVersion()));
      headerPlace = Place.of(0, header);
      out.write(header);
    }
  }
}
