package io.timelog.flink.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The as-of join has, step by step, the results of loops over all records. */
final class AsOfJoinTest {
  private static final List<Integer> TOLERANCES = List.of(0, 25, 2_000);

  @TempDir private Path folder;

  private static AsOfJoin<Row, Row, String> join(long tolerance) {
    return TimelogStreams.asOfJoin(Operators.rows(), Operators.rows(), Duration.ofMillis(tolerance))
        .sideOutputLeftLateData(HarnessRun.LATE)
        .sideOutputRightLateData(HarnessRun.LATE_RIGHT);
  }

  private static List<List<String>> plain(List<Step> steps, long tolerance) {
    PlainRows lefts = new PlainRows("late");
    PlainRows rights = new PlainRows("late right");
    List<List<String>> all = new ArrayList<>();
    for (Step step : steps) {
      List<String> results = new ArrayList<>();
      if (step instanceof Step.Left left) {
        lefts.add(left.row(), results);
      } else if (step instanceof Step.Right right) {
        rights.add(right.row(), results);
      } else if (step instanceof Step.Mark mark) {
        rights.reached(mark.time());
        for (Row row : lefts.reached(mark.time())) {
          Row latest =
              rights
                  .of(row.key(), row.time() - tolerance, row.time())
                  .reduce((earlier, later) -> later)
                  .orElse(null);
          results.add(Pairing.of(row, latest, row.time()) + " at " + row.time());
        }
      }
      all.add(results);
    }
    return all;
  }

  private static List<List<String>> withoutAbsent(List<List<String>> results) {
    return results.stream()
        .map(step -> step.stream().filter(result -> !result.contains("with null")).toList())
        .toList();
  }

  static Stream<Arguments> tolerancesOnBackends() {
    return Stream.of(Backend.values())
        .flatMap(backend -> TOLERANCES.stream().map(tolerance -> Arguments.of(backend, tolerance)));
  }

  private static List<Step> steps(Backend on, int seed) {
    return on.asked(new Script(1_500, 3, 4, 60, Script.Marks.ANYWHERE)).random(seed);
  }

  @ParameterizedTest
  @MethodSource("tolerancesOnBackends")
  void leftOuter_findsTheLatest_orNothing(Backend on, int tolerance) throws Exception {
    List<Step> steps = steps(on, tolerance);
    try (HarnessRun<String, ?> run =
        HarnessRun.of(
            on.in(folder),
            Operators.twoInputs(join(tolerance).leftOuter().process(new Pairing())))) {
      List<List<String>> actual = run.results(steps);

      List<List<String>> expected = plain(steps, tolerance);
      assertThat(InOrder.ofKeys(actual)).isEqualTo(InOrder.ofKeys(expected));
      assertThat(expected.toString()).contains("with key", "with null", "late: ", "late right: ");
      assertThat(run.timers()).isZero();
      assertThat(run.keysIn("left", "right")).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("tolerancesOnBackends")
  void inner_leavesOutWhatFindsNothing(Backend on, int tolerance) throws Exception {
    List<Step> steps = steps(on, tolerance + 1);
    try (HarnessRun<String, ?> run =
        HarnessRun.of(on.in(folder), Operators.twoInputs(join(tolerance).process(new Pairing())))) {
      assertThat(InOrder.ofKeys(run.results(steps)))
          .isEqualTo(InOrder.ofKeys(withoutAbsent(plain(steps, tolerance))));
    }
  }

  /** With a tolerance of a day, a quote each second need not be kept for a day. */
  @Test
  void rightRecords_goWhenALaterOneHasTakenTheirPlace() throws Exception {
    int tolerance = 10_000;
    try (HarnessRun<String, ?> run =
        HarnessRun.of(
            Backend.TIMELOG.in(folder),
            Operators.twoInputs(join(tolerance).process(new Pairing())))) {
      for (int i = 0; i < 5 * tolerance; i += 10) {
        run.results(new Step.Right(new Row("key", i, i)));
        run.results(new Step.Mark(i));
      }

      assertThat(run.rows("key", "right")).isBetween(1L, (long) tolerance / 30);
      run.results(new Step.Left(new Row("key", 1, 5 * tolerance + 5)));
      assertThat(run.results(new Step.Mark(Long.MAX_VALUE)))
          .singleElement()
          .asString()
          .contains("with key/49990@49990");
    }
  }

  @Test
  void toleranceBelowZero_isRefused() {
    assertThatThrownBy(() -> join(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tolerance must not be negative: PT-0.001S");
  }
}
