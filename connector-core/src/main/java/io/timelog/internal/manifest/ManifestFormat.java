package io.timelog.internal.manifest;

import io.timelog.TimelogCorruptionException;
import io.timelog.TimelogException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Layout of the manifest of an export.
 *
 * <pre>
 *   offset  size  field
 *        0    24  {@link ManifestEnvelope}: magic {@value #MAGIC} ("TLMANIFE"), length, checksum,
 *                 format version {@value #VERSION}
 *       24    16  store: the high and the low half of its id
 *       40     8  version of the store
 *       48     4  count of tables
 *       52        the tables, see {@link TableFormat}
 * </pre>
 *
 * <p>Integers are little-endian. The parts follow each other without padding: a manifest is small,
 * and read once, front to back.
 */
public final class ManifestFormat {
  /** "TLMANIFE" as a little-endian integer. */
  public static final long MAGIC = 0x4546494E414D4C54L;

  /** The format version that this class describes. */
  public static final int VERSION = 1;

  private static final int STORE_OFFSET = ManifestEnvelope.BYTES;
  private static final int FIXED_BYTES = STORE_OFFSET + 3 * Long.BYTES + Integer.BYTES;
  private static final ManifestEnvelope ENVELOPE =
      new ManifestEnvelope(MAGIC, VERSION, FIXED_BYTES);

  private ManifestFormat() {}

  /** The manifest as bytes. O(files). */
  public static byte[] encode(Manifest manifest) {
    int length = FIXED_BYTES;
    for (TableEntry table : manifest.tables()) {
      length = Math.addExact(length, TableFormat.length(table));
    }
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.position(STORE_OFFSET);
    TableFormat.putId(bytes, manifest.store());
    bytes.putLong(manifest.version()).putInt(manifest.tables().size());
    manifest.tables().forEach(table -> TableFormat.put(bytes, table));
    ENVELOPE.put(bytes, VERSION);
    return bytes.array();
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
    ENVELOPE.check(bytes, name);
    bytes.position(STORE_OFFSET);
    try {
      ManifestReader reader = new ManifestReader(bytes, name);
      Manifest decoded =
          new Manifest(
              reader.id(),
              bytes.getLong(),
              reader.list(TableFormat.MIN_BYTES, () -> TableFormat.get(reader)));
      reader.requireEnd();
      return decoded;
    } catch (BufferUnderflowException tooShort) {
      throw new TimelogCorruptionException(
          "Manifest has fewer bytes than it describes", name, bytes.position());
    }
  }
}
