package io.timelog.internal.format;

import java.nio.ByteBuffer;

/**
 * Layout of the footer, the last {@value #BYTES} bytes of a segment and the first that are read.
 *
 * <pre>
 *   offset  size  field
 *        0     8  length of the segment in bytes
 *        8    16  place of the header
 *       24    16  place of the key index
 *       40    16  place of the key group table
 *       56    16  place of the page directory
 *       72    16  place of the statistics
 *       88     4  page count
 *       92     4  key count k
 *       96     4  count of key groups that have keys
 *      100     1  r: bits of an index position that number the key in its page
 *      101     1  b: bits of a hash that choose the bucket of the index
 *      102     2  0
 *      104     4  length of the time index in bytes, or 0 if there is none
 *      108     4  checksum of the time index: CRC-32C, or 0 if there is none
 *      112     2  format version {@value SegmentFormat#VERSION}
 *      114     2  0
 *      116     4  checksum: CRC-32C of the bytes from 0 to 116
 *      120     8  magic {@value #MAGIC} ("TLSEGEND")
 * </pre>
 *
 * <p>The place of a section:
 *
 * <pre>
 *        0     8  offset in the segment
 *        8     4  length in bytes
 *       12     4  checksum: CRC-32C of the whole section
 * </pre>
 *
 * <p>The time index, if there is one, starts where the page directory ends.
 */
public final class FooterFormat {
  /** "TLSEGEND" as a little-endian integer. */
  public static final long MAGIC = 0x444E454745534C54L;

  /** Length of the footer. */
  public static final int BYTES = 128;

  private static final int FILE_LENGTH_OFFSET = 0;
  private static final int HEADER_OFFSET = FILE_LENGTH_OFFSET + Long.BYTES;
  private static final int PLACE_BYTES = Long.BYTES + 2 * Integer.BYTES;
  private static final int KEY_INDEX_OFFSET = HEADER_OFFSET + PLACE_BYTES;
  private static final int KEY_GROUPS_OFFSET = KEY_INDEX_OFFSET + PLACE_BYTES;
  private static final int DIRECTORY_OFFSET = KEY_GROUPS_OFFSET + PLACE_BYTES;
  private static final int STATISTICS_OFFSET = DIRECTORY_OFFSET + PLACE_BYTES;
  private static final int PAGE_COUNT_OFFSET = STATISTICS_OFFSET + PLACE_BYTES;
  private static final int KEY_COUNT_OFFSET = PAGE_COUNT_OFFSET + Integer.BYTES;
  private static final int GROUP_COUNT_OFFSET = KEY_COUNT_OFFSET + Integer.BYTES;
  private static final int RUN_BITS_OFFSET = GROUP_COUNT_OFFSET + Integer.BYTES;
  private static final int BUCKET_BITS_OFFSET = RUN_BITS_OFFSET + 1;
  private static final int TIME_INDEX_LENGTH_OFFSET = BUCKET_BITS_OFFSET + 3;
  private static final int TIME_INDEX_CHECKSUM_OFFSET = TIME_INDEX_LENGTH_OFFSET + Integer.BYTES;
  private static final int MAGIC_OFFSET = BYTES - Long.BYTES;
  private static final int CHECKSUM_OFFSET = MAGIC_OFFSET - Integer.BYTES;
  private static final int VERSION_OFFSET = CHECKSUM_OFFSET - Integer.BYTES;

  private FooterFormat() {}

  /**
   * Where a section is.
   *
   * @param offset offset in the segment
   * @param length length in bytes
   * @param checksum CRC-32C
   */
  public record Place(long offset, int length, int checksum) {
    /** The place of a section that is complete between 0 and the limit of {@code bytes}. */
    public static Place of(long offset, ByteBuffer bytes) {
      return new Place(offset, bytes.limit(), Checksum.of(bytes, 0, bytes.limit()));
    }

    /** The offset after the section. */
    public long end() {
      return offset + length;
    }
  }

