package io.timelog.internal.journal;

import io.timelog.TimelogCorruptionException;
import io.timelog.TimelogException;
import io.timelog.internal.format.Checksum;
import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * Layout of the header of a file of the log.
 *
 * <pre>
 *   offset  size  field
 *        0     8  magic {@value #MAGIC} ("TLLOGSTR")
 *        8     2  format version {@value #VERSION}
 *       10     2  0
 *       12     4  length of the header in bytes
 *       16    16  store: the high and the low half of its id
 *       32     8  number of the file
 *       40     8  number of the file before, 0 if there is none
 *       48     8  how much of the file before counts, in bytes
 *       56     4  0
 *       60     4  checksum: CRC-32C of the bytes before it
 * </pre>
 *
 * <p>Integers are little-endian. The first 16 bytes and the place of the checksum are the same in
 * every version, so that a reader can tell damage from a version that it does not know.
 */
final class LogHeaderFormat {
  /** "TLLOGSTR" as a little-endian integer. */
  static final long MAGIC = 0x525453474F4C4C54L;

  /** The format version that this class describes. */
  static final int VERSION = 1;

  /** Length of the header. */
  static final int BYTES = 64;

  private static final int MAGIC_OFFSET = 0;
  private static final int VERSION_OFFSET = MAGIC_OFFSET + Long.BYTES;
  private static final int LENGTH_OFFSET = VERSION_OFFSET + Integer.BYTES;
  private static final int STORE_OFFSET = LENGTH_OFFSET + Integer.BYTES;
  private static final int FILE_OFFSET = STORE_OFFSET + 2 * Long.BYTES;
  private static final int PREVIOUS_OFFSET = FILE_OFFSET + Long.BYTES;
  private static final int PREVIOUS_LENGTH_OFFSET = PREVIOUS_OFFSET + Long.BYTES;
  private static final int CHECKSUM_OFFSET = BYTES - Integer.BYTES;

  private LogHeaderFormat() {}

  /** Writes a header at 0. */
  static void put(ByteBuffer to, UUID store, LogHeader header) {
    to.putLong(MAGIC_OFFSET, MAGIC);
    to.putInt(VERSION_OFFSET, VERSION);
    to.putInt(LENGTH_OFFSET, BYTES);
    to.putLong(STORE_OFFSET, store.getMostSignificantBits());
    to.putLong(STORE_OFFSET + Long.BYTES, store.getLeastSignificantBits());
    to.putLong(FILE_OFFSET, header.file());
    to.putLong(PREVIOUS_OFFSET, header.previous());
    to.putLong(PREVIOUS_LENGTH_OFFSET, header.previousLength());
    to.putInt(PREVIOUS_LENGTH_OFFSET + Long.BYTES, 0);
    to.putInt(CHECKSUM_OFFSET, Checksum.of(to, 0, CHECKSUM_OFFSET));
  }

  /** Whether the first {@link #BYTES} bytes are a header of any version, as it was written. */
  static boolean isWhole(ByteBuffer bytes) {
    return bytes.getLong(MAGIC_OFFSET) == MAGIC
        && bytes.getInt(CHECKSUM_OFFSET) == Checksum.of(bytes, 0, CHECKSUM_OFFSET);
  }

  /**
   * Reads a header that is whole.
   *
   * @param file the number of the file in its name
   * @param name what messages call it
   * @throws TimelogCorruptionException if it is that of another file
   * @throws TimelogException if it has a format version that this build does not read
   */
  static LogHeader get(ByteBuffer bytes, UUID store, long file, String name) {
    int version = bytes.getShort(VERSION_OFFSET) & 0xFFFF;
    if (version != VERSION) {
      throw new TimelogException(
          "Log has a format that this build does not read, use a "
              + (version > VERSION ? "newer" : "older")
              + " version of Timelog: formatVersion="
              + version
              + ", known="
              + VERSION
              + ", source="
              + name
              + "@"
              + VERSION_OFFSET);
    }
    UUID found = new UUID(bytes.getLong(STORE_OFFSET), bytes.getLong(STORE_OFFSET + Long.BYTES));
    if (!found.equals(store)) {
      throw new TimelogCorruptionException(
          "Log file is of another store: store=" + found + ", expected=" + store,
          name,
          STORE_OFFSET);
    }
    LogHeader header =
        new LogHeader(
            bytes.getLong(FILE_OFFSET),
            bytes.getLong(PREVIOUS_OFFSET),
            bytes.getLong(PREVIOUS_LENGTH_OFFSET));
    if (header.file() != file) {
      throw new TimelogCorruptionException(
          "Log file has the name of another one: number=" + header.file(), name, FILE_OFFSET);
    }
    return header;
  }
}
