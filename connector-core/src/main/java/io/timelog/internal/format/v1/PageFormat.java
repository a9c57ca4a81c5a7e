package io.timelog.internal.format.v1;

import io.timelog.internal.format.Checksum;
import java.nio.ByteBuffer;

/**
 * Layout of a page, the smallest unit that is checked and loaded. A page holds either all rows of
 * one or more keys, or a part of the rows of one key that has more of them than fit a page. Every
 * key of a page has at least one row in it.
 *
 * <pre>
 *   offset  size  field
 *        0     4  magic {@value #MAGIC} ("TLPG")
 *        4     4  checksum: CRC-32C of the bytes from 8 to the end of the page
 *        8     4  length L of the page in bytes, a multiple of 8
 *       12     1  encoding: {@value #RAW} or {@value #COMPRESSED}, see below
 *       13     1  flags, see below
 *       14     2  0
 *       16     4  key count k, at least 1
 *       20     4  row count n, at least k
 *       24     8  smallest timestamp of the page
 *       32     8  largest timestamp of the page
 *       40     4  payload bytes P: the sum of the lengths of all payloads
 *       44     4  key bytes K: the sum of the lengths of all keys
 *       48     4  key group of the first key
 *       52     4  tombstone count t
 *       56    8n  timestamps (i64), never decreasing within a key
 *              4n  payload ends (i32), exclusive, in the payload heap     if PAYLOAD_ENDS is set
 *              4k  key hashes (i32)
 *              4k  first rows of the keys (i32)                           if 1 &lt; k &lt; n
 *              4k  key ends (i32), exclusive, in the key heap             if KEY_ENDS is set
 *              4k  key groups (i32)                                       if GROUPS is set
 *                  zeros up to a multiple of 8
 *               P  payload heap
 *               K  key heap
 *           (n+7)/8  tombstone bits, row r is bit r%8 of byte r/8          if t &gt; 0
 *                  zeros up to a multiple of 8
 * </pre>
 *
 * <p>A column is left out where it would say nothing:
 *
 * <ul>
 *   <li>{@code PAYLOAD_ENDS} is clear if all payloads have the same length, which then is P/n.
 *   <li>{@code KEY_ENDS} is clear if all keys have the same length, which then is K/k.
 *   <li>{@code GROUPS} is clear if all keys are in the key group of the first.
 *   <li>First rows: key i starts at row i if k = n, and at row 0 if k = 1.
 * </ul>
 *
 * <p>{@code CONTINUATION} is set on every page but the first of a key that spans pages. Such a page
 * has one key and K = 0: the bytes of the key are in the key's first page.
 *
 * <p>The timestamps start at a multiple of 8, so that they can be read in place as a buffer of
 * longs.
 *
 * <p>This is encoding {@value #RAW}, columns of plain integers. Encoding {@value #COMPRESSED} is
 * kept for pages whose columns and heaps are compressed. The header is as above, so that a page can
 * be checked and is known to fit the page directory before anything is decompressed: the length L
 * and the checksum are of the bytes that are stored, and how long the rest is when it is
 * decompressed follows from the counts. Behind the header:
 *
 * <pre>
 *       56     4  length c of the compressed bytes
 *       60     c  the bytes that a raw page has from 56 to its end, compressed
 *                 zeros up to a multiple of 8
 * </pre>
 *
 * <p>No codec is known to this version: it writes no such page and refuses to read one.
 */
public final class PageFormat {
  /** "TLPG" as a little-endian integer. */
  public static final int MAGIC = 0x47504C54;

  /** The encoding in which columns are plain integers. */
  public static final byte RAW = 1;

  /** The encoding in which everything behind the header is compressed. */
  public static final byte COMPRESSED = 2;

  /** Flag: the column of payload ends is present. */
  public static final int PAYLOAD_ENDS = 1;

  /** Flag: the column of key ends is present. */
  public static final int KEY_ENDS = 2;

  /** Flag: the column of key groups is present. */
  public static final int GROUPS = 4;

  /** Flag: the page goes on with the key of the page before. */
  public static final int CONTINUATION = 8;

  /** Length of the header and offset of the timestamps. */
  public static final int HEADER_BYTES = 56;

  /** The longest page there can be. */
  public static final int MAX_PAGE_BYTES = Integer.MAX_VALUE - 63;

