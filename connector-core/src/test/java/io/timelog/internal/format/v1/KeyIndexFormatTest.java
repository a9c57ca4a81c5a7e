package io.timelog.internal.format.v1;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.format.GoldenBytes;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

final class KeyIndexFormatTest {
  @Test
  void block_isWrittenAsReleased() {
    ByteBuffer block = KeyIndexFormat.allocate((int) KeyIndexFormat.length(3, 1));
    KeyIndexFormat.putBucketEnd(block, 0, 0, 2);
    KeyIndexFormat.putBucketEnd(block, 0, 1, 3);
    KeyIndexFormat.putEntry(block, KeyIndexFormat.entry(8, 0), 0x1ab7d1d0, 0);
    KeyIndexFormat.putEntry(block, KeyIndexFormat.entry(8, 1), 0x2baffdee, 1);
    KeyIndexFormat.putEntry(block, KeyIndexFormat.entry(8, 2), 0xc655ad1f, 2);

    GoldenBytes.assertGolden("v1/key-index.hex", block);
  }

  @Test
  void block_isReadAsReleased() {
    ByteBuffer golden = GoldenBytes.buffer("v1/key-index.hex");
    int entries = KeyIndexFormat.entriesOffset(1);

    assertThat(KeyIndexFormat.entryCount(golden.limit(), 1)).isEqualTo(3);
    assertThat(KeyIndexFormat.bucketStart(golden, 0)).isZero();
    assertThat(KeyIndexFormat.bucketEnd(golden, 0)).isEqualTo(2);
    assertThat(KeyIndexFormat.bucketStart(golden, 1)).isEqualTo(2);
    assertThat(KeyIndexFormat.bucketEnd(golden, 1)).isEqualTo(3);
    assertThat(KeyIndexFormat.hash(golden, KeyIndexFormat.entry(entries, 2))).isEqualTo(0xc655ad1f);
    assertThat(KeyIndexFormat.position(golden, KeyIndexFormat.entry(entries, 2))).isEqualTo(2);
  }

  @Test
  void bucket_isTheHighestBitsOfTheHash() {
    assertThat(KeyIndexFormat.bucket(-1, 0)).isZero();
    assertThat(KeyIndexFormat.bucket(0x7FFFFFFF, 1)).isZero();
    assertThat(KeyIndexFormat.bucket(0x80000000, 1)).isEqualTo(1);
    assertThat(KeyIndexFormat.bucket(0xABCD0000, 8)).isEqualTo(0xAB);
  }

  @Test
  void block_isSixtyFourBucketsThatFollowOneAnother() {
    assertThat(KeyIndexFormat.block(63)).isZero();
    assertThat(KeyIndexFormat.inBlock(63)).isEqualTo(63);
    assertThat(KeyIndexFormat.block(64)).isEqualTo(1);
    assertThat(KeyIndexFormat.inBlock(64)).isZero();
    assertThat(KeyIndexFormat.block(0xABC)).isEqualTo(0xABC >>> 6);
  }

  @Test
  void blocks_areAsManyAsBucketsDemand() {
    assertThat(KeyIndexFormat.blockCount(0)).isZero();
    assertThat(KeyIndexFormat.blockCount(1)).isEqualTo(1);
    assertThat(KeyIndexFormat.blockCount(6)).isEqualTo(1);
    assertThat(KeyIndexFormat.blockCount(7)).isEqualTo(2);
    assertThat(KeyIndexFormat.bucketsOfBlock(1)).isEqualTo(2);
    assertThat(KeyIndexFormat.bucketsOfBlock(6)).isEqualTo(64);
    assertThat(KeyIndexFormat.bucketsOfBlock(28)).isEqualTo(64);
  }

  @Test
  void blockOfManyKeys_hasTwoToFourKibibytesOnAverage() {
    for (int keys = 513; keys < 100_000_000; keys += keys / 100) {
      int bits = KeyIndexFormat.bucketBits(keys);
      assertThat(KeyIndexFormat.length(keys, bits) / KeyIndexFormat.blockCount(bits))
          .as("%s keys", keys)
          .isBetween(2304L, (long) KeyIndexFormat.BLOCK_BYTES);
    }
  }

  @Test
  void buckets_holdEightKeysOrLessOnAverage() {
    assertThat(KeyIndexFormat.bucketBits(0)).isZero();
    assertThat(KeyIndexFormat.bucketBits(1)).isEqualTo(1);
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
    ByteBuffer block = KeyIndexFormat.allocate(16);
    KeyIndexFormat.putEntry(block, 8, 7, position);

    assertThat(KeyIndexFormat.position(block, 8)).isEqualTo(position).isPositive();
    assertThat(KeyIndexFormat.pageOf(position, 13)).isEqualTo(0x7FFFF);
    assertThat(KeyIndexFormat.ordinalOf(position, 13)).isEqualTo(0xFFF);
  }

  @Test
  void length_isAMultipleOfEight_andDoesNotOverflow() {
    for (int keys = 0; keys < 10_000; keys++) {
      assertThat(KeyIndexFormat.length(keys, KeyIndexFormat.bucketBits(keys)) % 8).isZero();
    }
    assertThat(KeyIndexFormat.length(Integer.MAX_VALUE, 28)).isGreaterThan(8L * Integer.MAX_VALUE);
  }
}
