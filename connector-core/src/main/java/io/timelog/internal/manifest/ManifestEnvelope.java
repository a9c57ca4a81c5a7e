package io.timelog.internal.manifest;

import io.timelog.TimelogCorruptionException;
import io.timelog.TimelogException;
import io.timelog.internal.format.Checksum;
import java.nio.ByteBuffer;

/**
 * The first {@value #BYTES} bytes of every kind of manifest.
 *
 * <pre>
 *   offset  size  field
 *        0     8  magic, which tells the kind
 *        8     4  length of the manifest in bytes
 *       12     4  checksum: CRC-32C of the bytes from 16 to the end
 *       16     2  format version
 *       18     6  0
 * </pre>
 *
 * <p>They are the same in every version, so that a reader can tell damage from a version that it
 * does not know.
 */
final class ManifestEnvelope {
  /** Length of the envelope. */
  static final int BYTES = 24;

  private static final int MAGIC_OFFSET = 0;
  private static final int LENGTH_OFFSET = MAGIC_OFFSET + Long.BYTES;
  private static final int CHECKSUM_OFFSET = LENGTH_OFFSET + Integer.BYTES;
  private static final int VERSION_OFFSET = CHECKSUM_OFFSET + Integer.BYTES;

  private final long magic;
  private final int maxVersion;
  private final int minBytes;

  /**
   * Of manifests of this kind, of which versions from 1 to {@code maxVersion} are known and none is
   * shorter than {@code minBytes}.
   */
  ManifestEnvelope(long magic, int maxVersion, int minBytes) {
    this.magic = magic;
    this.maxVersion = maxVersion;
    this.minBytes = minBytes;
  }

  /** Writes the envelope of a manifest that is complete but for it, from 0 to the limit. */
  void put(ByteBuffer manifest, int version) {
    manifest.putLong(MAGIC_OFFSET, magic);
    manifest.putInt(LENGTH_OFFSET, manifest.limit());
    manifest.putLong(VERSION_OFFSET, version);
    manifest.putInt(CHECKSUM_OFFSET, checksum(manifest));
  }

  private static int checksum(ByteBuffer manifest) {
    return Checksum.of(manifest, VERSION_OFFSET, manifest.limit() - VERSION_OFFSET);
  }

  /**
   * Checks a manifest, from 0 to the limit.
   *
   * @param name what messages call it
   * @return its format version, one that this build reads
   * @throws TimelogCorruptionException if the bytes are not those of a manifest, or not all of them
   * @throws TimelogException if it has a format version that this build does not read
   */
  int check(ByteBuffer manifest, String name) {
    check(
        manifest.limit() >= minBytes && manifest.getLong(MAGIC_OFFSET) == magic,
        "These are not the bytes of a manifest: length=" + manifest.limit(),
        name,
        0);
    int length = manifest.getInt(LENGTH_OFFSET);
    check(
        length == manifest.limit(),
        "Manifest has a wrong length: stored=" + length + ", actual=" + manifest.limit(),
        name,
        LENGTH_OFFSET);
    int stored = manifest.getInt(CHECKSUM_OFFSET);
    int computed = checksum(manifest);
    check(
        stored == computed,
        "Manifest checksum mismatch: " + Checksum.mismatch(stored, computed),
        name,
        CHECKSUM_OFFSET);
    int actual = manifest.getShort(VERSION_OFFSET) & 0xFFFF;
    if (actual < 1 || actual > maxVersion) {
      throw new TimelogException(
          "Manifest has a format that this build does not read, use a "
              + (actual > maxVersion ? "newer" : "older")
              + " version of Timelog: formatVersion="
              + actual
              + ", known="
              + maxVersion
              + ", source="
              + name
              + "@"
              + VERSION_OFFSET);
    }
    return actual;
  }

  private static void check(boolean holds, String problem, String name, long offset) {
    if (!holds) {
      throw new TimelogCorruptionException(problem, name, offset);
    }
  }
}
