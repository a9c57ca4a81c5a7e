package io.timelog.internal.format;

import java.nio.ByteBuffer;
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
}
