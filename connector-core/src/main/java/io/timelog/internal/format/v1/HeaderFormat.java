package io.timelog.internal.format.v1;

import io.timelog.internal.format.SegmentEnvelope;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Layout of the header, which says whose rows these are.
 *
 * <pre>
 *   offset  size  field
 *        0    14  {@link SegmentEnvelope}: magic, length of the header, format version {@value #VERSION}
 *       14     2  0
 *       16     4  target length of a page in bytes
 *       20     4  length of the table's name in bytes
 *       24     8  first timestamp of the partition window
 *       32     8  last timestamp of the partition window, included
 *       40     8  applied version: deletes up to this version have been applied to the rows
 *       48        name of the table in UTF-8, zeros up to a multiple of 8
 * </pre>
 *
 * <p>The checksum of the header is in the footer.
 */
public final class HeaderFormat {
  /** The format version that this package describes. */
  public static final int VERSION = 1;

  /** Length of the header without the name of the table. */
  public static final int FIXED_BYTES = 48;

  private static final int TARGET_PAGE_BYTES_OFFSET = SegmentEnvelope.START_BYTES;
  private static final int NAME_LENGTH_OFFSET = TARGET_PAGE_BYTES_OFFSET + Integer.BYTES;
  private static final int WINDOW_FIRST_OFFSET = NAME_LENGTH_OFFSET + Integer.BYTES;
  private static final int WINDOW_LAST_OFFSET = WINDOW_FIRST_OFFSET + Long.BYTES;
  private static final int APPLIED_VERSION_OFFSET = WINDOW_LAST_OFFSET + Long.BYTES;

  private HeaderFormat() {}

  /**
   * What the header of a segment says.
   *
   * @param table name of the table
   * @param targetPageBytes length in bytes that pages were aimed at
   * @param windowFirst first timestamp of the partition window
   * @param windowLast last timestamp of the partition window, included
   * @param appliedVersion deletes up to this version have been applied to the rows
   */
  public record Header(
      String table, int targetPageBytes, long windowFirst, long windowLast, long appliedVersion) {}

  /** The header as bytes, from 0 to the limit. */
  public static ByteBuffer encode(Header header) {
    byte[] name = header.table().getBytes(StandardCharsets.UTF_8);
    int length = Math.toIntExact(Sections.align(FIXED_BYTES + (long) name.length));
    ByteBuffer bytes = Sections.allocate(length);
    SegmentEnvelope.putStart(bytes, VERSION);
    bytes.putInt(TARGET_PAGE_BYTES_OFFSET, header.targetPageBytes());
    bytes.putInt(NAME_LENGTH_OFFSET, name.length);
    bytes.putLong(WINDOW_FIRST_OFFSET, header.windowFirst());
    bytes.putLong(WINDOW_LAST_OFFSET, header.windowLast());
    bytes.putLong(APPLIED_VERSION_OFFSET, header.appliedVersion());
    bytes.put(FIXED_BYTES, name);
    return bytes;
  }

  /** Whether the name has the length that the header says. */
  public static boolean isConsistent(ByteBuffer header) {
    int nameLength = header.getInt(NAME_LENGTH_OFFSET);
    return nameLength >= 0 && Sections.align(FIXED_BYTES + (long) nameLength) == header.limit();
  }

  /** What a checked header says. */
  public static Header decode(ByteBuffer header) {
    byte[] name = new byte[header.getInt(NAME_LENGTH_OFFSET)];
    header.get(FIXED_BYTES, name);
    return new Header(
        new String(name, StandardCharsets.UTF_8),
        header.getInt(TARGET_PAGE_BYTES_OFFSET),
        header.getLong(WINDOW_FIRST_OFFSET),
        header.getLong(WINDOW_LAST_OFFSET),
        header.getLong(APPLIED_VERSION_OFFSET));
  }
}
