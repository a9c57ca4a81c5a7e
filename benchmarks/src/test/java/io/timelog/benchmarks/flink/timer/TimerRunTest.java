package io.timelog.benchmarks.flink.timer;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.benchmarks.workload.ChildJvm;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Timers come in the same order from everywhere: what is compared is the same work. */
final class TimerRunTest {
  private static final List<Integer> SIZES = List.of(1, 30, 3_000);

  @ParameterizedTest
  @EnumSource(TimerShape.class)
  void timersComeInTheSameOrderFromEverywhere(TimerShape shape) {
    TimerInput input = new TimerInput(shape, SIZES, false);
    List<TimerCost> heap = TimerRun.measure(TimerPlace.HEAP, input).costs();

    requireEqual(heap, TimerRun.measure(TimerPlace.TABLES, input).costs());
    requireEqual(heap, TimerRun.inChild(new ChildJvm("256m"), TimerPlace.ROCKSDB, input).costs());
  }

  private static void requireEqual(List<TimerCost> expected, List<TimerCost> found) {
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < found.size(); i++) {
      assertThat(found.get(i).isOfTheSameWork(expected.get(i))).isTrue();
      assertThat(found.get(i).checksum())
          .as(found.get(i).toString())
          .isEqualTo(expected.get(i).checksum());
    }
  }
}
