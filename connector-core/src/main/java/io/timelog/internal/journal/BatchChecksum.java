package io.timelog.internal.journal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** Computes the checksum of a batch before it is written, because it comes first. */
final class BatchChecksum implements BatchOutput {
  private final CRC32C crc = new CRC32C();

  void reset() {
    crc.reset();
  }

  @Override
  public void write(ByteBuffer bytes, int length) {
    bytes.limit(length).position(0);
    crc.update(bytes);
    bytes.clear();
  }

  /** Takes the bytes from an offset to the end. */
  void writeFrom(ByteBuffer bytes, int offset) {
    bytes.clear().position(offset);
    crc.update(bytes);
    bytes.clear();
  }

  int value() {
    return (int) crc.getValue();
  }
}
