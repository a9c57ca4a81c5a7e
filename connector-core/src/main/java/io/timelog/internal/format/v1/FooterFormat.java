package io.timelog.internal.format.v1;

import io.timelog.internal.format.Checksum;
import io.timelog.internal.format.SegmentEnvelope;
import java.nio.ByteBuffer;

/**
 * Layout of the footer, the last {@value #BYTES} bytes of a segment and the first that are read.
 *
 * <pre>
 *   offset  size  field
 *        0     8  length of the segment in bytes
 *        8    16  place of the header
 *       24     8  offset of the key index in the segment, where the pages end
 *       32     8  offset of the time index in the segment, where the key index ends
 *       40    16  place of the directory of the key index
 *       56    16  place of the directory of the time index; empty if there is none
 *       72    16  place of the key groups
 *       88    16  place of the page directory
 *      104    16  place of the key filter; empty if there is none
 *      120    16  place of the statistics
 *      136     4  page count
 *      140     4  key count k
 *      144     4  count of key groups that have keys
 *      148     1  o: bits of a position that are the ordinal of the key in its page
 *      149     1  b: bits of a hash that choose the bucket of the key index
 *      150     2  0
 *      152    16  {@link SegmentEnvelope}: format version, length of the footer, checksum, magic
 * </pre>
 *
 * <p>The time index ends where the directory of the key index starts. The place of a section:
 *
 * <pre>
 *        0     8  offset in the segment
 *        8     4  length in bytes; 0 if empty
 *       12     4  checksum: CRC-32C of the whole section; 0 if empty
 * </pre>
 */
public final class FooterFormat {
  private static final int SEGMENT_LENGTH_OFFSET = 0;
  private static final int HEADER_OFFSET = SEGMENT_LENGTH_OFFSET + Long.BYTES;
  private static final int PLACE_BYTES = Long.BYTES + 2 * Integer.BYTES;
  private static final int KEY_INDEX_OFFSET = HEADER_OFFSET + PLACE_BYTES;
  private static final int TIME_INDEX_OFFSET = KEY_INDEX_OFFSET + Long.BYTES;
  private static final int KEY_INDEX_DIRECTORY_OFFSET = TIME_INDEX_OFFSET + Long.BYTES;
  private static final int TIME_INDEX_DIRECTORY_OFFSET = KEY_INDEX_DIRECTORY_OFFSET + PLACE_BYTES;
  private static final int KEY_GROUPS_OFFSET = TIME_INDEX_DIRECTORY_OFFSET + PLACE_BYTES;
  private static final int PAGE_DIRECTORY_OFFSET = KEY_GROUPS_OFFSET + PLACE_BYTES;
  private static final int KEY_FILTER_OFFSET = PAGE_DIRECTORY_OFFSET + PLACE_BYTES;
  private static final int STATISTICS_OFFSET = KEY_FILTER_OFFSET + PLACE_BYTES;
  private static final int PAGE_COUNT_OFFSET = STATISTICS_OFFSET + PLACE_BYTES;
  private static final int KEY_COUNT_OFFSET = PAGE_COUNT_OFFSET + Integer.BYTES;
  private static final int GROUP_COUNT_OFFSET = KEY_COUNT_OFFSET + Integer.BYTES;
  private static final int ORDINAL_BITS_OFFSET = GROUP_COUNT_OFFSET + Integer.BYTES;
  private static final int BUCKET_BITS_OFFSET = ORDINAL_BITS_OFFSET + 1;
  private static final int END_OFFSET = GROUP_COUNT_OFFSET + 2 * Integer.BYTES;

  /** Length of the footer. */
  public static final int BYTES = END_OFFSET + SegmentEnvelope.END_BYTES;

  private FooterFormat() {}

  /**
   * Where a section is.
   *
   * @param offset offset in the segment
   * @param length length in bytes
   * @param checksum CRC-32C of the section
   */
  public record Place(long offset, int length, int checksum) {
    /**
     * The place of a section that is complete between 0 and the limit of {@code bytes}; of none, if
     * there are no bytes.
     */
    public static Place of(long offset, ByteBuffer bytes) {
      return new Place(offset, bytes.limit(), Checksum.of(bytes, 0, bytes.limit()));
    }