  private static final int MAGIC_OFFSET = 0;
  private static final int CHECKSUM_OFFSET = MAGIC_OFFSET + Integer.BYTES;
  private static final int LENGTH_OFFSET = CHECKSUM_OFFSET + Integer.BYTES;
  private static final int ENCODING_OFFSET = LENGTH_OFFSET + Integer.BYTES;
  private static final int FLAGS_OFFSET = ENCODING_OFFSET + 1;
  private static final int KEY_COUNT_OFFSET = ENCODING_OFFSET + Integer.BYTES;
  private static final int ROW_COUNT_OFFSET = KEY_COUNT_OFFSET + Integer.BYTES;
  private static final int MIN_TIMESTAMP_OFFSET = ROW_COUNT_OFFSET + Integer.BYTES;
  private static final int MAX_TIMESTAMP_OFFSET = MIN_TIMESTAMP_OFFSET + Long.BYTES;
  private static final int PAYLOAD_BYTES_OFFSET = MAX_TIMESTAMP_OFFSET + Long.BYTES;
  private static final int KEY_BYTES_OFFSET = PAYLOAD_BYTES_OFFSET + Integer.BYTES;
  private static final int FIRST_GROUP_OFFSET = KEY_BYTES_OFFSET + Integer.BYTES;
  private static final int TOMBSTONE_COUNT_OFFSET = FIRST_GROUP_OFFSET + Integer.BYTES;

  /** The checksum starts after itself, so magic and checksum are compared instead. */
  private static final int CHECKED_FROM = LENGTH_OFFSET;

  private PageFormat() {}

  /**
   * What a page header says, but for magic, checksum and length.
   *
   * @param flags {@link #PAYLOAD_ENDS}, {@link #KEY_ENDS}, {@link #GROUPS}, {@link #CONTINUATION}
   * @param keyCount keys in the page
   * @param rowCount rows in the page
   * @param minTimestamp smallest timestamp
   * @param maxTimestamp largest timestamp
   * @param payloadBytes sum of the lengths of the payloads
   * @param keyBytes sum of the lengths of the keys
   * @param firstGroup key group of the first key
   * @param tombstoneCount rows that are tombstones
   */
  public record Header(
      int flags,
      int keyCount,
      int rowCount,
      long minTimestamp,
      long maxTimestamp,
      int payloadBytes,
      int keyBytes,
      int firstGroup,
      int tombstoneCount) {

    /** Where the columns of such a page are. */
    public Columns columns() {
      return new Columns(flags, keyCount, rowCount, payloadBytes, keyBytes, tombstoneCount > 0);
    }
  }

  /** The offsets of the columns of one page; {@value #ABSENT} for a column that is left out. */
  public static final class Columns {
    /** Offset of a column that the page does not have. */
    public static final int ABSENT = -1;

    /** Offset of the payload ends, or {@link #ABSENT}. */
    public final int payloadEnds;

    /** Offset of the key hashes. */
    public final int hashes;

    /** Offset of the first rows, or {@link #ABSENT}. */
    public final int firstRows;

    /** Offset of the key ends, or {@link #ABSENT}. */
    public final int keyEnds;

    /** Offset of the key groups, or {@link #ABSENT}. */
    public final int groups;

    /** Offset of the payload heap. */
    public final int payloads;

    /** Offset of the key heap. */
    public final int keys;

    /** Offset of the tombstone bits, or {@link #ABSENT}. */
    public final int tombstones;

    /** Length of the page. */
    public final int length;

    Columns(
        int flags, int keyCount, int rowCount, int payloadBytes, int keyBytes, boolean tombstoned) {
      int at = HEADER_BYTES + Long.BYTES * rowCount;
      payloadEnds = (flags & PAYLOAD_ENDS) == 0 ? ABSENT : at;
      at += payloadEnds == ABSENT ? 0 : Integer.BYTES * rowCount;
      hashes = at;
      at += Integer.BYTES * keyCount;
      firstRows = hasFirstRows(keyCount, rowCount) ? at : ABSENT;
      at += firstRows == ABSENT ? 0 : Integer.BYTES * keyCount;
      keyEnds = (flags & KEY_ENDS) == 0 ? ABSENT : at;
      at += keyEnds == ABSENT ? 0 : Integer.BYTES * keyCount;
      groups = (flags & GROUPS) == 0 ? ABSENT : at;
      at += groups == ABSENT ? 0 : Integer.BYTES * keyCount;
      payloads = (int) Sections.align(at);
      keys = payloads + payloadBytes;
      at = keys + keyBytes;
      tombstones = tombstoned ? at : ABSENT;
      at += tombstoned ? bitBytes(rowCount) : 0;
      length = (int) Sections.align(at);
    }
  }

