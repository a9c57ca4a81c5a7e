package io.timelog.internal.manifest;

import io.timelog.TimelogCorruptionException;
import io.timelog.TimelogException;
import io.timelog.internal.format.Checksum;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Layout of a manifest.
 *
 * <pre>
 *   offset  size  field
 *        0     8  magic {@value #MAGIC} ("TLMANIFE")
 *        8     4  length of the manifest in bytes
 *       12     4  checksum: CRC-32C of the bytes from 16 to the end
 *       16     2  format version {@value #VERSION}
 *       18     6  0
 *       24    16  store: the high and the low half of its id
 *       40     8  version of the store
 *       48     4  count of tables
 *       52        the tables, see {@link TableFormat}
 * </pre>
 *
 * <p>Integers are little-endian. The first 18 bytes are the same in every version, so that a reader
 * can tell damage from a version that it does not know. The parts follow each other without
 * padding: a manifest is small, and read once, front to back.
 */
public final class ManifestFormat {
  /** "TLMANIFE" as a little-endian integer. */
  public static final long MAGIC = 0x4546494E414D4C54L;

  /** The format version that this class describes. */
  public static final int VERSION = 1;

  private static final int LENGTH_OFFSET = Long.BYTES;
  private static final int CHECKSUM_OFFSET = LENGTH_OFFSET + Integer.BYTES;
  private static final int VERSION_OFFSET = CHECKSUM_OFFSET + Integer.BYTES;
  private static final int STORE_OFFSET = VERSION_OFFSET + Long.BYTES;
  private static final int FIXED_BYTES = STORE_OFFSET + 3 * Long.BYTES + Integer.BYTES;

  private ManifestFormat() {}

  /** The manifest as bytes. O(files). */
  public static byte[] encode(Manifest manifest) {
    int length = FIXED_BYTES;
    for (TableEntry table : manifest.tables()) {
      length = Math.addExact(length, TableFormat.length(table));
    }
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(MAGIC).putInt(length).putInt(0).putLong(VERSION);
    TableFormat.putId(bytes, manifest.store());
    bytes.putLong(manifest.version()).putInt(manifest.tables().size());
    manifest.tables().forEach(table -> TableFormat.put(bytes, table));
    bytes.putInt(CHECKSUM_OFFSET, checksum(bytes));
    return bytes.array();
  }

  private static int checksum(ByteBuffer bytes) {
    return Checksum.of(bytes, VERSION_OFFSET, bytes.limit() - VERSION_OFFSET);
  }

  /**
   * What a manifest says.
   *
   * @param name what messages call it
   * @throws TimelogCorruptionException if the bytes are not those of a manifest, or not all of them
   * @throws TimelogException if it has a format version that this build does not read
   */
  public static Manifest decode(byte[] manifest, String name) {
    ByteBuffer bytes = ByteBuffer.wrap(manifest).order(ByteOrder.LITTLE_ENDIAN);
    checkEnvelope(bytes, name);
    bytes.position(STORE_OFFSET);
    try {
      ManifestReader reader = new ManifestReader(bytes, name);
      Manifest decoded =
          new Manifest(
              reader.id(),
              bytes.getLong(),
              reader.list(TableFormat.MIN_BYTES, () -> TableFormat.get(reader)));
      reader.require(!bytes.hasRemaining(), "Manifest has more bytes than it describes");
      return decoded;
    } catch (BufferUnderflowException tooShort) {
      throw new TimelogCorruptionException(
          "Manifest has fewer bytes than it describes", name, bytes.position());
    }
  }

  private static void checkEnvelope(ByteBuffer bytes, String name) {
    check(
        bytes.limit() >= FIXED_BYTES && bytes.getLong(0) == MAGIC,
        "These are not the bytes of a manifest: length=" + bytes.limit(),
        name,
        0);
    int length = bytes.getInt(LENGTH_OFFSET);
    check(
        length == bytes.limit(),
        "Manifest has a wrong length: stored=" + length + ", actual=" + bytes.limit(),
        name,
        LENGTH_OFFSET);
    int stored = bytes.getInt(CHECKSUM_OFFSET);
    int computed = checksum(bytes);
    check(
        stored == computed,
        "Manifest checksum mismatch: " + Checksum.mismatch(stored, computed),
        name,
        CHECKSUM_OFFSET);
    int version = bytes.getShort(VERSION_OFFSET) & 0xFFFF;
    if (version != VERSION) {
      throw new TimelogException(
          "Manifest has a format that this build does not read, use a "
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
  }

  private static void check(boolean holds, String problem, String name, long offset) {
    if (!holds) {
      throw new TimelogCorruptionException(problem, name, offset);
    }
  }
}
