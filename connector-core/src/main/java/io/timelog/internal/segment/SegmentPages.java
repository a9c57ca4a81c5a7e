package io.timelog.internal.segment;

import io.timelog.Span;
import io.timelog.TimelogCorruptionException;
import io.timelog.TimelogException;
import io.timelog.internal.cache.Hold;
import io.timelog.internal.cache.PartReader;
import io.timelog.internal.cache.Parts;
import io.timelog.internal.format.Checksum;
import io.timelog.internal.format.v1.KeyIndexFormat;
import io.timelog.internal.format.v1.PageDirectoryFormat;
import io.timelog.internal.format.v1.PageFormat;
import io.timelog.internal.row.ReadScope;
import io.timelog.internal.storage.SegmentInput;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The pages of one segment and what its directory knows of them. A page is read and checked when it
 * is needed and not in memory. Any number of threads may read; where pages do not stay in memory,
 * cursors are opened {@linkplain #within within} a scope, which belongs to one.
 */
final class SegmentPages implements PartReader<Page> {

  private final SegmentInput input;
  private final ByteBuffer directory;
  private final long firstPage;
  private final long rowCount;
  private final Parts<Page> pages;
  private final @Nullable ReadScope scope;

  /** The pages that the sections describe, which were read from {@code input}. */
  SegmentPages(SegmentInput input, SegmentSections sections) {
    this.input = input;
    directory = sections.pageDirectory();
    firstPage = sections.footer().header().end();
    rowCount = sections.statistics().rowCount();
    pages = input.parts(sections.footer().pageCount(), this);
    scope = null;
  }

  private SegmentPages(SegmentPages shared, ReadScope scope) {
    this.input = shared.input;
    this.directory = shared.directory;
    this.firstPage = shared.firstPage;
    this.rowCount = shared.rowCount;
    this.pages = shared.pages;
    this.scope = scope;
  }

  /** The same pages for the cursors of one reader. */
  SegmentPages within(ReadScope reader) {
    return new SegmentPages(this, reader);
  }

  /** Whether the pages stay in memory, so that nobody needs a scope. */
  boolean areResident() {
    return pages.areResident();
  }

  /** A hold for a page, of which the caller lets go. */
  Hold newHold() {
    return pages.newHold();
  }

  /**
   * A hold for a cursor, which ends with the scope.
   *
   * @throws IllegalStateException if there is none but one is needed
   */
  Hold cursorHold() {
    ReadScope reader = scope;
    if (reader != null) {
      return reader.hold(pages);
    }
    if (areResident()) {
      return Hold.NONE;
    }
    throw new IllegalStateException(
        "What lies in a file is read within a scope: segment=" + input.name());
  }

  /** The name of the segment. */
  String source() {
    return input.name();
  }

  /** The number of pages. */
  int count() {
    return pages.count();
  }

  /** Whether a key starts at a position, which an index may have wrong. Loads no page. */
  boolean isKey(long position, int ordinalBits) {
    if (position >>> ordinalBits >= pages.count()) {
      return false;
    }
    int page = KeyIndexFormat.pageOf(position, ordinalBits);
    return PageDirectoryFormat.keyFirstPage(directory, page) == page
        && KeyIndexFormat.ordinalOf(position, ordinalBits)
            < PageDirectoryFormat.keyCount(directory, page);
  }

  /**
   * A page, read and checked if it is not in memory; readable while it is held.
   *
   * @throws IndexOutOfBoundsException if there is no page of this number
   * @throws TimelogCorruptionException if the page is not as it was written
   * @throws TimelogException if the page is compressed
   */
  Page page(int number, Hold hold) {
    return pages.get(number, hold);
  }

  /**
   * As {@link #page(int, Hold)}, for a cursor that walks on from page to page, to {@code horizon}
   * at most: where it has come from the page beside this one, some of those that come next may be
   * read at once.
   */
  Page pageOnTheWay(int number, int horizon, Hold hold) {
    return pages.getOnTheWay(number, horizon, hold);
  }

  /** As {@link #page(int, Hold)}, of pages that stay in memory. */
  Page page(int number) {
    assert areResident();
    return pages.get(number, Hold.NONE);
  }

  /** As {@link #page(int, Hold)}, readable while the segment is open; a copy if need be. */
  Page pageToKeep(int number) {
    return pages.toKeep(number);
  }

  /**
   * Where the first page begins, and where each of them ends; where pages would be, if there are
   * none. Loads no page.
   */
  long[] ends() {
    return PageEnds.of(directory, count(), firstPage);
  }

  /** Offset of a page in the segment, without loading it. */
  @Override
  public long offset(int page) {
    return PageDirectoryFormat.offset(directory, checkIndex(page));
  }

  /** Length of a page, without loading it. */
  @Override
  public int length(int page) {
    return PageDirectoryFormat.length(directory, checkIndex(page));
  }

  /** Forgets a page that was loaded, for one thread that will not use it again. */
  void forget(int page) {
    pages.forget(page);
  }

  /** The smallest timestamp of a page, without loading it. */
  long minTimestamp(int page) {
    return PageDirectoryFormat.minTimestamp(directory, checkIndex(page));
  }

  /** The largest timestamp of a page, without loading it. */
  long maxTimestamp(int page) {
    return PageDirectoryFormat.maxTimestamp(directory, checkIndex(page));
  }

  /** Rows in all pages before this one, without loading any; after the last page, all rows. */
  long firstRow(int page) {
    return page == pages.count() ? rowCount : PageDirectoryFormat.firstRow(directory, page);
  }

  /** Keys that start or continue in a page, without loading it. */
  int keyCount(int page) {
    return PageDirectoryFormat.keyCount(directory, checkIndex(page));
  }

  /** The page in which the key of this page starts if its only key spans pages, else itself. */
  int firstPageOfKey(int page) {
    return PageDirectoryFormat.keyFirstPage(directory, checkIndex(page));
  }

  /** The page in which the key of this page ends if its only key spans pages, else itself. */
  int lastPageOfKey(int page) {
    return PageDirectoryFormat.keyLastPage(directory, checkIndex(page));
  }

  /**
   * Of the pages {@code fromPage} to {@code toPage} of one key, the first with a timestamp of
   * {@code timestamp} or larger; {@code toPage + 1} if there is none. Loads no page.
   */
  int firstPageReaching(int fromPage, int toPage, long timestamp) {
    int low = fromPage;
    int high = toPage + 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (PageDirectoryFormat.maxTimestamp(directory, middle) < timestamp) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /**
   * Of the pages {@code fromPage} to {@code toPage} of one key, the last with a timestamp of {@code
   * timestamp} or smaller; {@code fromPage - 1} if there is none. Loads no page.
   */
  int lastPageReaching(int fromPage, int toPage, long timestamp) {
    int low = fromPage;
    int high = toPage + 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (PageDirectoryFormat.minTimestamp(directory, middle) <= timestamp) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  /**
   * Of the pages {@code fromPage} to {@code toPage} of one key of a map, the last that begins at or
   * before the place of an entry, or the first if none does: where a search for the entry starts.
   * Loads as many pages as the logarithm of those that begin at the timestamp.
   */
  int pageOfEntry(int fromPage, int toPage, long timestamp, Span subkey) {
    int low = Math.min(firstPageReaching(fromPage, toPage, timestamp), toPage);
    int high = lastPageReaching(fromPage, toPage, timestamp);
    Hold hold = newHold();
    try {
      while (low < high) {
        int middle = (low + high + 1) >>> 1;
        if (page(middle, hold).compareEntry(0, timestamp, subkey) <= 0) {
          low = middle;
        } else {
          high = middle - 1;
        }
      }
    } finally {
      hold.letGo();
    }
    return low;
  }

  private int checkIndex(int page) {
    return Objects.checkIndex(page, pages.count());
  }

  /** Checks the bytes of a page. */
  @Override
  public Page open(int number, ByteBuffer bytes) {
    long offset = PageDirectoryFormat.offset(directory, number);
    int length = PageDirectoryFormat.length(directory, number);
    int checksum = PageDirectoryFormat.checksum(directory, number);
    int stored = PageFormat.checksum(bytes);
    if (stored != checksum || PageFormat.magic(bytes) != PageFormat.MAGIC) {
      throw damaged(
          "Page is not the one in the page directory: stored="
              + Checksum.hex(stored)
              + ", directory="
              + Checksum.hex(checksum),
          offset);
    }
    int computed = PageFormat.computeChecksum(bytes, length);
    if (computed != checksum) {
      throw damaged("Page checksum mismatch: " + Checksum.mismatch(checksum, computed), offset);
    }
    if (PageFormat.encoding(bytes) == PageFormat.COMPRESSED) {
      throw new TimelogException(
          "Page is compressed, read it with a newer version of Timelog: source="
              + input.name()
              + "@"
              + offset);
    }
    if (PageFormat.encoding(bytes) != PageFormat.RAW) {
      throw damaged("Page has an unknown encoding: encoding=" + PageFormat.encoding(bytes), offset);
    }
    PageFormat.Header header = PageFormat.header(bytes);
    if (PageFormat.length(bytes) != length || !isInDirectory(header, number, length)) {
      throw damaged("Page header and page directory disagree: " + header, offset);
    }
    return new Page(input, offset, bytes, header);
  }

  private boolean isInDirectory(PageFormat.Header header, int page, int length) {
    boolean continuation = (header.flags() & PageFormat.CONTINUATION) != 0;
    return header.keyCount() == PageDirectoryFormat.keyCount(directory, page)
        && header.rowCount() == firstRow(page + 1) - firstRow(page)
        && header.minTimestamp() == PageDirectoryFormat.minTimestamp(directory, page)
        && header.maxTimestamp() == PageDirectoryFormat.maxTimestamp(directory, page)
        && header.firstGroup() == PageDirectoryFormat.firstGroup(directory, page)
        && continuation == (PageDirectoryFormat.keyFirstPage(directory, page) < page)
        && header.payloadBytes() >= 0
        && header.keyBytes() >= 0
        && header.tombstoneCount() >= 0
        && length
            == PageFormat.length(
                header.flags(),
                header.keyCount(),
                header.rowCount(),
                header.payloadBytes(),
                header.keyBytes(),
                header.tombstoneCount());
  }

  private TimelogCorruptionException damaged(String problem, long offset) {
    return new TimelogCorruptionException(problem, input.name(), offset);
  }
}
