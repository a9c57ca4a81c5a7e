package io.timelog.summary;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class BlockTest {
  private static final long[] TIMES = {
    Long.MIN_VALUE, Long.MIN_VALUE + 1, -1_000, -1, 0, 1, 1_000, Long.MAX_VALUE - 1, Long.MAX_VALUE
  };

  @Test
  void aBlock_isItsHalves() {
    for (long time : TIMES) {
      for (int level = 1; level <= 64; level++) {
        Block block = Block.around(time, level);

        assertThat(block.first()).isLessThanOrEqualTo(time);
        assertThat(block.last()).isGreaterThanOrEqualTo(time);
        assertThat(block.older().first()).isEqualTo(block.first());
        assertThat(block.older().last()).isEqualTo(block.middle() - 1);
        assertThat(block.newer().first()).isEqualTo(block.middle());
        assertThat(block.newer().last()).isEqualTo(block.last());
      }
    }
  }

  @Test
  void theSmallestBlockAroundTwoTimestamps_hasOneInEachHalf() {
    for (long first : TIMES) {
      for (long last : TIMES) {
        if (first < last) {
          Block block = Block.around(first, last);

          assertThat(block.first()).isLessThanOrEqualTo(first);
          assertThat(block.middle()).isGreaterThan(first).isLessThanOrEqualTo(last);
          assertThat(block.last()).isGreaterThanOrEqualTo(last);
        }
      }
      assertThat(Block.around(first, first)).isEqualTo(new Block(0, first));
    }
  }

  @Test
  void allOfTime_isOneBlock() {
    Block all = Block.around(Long.MIN_VALUE, Long.MAX_VALUE);

    assertThat(all).isEqualTo(new Block(64, Long.MIN_VALUE));
    assertThat(all.middle()).isZero();
    assertThat(all.last()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void noTwoBlocks_haveTheSameMiddle() {
    Set<Long> middles = new HashSet<>();
    for (int level = 1; level <= 8; level++) {
      for (long time = -256; time < 256; time += 1L << level) {
        assertThat(middles.add(new Block(level, time).middle())).isTrue();
      }
    }
  }
}
