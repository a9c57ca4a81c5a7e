package io.timelog.internal.format;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/** The checksum of all sections and pages: CRC-32C (Castagnoli). */
public final class Checksum {
  private Checksum() {}

  /** The CRC-32C of the {@code length} bytes at {@code offset}; position and limit stay. */
  public static int of(ByteBuffer buffer, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(buffer.slice(offset, length));
    return (int) crc.getValue();
  }

  /** A stored and a computed checksum for a message: {@code stored=0x..., computed=0x...}. */
  public static String mismatch(int stored, int computed) {
    return "stored=" + hex(stored) + ", computed=" + hex(computed);
  }

  /** A checksum as messages show it, such as {@code 0x0000002a}. */
  public static String hex(int checksum) {
    return "0x" + HexFormat.of().toHexDigits(checksum);
  }
}
