package io.timelog.flink.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.flink.internal.join.JoinKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.operators.co.IntervalJoinOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The interval join has, step by step, the results of Flink's own operator, and of a plain
 * computation where Flink has none.
 */
final class IntervalJoinTest {
  private static final List<Bounds> BOUNDS =
      List.of(
          new Bounds(-20, 30, true, true),
          new Bounds(-300, 500, false, true),
          new Bounds(0, 0, true, true),
          new Bounds(-80, -10, true, false),
          new Bounds(10, 900, false, false),
          new Bounds(-5, 0, false, true));

  /** In a narrower interval some records find no partner. */
  private static final int NARROW = 100;

  @TempDir private Path folder;

  /** As an application says it. */
  record Bounds(long lower, long upper, boolean withLower, boolean withUpper) {
    IntervalJoin<Row, Row, String> join() {
      IntervalJoin<Row, Row, String> join =
          TimelogStreams.intervalJoin(
                  Operators.rows(),
                  Operators.rows(),
                  Duration.ofMillis(lower),
                  Duration.ofMillis(upper))
              .sideOutputLeftLateData(HarnessRun.LATE)
              .sideOutputRightLateData(HarnessRun.LATE_RIGHT);
      join = withLower ? join : join.lowerBoundExclusive();
      return withUpper ? join : join.upperBoundExclusive();
    }

    TwoInputStreamOperator<Row, Row, String> ofFlink() {
      return new IntervalJoinOperator<>(
          lower,
          upper,
          withLower,
          withUpper,
          HarnessRun.LATE,
          HarnessRun.LATE_RIGHT,
          TypeInformation.of(Row.class).createSerializer(Operators.settings()),
          TypeInformation.of(Row.class).createSerializer(Operators.settings()),
          new Pairing());
    }

    PlainIntervalJoin plain(JoinKind kind) {
      return new PlainIntervalJoin(lower + (withLower ? 0 : 1), upper - (withUpper ? 0 : 1), kind);
    }
  }

  static Stream<Arguments> boundsOnBackends() {
    return Stream.of(Backend.values())
        .flatMap(backend -> boundsOn(backend).map(bounds -> Arguments.of(backend, bounds)));
  }

  private List<List<String>> resultsOn(
      Backend on, TwoInputStreamOperator<Row, Row, String> operator, List<Step> steps)
      throws Exception {
    try (HarnessRun<String, ?> run = HarnessRun.of(on.in(folder), operator)) {
      return InOrder.ofNothing(run.results(steps));
    }
  }

  @ParameterizedTest
  @MethodSource("boundsOnBackends")
  void inner_hasTheResultsOfFlinksOperator(Backend on, Bounds bounds) throws Exception {
    List<Step> steps =
        on.asked(new Script(1_500, 3, 4, 60, Script.Marks.BETWEEN_ROWS))
            .random(BOUNDS.indexOf(bounds));
    List<List<String>> expected;
    try (HarnessRun<String, ?> run = HarnessRun.of(new HashMapStateBackend(), bounds.ofFlink())) {
      expected = InOrder.ofNothing(run.results(Script.undisturbed(steps)));
    }

    List<List<String>> actual =
        resultsOn(on, Operators.twoInputs(bounds.join().process(new Pairing())), steps);

    assertThat(actual).isEqualTo(expected);
    assertThat(expected.toString()).contains(" with ", "late: ", "late right: ");
  }

  /** All bounds where operators work by time and where they go through maps, some elsewhere. */
  static Stream<Arguments> kindsOnBackends() {
    return Stream.of(Backend.values())
        .flatMap(
            backend ->
                Stream.of(JoinKind.values())
                    .flatMap(
                        kind ->
                            boundsOn(backend).map(bounds -> Arguments.of(backend, kind, bounds))));
  }

  private static Stream<Bounds> boundsOn(Backend backend) {
    return BOUNDS.stream()
        .limit(backend == Backend.TIMELOG || backend == Backend.HEAP ? BOUNDS.size() : 1);
  }