    /** The place of a section that is not there. */
    public static Place empty(long offset) {
      return new Place(offset, 0, 0);
    }

    /** The offset after the section. */
    public long end() {
      return offset + length;
    }
  }

  /**
   * What a footer says.
   *
   * @param segmentLength length of the segment in bytes
   * @param header place of the header
   * @param keyIndex offset of the key index, where the pages end
   * @param timeIndex offset of the time index, where the key index ends
   * @param keyIndexDirectory place of the directory of the key index
   * @param timeIndexDirectory place of the directory of the time index; empty if there is none
   * @param keyGroups place of the key groups
   * @param pageDirectory place of the page directory
   * @param keyFilter place of the key filter; empty if there is none
   * @param statistics place of the statistics
   * @param pageCount pages
   * @param keyCount keys
   * @param groupCount key groups that have keys
   * @param ordinalBits bits of a position that are the ordinal of the key in its page
   * @param bucketBits bits of a hash that choose the bucket of the key index
   */
  public record Footer(
      long segmentLength,
      Place header,
      long keyIndex,
      long timeIndex,
      Place keyIndexDirectory,
      Place timeIndexDirectory,
      Place keyGroups,
      Place pageDirectory,
      Place keyFilter,
      Place statistics,
      int pageCount,
      int keyCount,
      int groupCount,
      int ordinalBits,
      int bucketBits) {

    /** Length of the key index in bytes. */
    public long keyIndexLength() {
      return timeIndex - keyIndex;
    }

    /** Length of the time index in bytes; 0 if there is none. */
    public long timeIndexLength() {
      return keyIndexDirectory.offset() - timeIndex;
    }
  }

  /** The footer as bytes, from 0 to the limit. */
  public static ByteBuffer encode(Footer footer) {
    ByteBuffer bytes = Sections.allocate(BYTES);
    bytes.putLong(SEGMENT_LENGTH_OFFSET, footer.segmentLength());
    putPlace(bytes, HEADER_OFFSET, footer.header());
    bytes.putLong(KEY_INDEX_OFFSET, footer.keyIndex());
    bytes.putLong(TIME_INDEX_OFFSET, footer.timeIndex());
    putPlace(bytes, KEY_INDEX_DIRECTORY_OFFSET, footer.keyIndexDirectory());
    putPlace(bytes, TIME_INDEX_DIRECTORY_OFFSET, footer.timeIndexDirectory());
    putPlace(bytes, KEY_GROUPS_OFFSET, footer.keyGroups());
    putPlace(bytes, PAGE_DIRECTORY_OFFSET, footer.pageDirectory());
    putPlace(bytes, KEY_FILTER_OFFSET, footer.keyFilter());
    putPlace(bytes, STATISTICS_OFFSET, footer.statistics());
    bytes.putInt(PAGE_COUNT_OFFSET, footer.pageCount());
    bytes.putInt(KEY_COUNT_OFFSET, footer.keyCount());
    bytes.putInt(GROUP_COUNT_OFFSET, footer.groupCount());
    bytes.put(ORDINAL_BITS_OFFSET, (byte) footer.ordinalBits());
    bytes.put(BUCKET_BITS_OFFSET, (byte) footer.bucketBits());
    SegmentEnvelope.putEnd(bytes, HeaderFormat.VERSION);
    return bytes;
  }

  /** What a checked footer says. */
  public static Footer decode(ByteBuffer bytes) {
    return new Footer(
        bytes.getLong(SEGMENT_LENGTH_OFFSET),
        place(bytes, HEADER_OFFSET),
        bytes.getLong(KEY_INDEX_OFFSET),
        bytes.getLong(TIME_INDEX_OFFSET),
        place(bytes, KEY_INDEX_DIRECTORY_OFFSET),
        place(bytes, TIME_INDEX_DIRECTORY_OFFSET),
        place(bytes, KEY_GROUPS_OFFSET),
        place(bytes, PAGE_DIRECTORY_OFFSET),
        place(bytes, KEY_FILTER_OFFSET),
        place(bytes, STATISTICS_OFFSET),
        bytes.getInt(PAGE_COUNT_OFFSET),
        bytes.getInt(KEY_COUNT_OFFSET),
        bytes.getInt(GROUP_COUNT_OFFSET),
        bytes.get(ORDINAL_BITS_OFFSET),
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
