package io.timelog.internal.compression;

import io.timelog.internal.format.Checksum;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Layout of a segment whose pages are compressed, as it lies in a file of a directory.
 *
 * <pre>
 *   pieces  the bytes of the segment, from the first to the last
 *   table   an entry for each piece
 *   name    the name of the codec, in ASCII
 *   end     what is read first
 * </pre>
 *
 * <p>A piece is a page, compressed, or any other part of the segment, as it is: what is before the
 * pages and behind them, pages that do not become shorter, and pages of more than {@value
 * #MAX_COMPRESSED_BYTES} bytes. Pieces follow each other without a gap, in the segment and here; so
 * a piece is as it is if it has one length in both. It is in the segment that indexes, sections and
 * the footer are, so nothing of them has to be decompressed.
 *
 * <p>An entry of the table:
 *
 * <pre>
 *   offset  size  field
 *        0     8  end of the piece in the segment
 *        8     8  end of the piece here, from where the first one begins
 *       16     4  checksum: CRC-32C of the piece as it lies here; 0 if it is as it is, because then
 *                 it has those of the segment
 * </pre>
 *
 * <p>The end:
 *
 * <pre>
 *   offset  size  field
 *        0     8  length of the segment in bytes
 *        8     4  count of pieces, at least 1
 *       12     2  length of the name of the codec, 1 to 64
 *       14     2  format version {@value #VERSION}
 *       16     4  checksum: CRC-32C of table, name and the end up to here
 *       20     8  magic {@value #MAGIC} ("TLCOMPRS")
 * </pre>
 *
 * <p>Integers are little-endian. How long all of it is says the manifest. The limit for a page that
 * is compressed bounds what a few bytes can make a reader take memory for.
 */
final class CompressedFormat {
  /** "TLCOMPRS" as a little-endian integer. */
  static final long MAGIC = 0x5352504D4F434C54L;

  /** The format version that this class describes. */
  static final int VERSION = 1;

  /** The longest page that is compressed: 16 MiB. */
  static final int MAX_COMPRESSED_BYTES = 16 << 20;

  /** Length of an entry of the table. */
  static final int ENTRY_BYTES = 20;

  /** Length of the end. */
  static final int END_BYTES = 28;

  private static final int PIECE_END_OFFSET = 0;
  private static final int STORED_END_OFFSET = PIECE_END_OFFSET + Long.BYTES;
  private static final int PIECE_CHECKSUM_OFFSET = STORED_END_OFFSET + Long.BYTES;

  private static final int LENGTH_OFFSET = 0;
  private static final int COUNT_OFFSET = LENGTH_OFFSET + Long.BYTES;
  private static final int NAME_LENGTH_OFFSET = COUNT_OFFSET + Integer.BYTES;
  private static final int VERSION_OFFSET = NAME_LENGTH_OFFSET + Short.BYTES;
  private static final int CHECKSUM_OFFSET = VERSION_OFFSET + Short.BYTES;
  private static final int MAGIC_OFFSET = CHECKSUM_OFFSET + Integer.BYTES;

  private CompressedFormat() {}

  /** Length of table, name and end; may be more than a buffer can have. */
  static long tailLength(int count, int nameLength) {
    return (long) ENTRY_BYTES * count + nameLength + END_BYTES;
  }

  /** Writes the entry of a piece into a tail, which begins with the table. */
  static void putPiece(ByteBuffer tail, int piece, long end, long storedEnd, int checksum) {
    int at = ENTRY_BYTES * piece;
    tail.putLong(at + PIECE_END_OFFSET, end);
    tail.putLong(at + STORED_END_OFFSET, storedEnd);
    tail.putInt(at + PIECE_CHECKSUM_OFFSET, checksum);
  }

  /** Writes name and end into a tail, from 0 to the limit, whose table is complete. */
  static void putEnd(ByteBuffer tail, long length, int count, byte[] name) {
    tail.put(ENTRY_BYTES * count, name);
    int end = tail.limit() - END_BYTES;
    tail.putLong(end + LENGTH_OFFSET, length);
    tail.putInt(end + COUNT_OFFSET, count);
    tail.putShort(end + NAME_LENGTH_OFFSET, (short) name.length);
    tail.putShort(end + VERSION_OFFSET, (short) VERSION);
    tail.putInt(end + CHECKSUM_OFFSET, computeChecksum(tail));
    tail.putLong(end + MAGIC_OFFSET, MAGIC);
  }

  /** Where a piece ends in the segment. */
  static long end(ByteBuffer tail, int piece) {
    return tail.getLong(ENTRY_BYTES * piece + PIECE_END_OFFSET);
  }

  /** Where a piece ends in the file, from where the first one begins. */
  static long storedEnd(ByteBuffer tail, int piece) {
    return tail.getLong(ENTRY_BYTES * piece + STORED_END_OFFSET);
  }

  /** The checksum of a piece that is compressed. */
  static int checksum(ByteBuffer tail, int piece) {
    return tail.getInt(ENTRY_BYTES * piece + PIECE_CHECKSUM_OFFSET);
  }

  /** Whether this is an end, of whatever version. */
  static boolean hasMagic(ByteBuffer end) {
    return end.getLong(end.limit() - END_BYTES + MAGIC_OFFSET) == MAGIC;
  }

  /** The length of the segment, by the end. */
  static long length(ByteBuffer end) {
    return end.getLong(end.limit() - END_BYTES + LENGTH_OFFSET);
  }

  /** The count of pieces, by the end. */
  static int count(ByteBuffer end) {
    return end.getInt(end.limit() - END_BYTES + COUNT_OFFSET);
  }

  /** The length of the name of the codec, by the end. */
  static int nameLength(ByteBuffer end) {
    return end.getShort(end.limit() - END_BYTES + NAME_LENGTH_OFFSET) & 0xFFFF;
  }

  /** The format version, by the end. */
  static int version(ByteBuffer end) {
    return end.getShort(end.limit() - END_BYTES + VERSION_OFFSET) & 0xFFFF;
  }

  /** The checksum that a tail has. */
  static int checksum(ByteBuffer tail) {
    return tail.getInt(tail.limit() - END_BYTES + CHECKSUM_OFFSET);
  }

  /** The checksum that a tail, from 0 to the limit, should have. */
  static int computeChecksum(ByteBuffer tail) {
    return Checksum.of(tail, 0, tail.limit() - END_BYTES + CHECKSUM_OFFSET);
  }

  /** The name of the codec in a tail that was checked. */
  static String name(ByteBuffer tail) {
    byte[] name = new byte[nameLength(tail)];
    tail.get(ENTRY_BYTES * count(tail), name);
    return new String(name, StandardCharsets.US_ASCII);
  }
}