  /**
   * What a footer says.
   *
   * @param fileLength length of the segment
   * @param header place of the header
   * @param keyIndex place of the key index
   * @param keyGroups place of the key group table
   * @param directory place of the page directory
   * @param timeIndex place of the time index, after the directory; of length 0 if there is none
   * @param statistics place of the statistics
   * @param pageCount pages
   * @param keyCount keys
   * @param groupCount key groups that have keys
   * @param runBits bits of an index position that number the key in its page
   * @param bucketBits bits of a hash that choose the bucket of the index
   */
  public record Footer(
      long fileLength,
      Place header,
      Place keyIndex,
      Place keyGroups,
      Place directory,
      Place timeIndex,
      Place statistics,
      int pageCount,
      int keyCount,
      int groupCount,
      int runBits,
      int bucketBits) {}

  /** The footer as bytes, from 0 to the limit. */
  public static ByteBuffer encode(Footer footer) {
    ByteBuffer bytes = Sections.allocate(BYTES);
    bytes.putLong(FILE_LENGTH_OFFSET, footer.fileLength());
    putPlace(bytes, HEADER_OFFSET, footer.header());
    putPlace(bytes, KEY_INDEX_OFFSET, footer.keyIndex());
    putPlace(bytes, KEY_GROUPS_OFFSET, footer.keyGroups());
    putPlace(bytes, DIRECTORY_OFFSET, footer.directory());
    putPlace(bytes, STATISTICS_OFFSET, footer.statistics());
    bytes.putInt(PAGE_COUNT_OFFSET, footer.pageCount());
    bytes.putInt(KEY_COUNT_OFFSET, footer.keyCount());
    bytes.putInt(GROUP_COUNT_OFFSET, footer.groupCount());
    bytes.put(RUN_BITS_OFFSET, (byte) footer.runBits());
    bytes.put(BUCKET_BITS_OFFSET, (byte) footer.bucketBits());
    bytes.putInt(TIME_INDEX_LENGTH_OFFSET, footer.timeIndex().length());
    bytes.putInt(TIME_INDEX_CHECKSUM_OFFSET, footer.timeIndex().checksum());
    bytes.putShort(VERSION_OFFSET, SegmentFormat.VERSION);
    bytes.putInt(CHECKSUM_OFFSET, computeChecksum(bytes));
    bytes.putLong(MAGIC_OFFSET, MAGIC);
    return bytes;
  }

  /** The checksum that a footer should have. */
  public static int computeChecksum(ByteBuffer footer) {
    return Checksum.of(footer, 0, CHECKSUM_OFFSET);
  }

  /** The magic that the footer has. */
  public static long magic(ByteBuffer footer) {
    return footer.getLong(MAGIC_OFFSET);
  }

  /** The checksum that the footer has. */
  public static int checksum(ByteBuffer footer) {
    return footer.getInt(CHECKSUM_OFFSET);
  }

  /** The format version that the footer has. */
  public static int version(ByteBuffer footer) {
    return footer.getShort(VERSION_OFFSET) & 0xFFFF;
  }

  /** What a checked footer says. */
  public static Footer decode(ByteBuffer bytes) {
    Place directory = place(bytes, DIRECTORY_OFFSET);
    return new Footer(
        bytes.getLong(FILE_LENGTH_OFFSET),
        place(bytes, HEADER_OFFSET),
        place(bytes, KEY_INDEX_OFFSET),
        place(bytes, KEY_GROUPS_OFFSET),
        directory,
        new Place(
            directory.end(),
            bytes.getInt(TIME_INDEX_LENGTH_OFFSET),
            bytes.getInt(TIME_INDEX_CHECKSUM_OFFSET)),
        place(bytes, STATISTICS_OFFSET),
        bytes.getInt(PAGE_COUNT_OFFSET),
        bytes.getInt(KEY_COUNT_OFFSET),
        bytes.getInt(GROUP_COUNT_OFFSET),
        bytes.get(RUN_BITS_OFFSET),
        bytes.get(BUCKET_BITS_OFFSET));
  }

  private static void putPlace(ByteBuffer bytes, int at, Place place) {
    bytes.putLong(at, place.offset());
    bytes.putInt(at + Long.BYTES, place.length());
    bytes.putInt(at + Long.BYTES + Integer.BYTES, place.checksum());
  }

  private static Place place(ByteBuffer bytes, int at) {
    return new Place(
        bytes.getLong(at),
        bytes.getInt(at + Long.BYTES),
        bytes.getInt(at + Long.BYTES + Integer.BYTES));
  }
}
