package io.timelog.internal.format;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Layout of a segment: the immutable, sorted rows of one table in one partition window.
 *
 * <pre>
 *   header        below
 *   pages         {@link PageFormat}, one after the other, keys ascending: key group first, then the
 *                 key's bytes as unsigned numbers
 *   key index     {@link KeyIndexFormat}: hash to page and key
 *   key groups    {@link KeyGroupFormat}: key group to its first page and key
 *   directory     {@link PageDirectoryFormat}: place, checksum and fence pointers of each page
 *   time index    {@link TimeIndexFormat}: time to keys; only if the table indexes time
 *   statistics    {@link StatisticsFormat}
 *   footer        {@link FooterFormat}: places and checksums of all of them
 * </pre>
 *
 * <p>The sections follow each other without a gap. Each starts at a multiple of 8.
 *
 * <p>Header:
 *
 * <pre>
 *   offset  size  field
 *        0     8  magic {@value #MAGIC} ("TLSEGMNT")
 *        8     4  length of the header in bytes, a multiple of 8
 *       12     2  format version {@value #VERSION}
 *       14     1  digits of a second's fraction that a timestamp counts: 0 (s), 3 (ms), 6 (us),
 *                 9 (ns), or {@value #NO_FRACTION_DIGITS} if timestamps have no unit
 *       15     1  0
 *       16     4  target length of a page in bytes
 *       20     4  length of the table's name in bytes
 *       24     8  first timestamp of the partition window
 *       32     8  last timestamp of the partition window, included
 *       40     8  applied version: deletes up to this version have been applied to the rows
 *       48        name of the table in UTF-8, zeros up to a multiple of 8
 * </pre>
 *
 * <p>Magic, length and version keep their places in every version, and so does the end of the
 * footer. The checksum of the header is in the footer.
 */
public final class SegmentFormat {
  /** "TLSEGMNT" as a little-endian integer. */
  public static final long MAGIC = 0x544E4D4745534C54L;

  /** The format version that these classes describe. */
  public static final short VERSION = 1;

  /** Fraction digits of timestamps that have no unit. */
  public static final byte NO_FRACTION_DIGITS = -1;

  /** Length of the header without the name of the table. */
  public static final int FIXED_HEADER_BYTES = 48;

  private static final int MAGIC_OFFSET = 0;
  private static final int LENGTH_OFFSET = MAGIC_OFFSET + Long.BYTES;
  private static final int VERSION_OFFSET = LENGTH_OFFSET + Integer.BYTES;
  private static final int FRACTION_DIGITS_OFFSET = VERSION_OFFSET + Short.BYTES;
  private static final int TARGET_PAGE_BYTES_OFFSET = VERSION_OFFSET + Integer.BYTES;
  private static final int NAME_LENGTH_OFFSET = TARGET_PAGE_BYTES_OFFSET + Integer.BYTES;
  private static final int WINDOW_FIRST_OFFSET = NAME_LENGTH_OFFSET + Integer.BYTES;
  private static final int WINDOW_LAST_OFFSET = WINDOW_FIRST_OFFSET + Long.BYTES;
  private static final int APPLIED_VERSION_OFFSET = WINDOW_LAST_OFFSET + Long.BYTES;

  private SegmentFormat() {}

  /**
   * What the header of a segment says.
   *
   * @param table name of the table
   * @param fractionDigits digits of a second's fraction that a timestamp counts, or {@link
   *     #NO_FRACTION_DIGITS}
   * @param targetPageBytes length that pages were aimed at
   * @param windowFirst first timestamp of the partition window
   * @param windowLast last timestamp of the partition window, included
   * @param appliedVersion deletes up to this version have been applied to the rows
   */
  public record Header(
      String table,
      int fractionDigits,
      int targetPageBytes,
      long windowFirst,
      long windowLast,
      long appliedVersion) {}

  /** The header as bytes, from 0 to the limit. */
  public static ByteBuffer encode(Header header) {
    byte[] name = header.table().getBytes(StandardCharsets.UTF_8);
    int length = Math.toIntExact(Sections.align(FIXED_HEADER_BYTES + (long) name.length));
    ByteBuffer bytes = Sections.allocate(length);
    bytes.putLong(MAGIC_OFFSET, MAGIC);
    bytes.putInt(LENGTH_OFFSET, length);
    bytes.putShort(VERSION_OFFSET, VERSION);
    bytes.put(FRACTION_DIGITS_OFFSET, (byte) header.fractionDigits());
    bytes.putInt(TARGET_PAGE_BYTES_OFFSET, header.targetPageBytes());
    bytes.putLong(WINDOW_FIRST_OFFSET, header.windowFirst());
    bytes.putLong(WINDOW_LAST_OFFSET, header.windowLast());
    bytes.putLong(APPLIED_VERSION_OFFSET, header.appliedVersion());
    bytes.putInt(NAME_LENGTH_OFFSET, name.length);
    bytes.put(FIXED_HEADER_BYTES, name);
    return bytes;
  }

  /** The magic that the header has. */
  public static long magic(ByteBuffer header) {
    return header.getLong(MAGIC_OFFSET);
  }

  /** The length that the header has. */
  public static int length(ByteBuffer header) {
    return header.getInt(LENGTH_OFFSET);
  }

  /** The format version of the segment. */
  public static int version(ByteBuffer header) {
    return header.getShort(VERSION_OFFSET) & 0xFFFF;
  }

  /** What a checked header says. */
  public static Header decode(ByteBuffer header) {
    byte[] name = new byte[header.getInt(NAME_LENGTH_OFFSET)];
    header.get(FIXED_HEADER_BYTES, name);
    return new Header(
        new String(name, StandardCharsets.UTF_8),
        header.get(FRACTION_DIGITS_OFFSET),
        header.getInt(TARGET_PAGE_BYTES_OFFSET),
        header.getLong(WINDOW_FIRST_OFFSET),
        header.getLong(WINDOW_LAST_OFFSET),
        header.getLong(APPLIED_VERSION_OFFSET));
  }
}
