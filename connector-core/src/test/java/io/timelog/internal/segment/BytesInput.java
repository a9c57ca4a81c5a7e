package io.timelog.internal.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.storage.SegmentInput;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A segment made of any bytes, damaged ones too. Nobody may ask it for more than it has. */
final class BytesInput implements SegmentInput {
  private final ByteBuffer bytes;
  private int reads;

  BytesInput(byte[] bytes) {
    this.bytes = ByteBuffer.allocateDirect(bytes.length).put(0, bytes);
  }

  /** All bytes of a segment. */
  static byte[] copyOf(SegmentInput input) {
    byte[] bytes = new byte[Math.toIntExact(input.length())];
    input.read(0, bytes.length).get(0, bytes);
    return bytes;
  }

  /** Makes a bit another one; when called twice, the one that it was. */
  void flip(int bit) {
    int at = bit / Byte.SIZE;
    bytes.put(at, (byte) (bytes.get(at) ^ 1 << bit % Byte.SIZE));
  }

  /** How often anything was read. */
  int reads() {
    return reads;
  }

  @Override
  public String name() {
    return "damaged.seg";
  }

  @Override
  public long length() {
    return bytes.capacity();
  }

  @Override
  public ByteBuffer read(long offset, int length) {
    assertThat(offset).isNotNegative();
    assertThat(length).isNotNegative();
    assertThat(offset).isLessThanOrEqualTo(bytes.capacity() - length);
    reads++;
    return bytes.slice(Math.toIntExact(offset), length).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public ByteBuffer readToKeep(long offset, int length) {
    return read(offset, length);
  }

  @Override
  public void copyTo(long offset, ByteBuffer target) {
    target.put(read(offset, target.remaining()));
  }

  @Override
  public void delete() {}

  @Override
  public void close() {}
}
