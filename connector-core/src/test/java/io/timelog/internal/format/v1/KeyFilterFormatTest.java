package io.timelog.internal.format.v1;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.format.GoldenBytes;
import io.timelog.internal.key.KeyHash;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class KeyFilterFormatTest {
  private static final String FILE = "v1/key-filter.hex";
  private static final int KEYS = 520;

  @Test
  void filter_isWrittenAsReleased() {
    ByteBuffer filter = KeyFilterFormat.allocate(KeyFilterFormat.length(KEYS));
    for (int key = 0; key < KEYS; key++) {
      KeyFilterFormat.add(filter, hash(key));
    }

    GoldenBytes.assertGolden(FILE, filter);
  }

  @Test
  void filter_isReadAsReleased() {
    ByteBuffer golden = GoldenBytes.buffer(FILE);

    for (int key = 0; key < KEYS; key++) {
      assertThat(KeyFilterFormat.mayContain(golden, hash(key))).as("key %s", key).isTrue();
    }
    assertThat(KeyFilterFormat.mayContain(golden, hash(KEYS))).isFalse();
  }

  @Test
  void filter_hasTenBitsAKeyInWholeBlocks_fromTwoHundredAndFiftySixKeysOn() {
    assertThat(KeyFilterFormat.length(0)).isZero();
    assertThat(KeyFilterFormat.length(255)).isZero();
    assertThat(KeyFilterFormat.length(256)).isEqualTo(10 * 32);
    assertThat(KeyFilterFormat.length(257)).isEqualTo(11 * 32);
    assertThat(KeyFilterFormat.length(250_000_000)).isEqualTo(312_500_000);
  }

  @Test
  void addedHashes_areFound_andOthersRarely() {
    for (int keys : new int[] {256, 1_000, 60_000, 1_000_000}) {
      ByteBuffer filter = KeyFilterFormat.allocate(KeyFilterFormat.length(keys));
      SplittableRandom random = new SplittableRandom(keys);
      int[] added = random.ints(keys).toArray();
      for (int hash : added) {
        KeyFilterFormat.add(filter, hash);
      }

      assertThat(IntStream.of(added).allMatch(hash -> KeyFilterFormat.mayContain(filter, hash)))
          .as("%s keys", keys)
          .isTrue();
      long found =
          random.ints(100_000).filter(hash -> KeyFilterFormat.mayContain(filter, hash)).count();
      assertThat(found).as("of 100,000 absent hashes, at %s keys", keys).isLessThan(2_000);
    }
  }

  @Test
  void emptyFilter_containsNothing() {
    ByteBuffer filter = KeyFilterFormat.allocate(KeyFilterFormat.length(256));

    assertThat(KeyFilterFormat.mayContain(filter, 0)).isFalse();
    assertThat(KeyFilterFormat.mayContain(filter, -1)).isFalse();
  }

  private static int hash(int key) {
    return KeyHash.hash32(new byte[] {(byte) (key >>> 8), (byte) key}, 0, 2);
  }
}
