package io.timelog.internal.format;

import io.timelog.TimelogCorruptionException;
import io.timelog.TimelogException;
import java.nio.ByteBuffer;

/**
 * The first and the last 16 bytes of a segment, which every version of the format has in the same
 * place. A reader that knows nothing else learns from them whether this is a complete segment and
 * which version it has.
 *
 * <p>Start of the header:
 *
 * <pre>
 *   offset  size  field
 *        0     8  magic {@value #HEADER_MAGIC} ("TLSEGMNT")
 *        8     4  length of the header in bytes
 *       12     2  format version
 *       14     2  of the version
 * </pre>
 *
 * <p>End of the footer, the end of the segment:
 *
 * <pre>
 *   offset  size  field
 *        0     2  format version
 *        2     2  length of the footer in bytes, these 16 included
 *        4     4  checksum: CRC-32C of the footer up to here
 *        8     8  magic {@value #FOOTER_MAGIC} ("TLSEGEND")
 * </pre>
 *
 * <p>Integers are little-endian. All checks of these bytes are here, in the order in which a reader
 * makes them: {@link #checkEnd}, {@link #checkFooter}, {@link #checkHeader}. Bytes that are damaged
 * are a {@link TimelogCorruptionException}; a sound segment of a version that this build does not
 * read is a plain {@link TimelogException}. Both name the file and the offset.
 */
public final class SegmentEnvelope {
  /** "TLSEGMNT" as a little-endian integer. */
  public static final long HEADER_MAGIC = 0x544E4D4745534C54L;

  /** "TLSEGEND" as a little-endian integer. */
  public static final long FOOTER_MAGIC = 0x444E454745534C54L;

  /** Length of what all versions have at the start of the header. */
  public static final int START_BYTES = 16;

  /** Length of what all versions have at the end of the footer. */
  public static final int END_BYTES = 16;

  /** The oldest version that this build reads. */
  static final int MIN_VERSION = 1;

  /** The newest version that this build reads. */
  static final int MAX_VERSION = 1;

  private static final int MAGIC_OFFSET = 0;
  private static final int LENGTH_OFFSET = MAGIC_OFFSET + Long.BYTES;
  private static final int VERSION_OFFSET = LENGTH_OFFSET + Integer.BYTES;

  private static final int END_VERSION_OFFSET = 0;
  private static final int END_LENGTH_OFFSET = END_VERSION_OFFSET + Short.BYTES;
  private static final int END_CHECKSUM_OFFSET = END_LENGTH_OFFSET + Short.BYTES;
  private static final int END_MAGIC_OFFSET = END_CHECKSUM_OFFSET + Integer.BYTES;

  private SegmentEnvelope() {}

  /** Writes the start of a header that ends at the limit of {@code header}. */
  public static void putStart(ByteBuffer header, int version) {
    header.putLong(MAGIC_OFFSET, HEADER_MAGIC);
    header.putInt(LENGTH_OFFSET, header.limit());
    header.putShort(VERSION_OFFSET, (short) version);
  }

  /** Writes the end of a footer that is complete but for it and ends at the limit of the buffer. */
  public static void putEnd(ByteBuffer footer, int version) {
    int end = footer.limit() - END_BYTES;
    footer.putShort(end + END_VERSION_OFFSET, (short) version);
    footer.putShort(end + END_LENGTH_OFFSET, (short) footer.limit());
    footer.putInt(end + END_CHECKSUM_OFFSET, computeChecksum(footer));
    footer.putLong(end + END_MAGIC_OFFSET, FOOTER_MAGIC);
  }

  /**
   * Checks that the last bytes of a segment are the end of a footer.
   *
   * @param end the last {@link #END_BYTES} bytes of the segment
   * @param segmentLength length of the segment in bytes
   * @param file name of the segment, for messages
   * @return the length of the footer in bytes, which is not larger than the segment
   * @throws TimelogCorruptionException if they are not
   */
  public static int checkEnd(ByteBuffer end, long segmentLength, String file) {
    long offset = segmentLength - END_BYTES;
    check(
        end.getLong(END_MAGIC_OFFSET) == FOOTER_MAGIC,
        "Segment does not end with the footer of a segment",
        file,
        offset);
    int length = end.getShort(END_LENGTH_OFFSET) & 0xFFFF;
    check(
        END_BYTES <= length && length <= segmentLength,
        "Length of the footer is out of bounds: length="
            + length
            + ", segmentLength="
            + segmentLength,
        file,
        offset);
    return length;
  }

  /**
   * The checksum in the last {@link #END_BYTES} bytes of a segment: of the footer, and so of the
   * checksums of all sections, and of the page directory with those of all pages.
   */
  public static int checksum(ByteBuffer end) {
    return end.getInt(END_CHECKSUM_OFFSET);
  }

  /**
   * Checks a footer, from 0 to the limit, whose end was {@linkplain #checkEnd checked}.
   *
   * @param offset where the footer is in the segment
   * @return the format version, one that this build reads
   * @throws TimelogCorruptionException if the footer is not as it was written
   * @throws TimelogException if the segment has a version that this build does not read
   */
  public static int checkFooter(ByteBuffer footer, String file, long offset) {
    int end = footer.limit() - END_BYTES;
    int stored = footer.getInt(end + END_CHECKSUM_OFFSET);
    int computed = computeChecksum(footer);
    check(
        stored == computed,
        "Footer checksum mismatch: " + Checksum.mismatch(stored, computed),
        file,
        offset);
    // After the checksum, so that damage is not taken for another version.
    int version = footer.getShort(end + END_VERSION_OFFSET) & 0xFFFF;
    checkVersion(version, MIN_VERSION, MAX_VERSION, file, offset + end);
    return version;
  }

  /**
   * Checks the start of a header whose checksum was compared.
   *
   * @param header the header, from 0 to the limit
   * @param version the version in the footer
   * @throws TimelogCorruptionException if it is not the header of such a segment
   */
  public static void checkHeader(ByteBuffer header, int version, String file) {
    check(
        header.getLong(MAGIC_OFFSET) == HEADER_MAGIC
            && header.getInt(LENGTH_OFFSET) == header.limit()
            && (header.getShort(VERSION_OFFSET) & 0xFFFF) == version,
        "Segment does not start with the header that its footer describes",
        file,
        0);
  }

  /** Demands a version from {@code min} to {@code max}, both included. */
  static void checkVersion(int version, int min, int max, String file, long offset) {
    if (version > max) {
      throw unknownVersion(
          "Segment format is too new, read it with a newer version of Timelog",
          version,
          min,
          max,
          file,
          offset);
    }
    if (version < min) {
      throw unknownVersion(
          "Segment format is too old, read it with an older version of Timelog",
          version,
          min,
          max,
          file,
          offset);
    }
  }

  private static TimelogException unknownVersion(
      String problem, int version, int min, int max, String file, long offset) {
    return new TimelogException(
        problem
            + ": formatVersion="
            + version
            + ", minFormatVersion="
            + min
            + ", maxFormatVersion="
            + max
            + ", source="
            + file
            + "@"
            + offset);
  }

  private static int computeChecksum(ByteBuffer footer) {
    return Checksum.of(footer, 0, footer.limit() - END_BYTES + END_CHECKSUM_OFFSET);
  }

  private static void check(boolean holds, String problem, String file, long offset) {
    if (!holds) {
      throw new TimelogCorruptionException(problem, file, offset);
    }
  }
}
