package io.timelog.internal.format.v1;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.format.GoldenBytes;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

final class KeyIndexFormatTest {
  @Test
  void index_isWrittenAsReleased() {
    ByteBuffer index = KeyIndexFormat.allocate((int) KeyIndexFormat.length(3, 0));
    KeyIndexFormat.putEntry(index, 0, 0x1ab7d1d0, 0);
    KeyIndexFormat.putEntry(index, 1, 0x2baffdee, 1);
    KeyIndexFormat.putEntry(index, 2, 0xc655ad1f, 2);
    KeyIndexFormat.putBucketStart(index, 3, 0, 0);
    KeyIndexFormat.putBucketStart(index, 3, 1, 3);

    GoldenBytes.assertGolden("v1/key-index.hex", index);
  }

  @Test
  void index_isReadAsReleased() {
    ByteBuffer golden = GoldenBytes.buffer("v1/key-index.hex");

    assertThat(KeyIndexFormat.hash(golden, 2)).isEqualTo(0xc655ad1f);
    assertThat(KeyIndexFormat.position(golden, 2)).isEqualTo(2);
    assertThat(KeyIndexFormat.bucketStart(golden, 3, 0)).isZero();
    assertThat(KeyIndexFormat.bucketStart(golden, 3, 1)).isEqualTo(3);
  }

  @Test
  void bucket_isTheHighestBitsOfTheHash() {
    assertThat(KeyIndexFormat.bucket(-1, 0)).isZero();
    assertThat(KeyIndexFormat.bucket(0x7FFFFFFF, 1)).isZero();
    assertThat(KeyIndexFormat.bucket(0x80000000, 1)).isEqualTo(1);
    assertThat(KeyIndexFormat.bucket(0xABCD0000, 8)).isEqualTo(0xAB);
  }

  @Test
  void buckets_holdEightKeysOrLessOnAverage() {
    assertThat(KeyIndexFormat.bucketBits(0)).isZero();
    assertThat(KeyIndexFormat.bucketBits(8)).isZero();
    assertThat(KeyIndexFormat.bucketBits(9)).isEqualTo(1);
    assertThat(KeyIndexFormat.bucketBits(16)).isEqualTo(1);
    assertThat(KeyIndexFormat.bucketBits(17)).isEqualTo(2);
    assertThat(KeyIndexFormat.bucketBits(8 << 20)).isEqualTo(20);
    assertThat(KeyIndexFormat.bucketBits(Integer.MAX_VALUE)).isEqualTo(28);
  }

  @Test
  void ordinalBits_numberTheKeysOfTheFullestPage() {
    assertThat(KeyIndexFormat.ordinalBits(1)).isZero();
    assertThat(KeyIndexFormat.ordinalBits(2)).isEqualTo(1);
    assertThat(KeyIndexFormat.ordinalBits(4096)).isEqualTo(12);
    assertThat(KeyIndexFormat.ordinalBits(4097)).isEqualTo(13);
  }

  @Test
  void position_isPageAndOrdinalInUnsigned32Bits() {
    long position = KeyIndexFormat.position(0x7FFFF, 0xFFF, 13);
    ByteBuffer index = KeyIndexFormat.allocate((int) KeyIndexFormat.length(1, 0));
    KeyIndexFormat.putEntry(index, 0, 7, position);

    assertThat(KeyIndexFormat.position(index, 0)).isEqualTo(position).isPositive();
    assertThat(KeyIndexFormat.pageOf(position, 13)).isEqualTo(0x7FFFF);
    assertThat(KeyIndexFormat.ordinalOf(position, 13)).isEqualTo(0xFFF);
  }

  @Test
  void length_doesNotOverflow() {
    assertThat(KeyIndexFormat.length(Integer.MAX_VALUE, 28)).isGreaterThan(8L * Integer.MAX_VALUE);
  }
}
