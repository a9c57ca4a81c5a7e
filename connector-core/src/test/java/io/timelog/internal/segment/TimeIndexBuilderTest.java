package io.timelog.internal.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.format.v1.TimeIndexFormat;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class TimeIndexBuilderTest {
  private static final int[] ONE_KEY = {1};

  private final TimeIndexBuilder builder = new TimeIndexBuilder(100);

  @Test
  void rowsUpToTheBound_areIndexed() {
    addRows(100);

    assertThat(builder.encode(ONE_KEY, 0, 0, 99)).isNotNull();
  }

  @Test
  void moreRowsThanTheBound_areNotIndexed() {
    addRows(102);
    builder.startKey();
    builder.add(7);

    assertThat(builder.encode(new int[] {2}, 1, 0, 101)).isNull();
  }

  @Test
  void rowsOfAKeyAtOneTime_shareAnEntry() {
    builder.startKey();
    for (int i = 0; i < 1_000; i++) {
      builder.add(5);
    }
    builder.startKey();
    builder.add(5);

    ByteBuffer index = Objects.requireNonNull(builder.encode(new int[] {2}, 1, 5, 5));

    assertThat(TimeIndexFormat.blockCount(index)).isEqualTo(1);
    assertThat(TimeIndexFormat.end(index, 0) - TimeIndexFormat.start(index, 0)).isEqualTo(4);
  }

  @Test
  void noRows_giveNoIndex() {
    assertThat(builder.encode(new int[0], 0, Long.MAX_VALUE, Long.MIN_VALUE)).isNull();
  }

  private void addRows(int rows) {
    builder.startKey();
    for (int i = 0; i < rows; i++) {
      builder.add(i);
    }
  }
}
