package io.timelog.flink.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sorting lets go, step by step, what a sorted list would. */
final class SortByEventTimeTest {
  @TempDir private Path folder;

  private HarnessRun<Row, ?> on(Backend backend) throws Exception {
    return HarnessRun.of(
        backend.in(folder),
        Operators.oneInput(TimelogStreams.sortByEventTime(Operators.rows(), HarnessRun.LATE)));
  }

  private static List<List<String>> plain(List<Step> steps) {
    PlainRows rows = new PlainRows("late");
    List<List<String>> all = new ArrayList<>();
    for (Step step : steps) {
      List<String> results = new ArrayList<>();
      if (step instanceof Step.Left left) {
        rows.add(left.row(), results);
      } else if (step instanceof Step.Mark mark) {
        rows.reached(mark.time()).forEach(row -> results.add(row + " at " + row.time()));
      }
      all.add(results);
    }
    return all;
  }

  @ParameterizedTest
  @EnumSource
  void records_comeInTheOrderOfTime(Backend on) throws Exception {
    for (int disorder : new int[] {0, 10, 200}) {
      List<Step> steps =
          new Script(2_000, 4, 3, disorder, Script.Marks.ANYWHERE).randomOfOneInput(disorder);
      try (HarnessRun<Row, ?> run = on(on)) {
        assertThat(InOrder.ofKeys(run.results(steps))).isEqualTo(InOrder.ofKeys(plain(steps)));
        assertThat(run.timers()).isZero();
        assertThat(run.keysIn("rows")).isZero();
      }
    }
  }

  @Test
  void key_hasOneTimer_forRecordsThatComeInOrder() throws Exception {
    try (HarnessRun<Row, ?> run = on(Backend.TIMELOG)) {
      for (int i = 0; i < 1_000; i++) {
        run.results(new Step.Left(new Row("key", i, i)));
      }

      assertThat(run.timers()).isOne();
      assertThat(run.results(new Step.Mark(499))).hasSize(500);
      assertThat(run.timers()).isOne();
    }
  }

  @Test
  void lateRecords_withoutASideOutput_areDropped() throws Exception {
    try (HarnessRun<Row, ?> run =
        HarnessRun.of(
            Backend.TIMELOG.in(folder),
            Operators.oneInput(TimelogStreams.sortByEventTime(Operators.rows())))) {
      run.results(new Step.Mark(10));

      assertThat(run.results(new Step.Left(new Row("key", 1, 10)))).isEmpty();
      assertThat(run.results(new Step.Mark(20))).isEmpty();
    }
  }

  @Test
  void record_withoutTimestamp_isRefused() throws Exception {
    try (HarnessRun<Row, ?> run = on(Backend.TIMELOG)) {
      assertThatThrownBy(() -> run.results(new Step.Left(new Row("key", 1, Long.MIN_VALUE))))
          .hasMessageContainingAll("no timestamp", "operator=sort by event time");
    }
  }
}
