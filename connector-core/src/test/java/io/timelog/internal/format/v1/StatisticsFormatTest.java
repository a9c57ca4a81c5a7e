package io.timelog.internal.format.v1;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.format.GoldenBytes;
import io.timelog.internal.format.v1.StatisticsFormat.Statistics;
import org.junit.jupiter.api.Test;

final class StatisticsFormatTest {
  private static final Statistics STATISTICS = new Statistics(15, 1, 10, 41, 99, 4, 8, 2);

  @Test
  void statistics_areWrittenAsReleased() {
    GoldenBytes.assertGolden("v1/statistics.hex", StatisticsFormat.encode(STATISTICS));
  }

  @Test
  void statistics_areReadAsReleased() {
    assertThat(StatisticsFormat.decode(GoldenBytes.buffer("v1/statistics.hex")))
        .isEqualTo(STATISTICS);
  }
}
