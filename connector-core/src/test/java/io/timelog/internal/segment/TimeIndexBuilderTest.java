package io.timelog.internal.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.format.v1.TimeIndexFormat;
import org.junit.jupiter.api.Test;

final class TimeIndexBuilderTest {
  private static final int[] ONE_KEY = {1};

  private final TimeIndexBuilder builder = new TimeIndexBuilder(100);

  @Test
  void rowsUpToTheBound_areIndexed() {
    addRows(100);

    assertThat(stripCount(builder.encode(ONE_KEY, 0, 0, 99))).isEqualTo(1);
  }

  @Test
  void moreRowsThanTheBound_areNotIndexed() {
    addRows(102);
    builder.startKey();
    builder.add(7);

    assertThat(stripCount(builder.encode(new int[] {2}, 1, 0, 101))).isZero();
  }

  @Test
  void rowsOfAKeyAtOneTime_shareAnEntry() {
    builder.startKey();
    for (int i = 0; i < 1_000; i++) {
      builder.add(5);
    }
    builder.startKey();
    builder.add(5);

    TimeIndexBuilder.Encoded index = builder.encode(new int[] {2}, 1, 5, 5);

    assertThat(stripCount(index)).isEqualTo(1);
    assertThat(TimeIndexFormat.stripEnd(index.directory(), 1, 0))
        .isEqualTo(TimeIndexFormat.ENTRIES_OFFSET + 2 * 2);
  }

  @Test
  void noRows_giveNoIndex() {
    TimeIndexBuilder.Encoded index = builder.encode(new int[0], 0, Long.MAX_VALUE, Long.MIN_VALUE);

    assertThat(stripCount(index)).isZero();
    assertThat(index.blocks().hasRemaining()).isFalse();
  }

  private static int stripCount(TimeIndexBuilder.Encoded index) {
    return TimeIndexFormat.stripCount(index.directory());
  }

  private void addRows(int rows) {
    builder.startKey();
    for (int i = 0; i < rows; i++) {
      builder.add(i);
    }
  }
}
