package io.timelog.flink.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Deduplication lets through, step by step, what a list of all that went through lets. */
final class DeduplicateTest {
  @TempDir private Path folder;

  private HarnessRun<Row, ?> on(Backend backend, long within) throws Exception {
    return HarnessRun.of(
        backend.in(folder),
        Operators.oneInput(
            TimelogStreams.deduplicate(
                Operators.rows(), Duration.ofMillis(within), HarnessRun.LATE)));
  }

  private static List<List<String>> plain(List<Step> steps, long within) {
    PlainRows passed = new PlainRows("late");
    List<List<String>> all = new ArrayList<>();
    for (Step step : steps) {
      List<String> results = new ArrayList<>();
      if (step instanceof Step.Left left) {
        Row row = left.row();
        boolean again =
            passed
                .of(row.key(), row.time() - within + 1, row.time() + within - 1)
                .findAny()
                .isPresent();
        if (passed.isLate(row)) {
          passed.add(row, results);
        } else if (!again) {
          passed.add(row, results);
          results.add(row + " at " + row.time());
        }
      } else if (step instanceof Step.Mark mark) {
        passed.reached(mark.time());
      }
      all.add(results);
    }
    return all;
  }

  @ParameterizedTest
  @EnumSource
  void first_goesThrough_andNothingNearIt(Backend on) throws Exception {
    for (int within : new int[] {1, 30, 700}) {
      List<Step> steps =
          new Script(2_000, 4, 3, 50, Script.Marks.ANYWHERE).randomOfOneInput(within);
      try (HarnessRun<Row, ?> run = on(on, within)) {
        List<List<String>> expected = plain(steps, within);
        assertThat(run.results(steps)).isEqualTo(expected);
        assertThat(expected.stream().filter(List::isEmpty).count()).isGreaterThan(200);
        assertThat(run.timers()).isZero();
        assertThat(run.keysIn("passed")).isZero();
      }
    }
  }

  @Test
  void distance_isFromWhatWentThrough() throws Exception {
    try (HarnessRun<Row, ?> run = on(Backend.TIMELOG, 10)) {
      assertThat(run.results(new Step.Left(new Row("key", 1, 0)))).hasSize(1);
      assertThat(run.results(new Step.Left(new Row("key", 2, 9)))).isEmpty();
      assertThat(run.results(new Step.Left(new Row("key", 3, 10)))).hasSize(1);
      assertThat(run.results(new Step.Left(new Row("key", 4, -9)))).isEmpty();
      assertThat(run.results(new Step.Left(new Row("key", 5, -10)))).hasSize(1);
    }
  }

  @Test
  void noTime_isRefused() {
    assertThatThrownBy(() -> TimelogStreams.deduplicate(Operators.rows(), Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("within must be at least 1 ms: PT0S");
  }
}
