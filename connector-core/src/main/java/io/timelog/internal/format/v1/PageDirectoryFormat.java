package io.timelog.internal.format.v1;

import java.nio.ByteBuffer;

/**
 * Layout of the page directory: an entry for each page, in the order of the segment. What decides
 * whether a page must be read (its fence pointers) is here, so that a reader that holds the
 * directory loads no page in vain.
 *
 * <pre>
 *   offset  size  field
 *        0     8  offset of the page in the segment
 *        8     8  rows in all pages before this one
 *       16     8  smallest timestamp of the page
 *       24     8  largest timestamp of the page
 *       32     4  length of the page in bytes
 *       36     4  checksum of the page, the one that is in the page too
 *       40     4  key count of the page
 *       44     4  key group of the first key
 *       48     4  number of the first page of the page's key
 *       52     4  number of the last page of the page's key
 * </pre>
 *
 * <p>The last two are the page itself unless its only key spans pages. Among the pages of such a
 * key timestamps never decrease, so a binary search over the bounds finds the pages of a range of
 * time. Where several pages begin with the same timestamp, the first row of each, in the page,
 * tells them apart by subkey: a search for one entry loads the logarithm of their number.
 */
public final class PageDirectoryFormat {
  /** Length of an entry. */
  public static final int ENTRY_BYTES = 56;

  private static final int OFFSET_OFFSET = 0;
  private static final int FIRST_ROW_OFFSET = OFFSET_OFFSET + Long.BYTES;
  private static final int MIN_TIMESTAMP_OFFSET = FIRST_ROW_OFFSET + Long.BYTES;
  private static final int MAX_TIMESTAMP_OFFSET = MIN_TIMESTAMP_OFFSET + Long.BYTES;
  private static final int LENGTH_OFFSET = MAX_TIMESTAMP_OFFSET + Long.BYTES;
  private static final int CHECKSUM_OFFSET = LENGTH_OFFSET + Integer.BYTES;
  private static final int KEY_COUNT_OFFSET = CHECKSUM_OFFSET + Integer.BYTES;
  private static final int FIRST_GROUP_OFFSET = KEY_COUNT_OFFSET + Integer.BYTES;
  private static final int KEY_FIRST_PAGE_OFFSET = FIRST_GROUP_OFFSET + Integer.BYTES;
  private static final int KEY_LAST_PAGE_OFFSET = KEY_FIRST_PAGE_OFFSET + Integer.BYTES;

  private PageDirectoryFormat() {}

  /** The length in bytes of a directory, which may be too long for one section. */
  public static long length(int pageCount) {
    return (long) ENTRY_BYTES * pageCount;
  }

  /** A zeroed buffer for the entries of {@code pageCount} pages. */
  public static ByteBuffer allocate(int pageCount) {
    return Sections.allocate(Math.toIntExact(length(pageCount)));
  }

  /** Writes where a page is and what it holds. */
  public static void putPage(
      ByteBuffer directory,
      int page,
      long offset,
      long firstRow,
      int length,
      int checksum,
      PageFormat.Header header) {
    int at = ENTRY_BYTES * page;
    directory.putLong(at + OFFSET_OFFSET, offset);
    directory.putLong(at + FIRST_ROW_OFFSET, firstRow);
    directory.putLong(at + MIN_TIMESTAMP_OFFSET, header.minTimestamp());
    directory.putLong(at + MAX_TIMESTAMP_OFFSET, header.maxTimestamp());
    directory.putInt(at + LENGTH_OFFSET, length);
    directory.putInt(at + CHECKSUM_OFFSET, checksum);
    directory.putInt(at + KEY_COUNT_OFFSET, header.keyCount());
    directory.putInt(at + FIRST_GROUP_OFFSET, header.firstGroup());
  }

  /** Writes which pages hold the key that starts or goes on in this page. */
  public static void putKeyPages(ByteBuffer directory, int page, int firstPage, int lastPage) {
    int at = ENTRY_BYTES * page;
    directory.putInt(at + KEY_FIRST_PAGE_OFFSET, firstPage);
    directory.putInt(at + KEY_LAST_PAGE_OFFSET, lastPage);
  }

  /** Offset of the page in the segment. */
  public static long offset(ByteBuffer directory, int page) {
    return directory.getLong(ENTRY_BYTES * page + OFFSET_OFFSET);
  }

  /** Rows in all pages before this one. */
  public static long firstRow(ByteBuffer directory, int page) {
    return directory.getLong(ENTRY_BYTES * page + FIRST_ROW_OFFSET);
  }

  /** Smallest timestamp of the page. */
  public static long minTimestamp(ByteBuffer directory, int page) {
    return directory.getLong(ENTRY_BYTES * page + MIN_TIMESTAMP_OFFSET);
  }

  /** Largest timestamp of the page. */
  public static long maxTimestamp(ByteBuffer directory, int page) {
    return directory.getLong(ENTRY_BYTES * page + MAX_TIMESTAMP_OFFSET);
  }

  /** Length of the page in bytes. */
  public static int length(ByteBuffer directory, int page) {
    return directory.getInt(ENTRY_BYTES * page + LENGTH_OFFSET);
  }

  /** Checksum of the page. */
  public static int checksum(ByteBuffer directory, int page) {
    return directory.getInt(ENTRY_BYTES * page + CHECKSUM_OFFSET);
  }

  /** Keys in the page. */
  public static int keyCount(ByteBuffer directory, int page) {
    return directory.getInt(ENTRY_BYTES * page + KEY_COUNT_OFFSET);
  }

  /** Key group of the first key of the page. */
  public static int firstGroup(ByteBuffer directory, int page) {
    return directory.getInt(ENTRY_BYTES * page + FIRST_GROUP_OFFSET);
  }

  /** First page of the page's key; the page itself unless its key started in an earlier one. */
  public static int keyFirstPage(ByteBuffer directory, int page) {
    return directory.getInt(ENTRY_BYTES * page + KEY_FIRST_PAGE_OFFSET);
  }

  /** Last page of the page's key; the page itself unless its key goes on in a later one. */
  public static int keyLastPage(ByteBuffer directory, int page) {
    return directory.getInt(ENTRY_BYTES * page + KEY_LAST_PAGE_OFFSET);
  }
}