  @ParameterizedTest
  @MethodSource("kindsOnBackends")
  void everyKind_hasTheResultsOfAPlainComputation(Backend on, JoinKind kind, Bounds bounds)
      throws Exception {
    List<Step> steps =
        new Script(800, 3, 5, 60, Script.Marks.ANYWHERE).random(100 + BOUNDS.indexOf(bounds));
    IntervalJoin<Row, Row, String> join = bounds.join();
    switch (kind) {
      case INNER -> {}
      case LEFT -> join.leftOuter();
      case RIGHT -> join.rightOuter();
      case FULL -> join.fullOuter();
    }

    List<List<String>> actual =
        resultsOn(on, Operators.twoInputs(join.process(new Pairing())), steps);

    List<List<String>> expected = InOrder.ofNothing(bounds.plain(kind).results(steps));
    assertThat(actual).isEqualTo(expected);
    if (bounds.upper() - bounds.lower() < NARROW) {
      assertThat(expected.toString().contains("null with")).isEqualTo(kind.hasAllOfRight());
      assertThat(expected.toString().contains("with null")).isEqualTo(kind.hasAllOfLeft());
    }
  }

  @ParameterizedTest
  @EnumSource
  void nothing_isLeftBehind(Backend on) throws Exception {
    Bounds bounds = BOUNDS.get(0);
    try (HarnessRun<String, ?> run =
        HarnessRun.of(
            on.in(folder), Operators.twoInputs(bounds.join().fullOuter().process(new Pairing())))) {
      run.results(new Script(500, 3, 5, 60, Script.Marks.ANYWHERE).random(7));

      assertThat(run.timers()).isZero();
      assertThat(run.keysIn("left", "right")).isZero();
    }
  }

  @Test
  void timers_areFewerThanRecords() throws Exception {
    Bounds bounds = new Bounds(-10_000, 10_000, true, true);
    try (HarnessRun<String, ?> run =
        HarnessRun.of(
            Backend.TIMELOG.in(folder),
            Operators.twoInputs(bounds.join().process(new Pairing())))) {
      for (int i = 0; i < 1_000; i++) {
        run.results(new Step.Left(new Row("key", i, 10L * i)));
      }

      assertThat(run.timers()).isLessThan(10);
    }
  }

  @Test
  void bounds_thatExcludeEverything_areRefused() {
    assertThatThrownBy(() -> new Bounds(2, 1, true, true).join())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("first=2 ms", "last=1 ms");
    assertThatThrownBy(() -> new Bounds(1, 1, false, true).join())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("first=2 ms", "last=1 ms");
  }

  @Test
  void record_withoutTimestamp_isRefused() throws Exception {
    try (HarnessRun<String, ?> run =
        HarnessRun.of(
            Backend.TIMELOG.in(folder),
            Operators.twoInputs(BOUNDS.get(0).join().process(new Pairing())))) {
      assertThatThrownBy(() -> run.results(new Step.Left(new Row("key", 1, Long.MIN_VALUE))))
          .hasMessageContainingAll("no timestamp", "operator=interval join");
      assertThatThrownBy(() -> run.results(new Step.Right(new Row("key", 1, Long.MAX_VALUE - 9))))
          .hasMessageContainingAll("too far in the future", "operator=interval join");
    }
  }

  @Test
  void lambda_makesOneResultOfEachPair() throws Exception {
    TwoInputStreamOperator<Row, Row, String> operator =
        Operators.twoInputs(
            BOUNDS
                .get(0)
                .join()
                .apply((left, right) -> left + " and " + right)
                .returns(String.class));
    try (HarnessRun<String, ?> run = HarnessRun.of(Backend.TIMELOG.in(folder), operator)) {
      run.results(new Step.Left(new Row("key", 1, 100)));

      assertThat(run.results(new Step.Right(new Row("key", 2, 90))))
          .containsExactly("key/1@100 and key/2@90 at 100");
    }
  }
}