  /**
   * The length in bytes of a page with this content, which can be more than {@link
   * #MAX_PAGE_BYTES}.
   */
  public static long length(
      int flags, int keyCount, int rowCount, long payloadBytes, long keyBytes, int tombstoneCount) {
    int perRow = Long.BYTES + ((flags & PAYLOAD_ENDS) == 0 ? 0 : Integer.BYTES);
    int perKey =
        Integer.BYTES
            + (hasFirstRows(keyCount, rowCount) ? Integer.BYTES : 0)
            + ((flags & KEY_ENDS) == 0 ? 0 : Integer.BYTES)
            + ((flags & GROUPS) == 0 ? 0 : Integer.BYTES);
    long columns =
        Sections.align(HEADER_BYTES + (long) perRow * rowCount + (long) perKey * keyCount);
    return Sections.align(
        columns + payloadBytes + keyBytes + (tombstoneCount == 0 ? 0 : bitBytes(rowCount)));
  }

  /** Bytes that hold one bit for each of {@code rowCount} rows. */
  public static int bitBytes(int rowCount) {
    return (rowCount >>> 3) + ((rowCount & 7) == 0 ? 0 : 1);
  }

  /** Writes the header of a page that starts at 0 and whose length is {@code length}. */
  public static void putHeader(ByteBuffer page, Header header, int length) {
    page.putInt(MAGIC_OFFSET, MAGIC);
    page.putInt(LENGTH_OFFSET, length);
    page.putInt(ENCODING_OFFSET, RAW | header.flags() << Byte.SIZE);
    page.putInt(KEY_COUNT_OFFSET, header.keyCount());
    page.putInt(ROW_COUNT_OFFSET, header.rowCount());
    page.putLong(MIN_TIMESTAMP_OFFSET, header.minTimestamp());
    page.putLong(MAX_TIMESTAMP_OFFSET, header.maxTimestamp());
    page.putInt(PAYLOAD_BYTES_OFFSET, header.payloadBytes());
    page.putInt(KEY_BYTES_OFFSET, header.keyBytes());
    page.putInt(FIRST_GROUP_OFFSET, header.firstGroup());
    page.putInt(TOMBSTONE_COUNT_OFFSET, header.tombstoneCount());
  }

  /** Computes the checksum of a complete page of {@code length} bytes, stores and returns it. */
  public static int putChecksum(ByteBuffer page, int length) {
    int checksum = computeChecksum(page, length);
    page.putInt(CHECKSUM_OFFSET, checksum);
    return checksum;
  }

  /** The checksum that a page of {@code length} bytes should have. */
  public static int computeChecksum(ByteBuffer page, int length) {
    return Checksum.of(page, CHECKED_FROM, length - CHECKED_FROM);
  }

  /** The magic that the page has. */
  public static int magic(ByteBuffer page) {
    return page.getInt(MAGIC_OFFSET);
  }

  /** The checksum that the page has. */
  public static int checksum(ByteBuffer page) {
    return page.getInt(CHECKSUM_OFFSET);
  }

  /** The length that the page has. */
  public static int length(ByteBuffer page) {
    return page.getInt(LENGTH_OFFSET);
  }

  /** The encoding of the page. */
  public static byte encoding(ByteBuffer page) {
    return page.get(ENCODING_OFFSET);
  }

  /** The header of a page that starts at 0. */
  public static Header header(ByteBuffer page) {
    return new Header(
        page.get(FLAGS_OFFSET) & 0xFF,
        page.getInt(KEY_COUNT_OFFSET),
        page.getInt(ROW_COUNT_OFFSET),
        page.getLong(MIN_TIMESTAMP_OFFSET),
        page.getLong(MAX_TIMESTAMP_OFFSET),
        page.getInt(PAYLOAD_BYTES_OFFSET),
        page.getInt(KEY_BYTES_OFFSET),
        page.getInt(FIRST_GROUP_OFFSET),
        page.getInt(TOMBSTONE_COUNT_OFFSET));
  }

  /** Offset of the timestamp of a row. */
  public static int timestampOffset(int row) {
    return HEADER_BYTES + Long.BYTES * row;
  }

  private static boolean hasFirstRows(int keyCount, int rowCount) {
    return keyCount > 1 && keyCount < rowCount;
  }
}
