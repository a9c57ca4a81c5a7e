package io.timelog.flink.streams;

import static io.timelog.flink.streams.Script.Marks.ANYWHERE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Rolling aggregates are, step by step, what loops over all records come to. */
final class RollingAggregateTest {
  private static final Shape MANY = new Shape(2_000, new Script(2_500, 2, 4, 20, ANYWHERE));

  /** Few and many records in range, in order and not, nearly all of them open. */
  private static final List<Shape> SHAPES =
      List.of(
          MANY,
          new Shape(40, new Script(1_000, 3, 5, 30, ANYWHERE)),
          new Shape(300, new Script(1_500, 2, 1, 8, ANYWHERE)),
          new Shape(1_500, new Script(2_000, 1, 4, 0, ANYWHERE)),
          new Shape(500, new Script(1_500, 2, 3, 400, ANYWHERE)),
          new Shape(1, new Script(500, 2, 1, 5, ANYWHERE)));

  @TempDir private Path folder;

  /**
   * An aggregate, and what comes to it.
   *
   * @param size how long it goes back, in milliseconds
   * @param script of one input
   */
  record Shape(long size, Script script) {
    Shape on(Backend backend) {
      return new Shape(size, backend.asked(script));
    }

    RollingAggregate<Row, String> aggregate() {
      return TimelogStreams.rollingAggregate(Operators.rows(), Duration.ofMillis(size))
          .sideOutputLateData(HarnessRun.LATE);
    }

    List<List<String>> onEvent(List<Step> steps) {
      PlainRows rows = new PlainRows("late");
      List<List<String>> all = new ArrayList<>();
      for (Step step : steps) {
        List<String> results = new ArrayList<>();
        if (step instanceof Step.Left left && rows.add(left.row(), results)) {
          results.add(result(left.row(), rows));
        } else if (step instanceof Step.Mark mark) {
          rows.reached(mark.time());
        }
        all.add(results);
      }
      return all;
    }

    List<List<String>> onWatermark(List<Step> steps) {
      PlainRows rows = new PlainRows("late");
      List<List<String>> all = new ArrayList<>();
      for (Step step : steps) {
        List<String> results = new ArrayList<>();
        if (step instanceof Step.Left left) {
          rows.add(left.row(), results);
        } else if (step instanceof Step.Mark mark) {
          rows.reached(mark.time()).forEach(row -> results.add(result(row, rows)));
        }
        all.add(results);
      }
      return all;
    }

    private String result(Row row, PlainRows rows) {
      String numbers = Numbers.of(rows.of(row.key(), row.time() - size + 1, row.time()));
      return Tuple2.of(row, numbers) + " at " + row.time();
    }
  }

  static Stream<Arguments> shapesOnBackends() {
    return Stream.of(Backend.values())
        .flatMap(backend -> SHAPES.stream().map(shape -> Arguments.of(backend, shape.on(backend))));
  }

  private List<List<String>> resultsOn(
      Backend on, RollingAggregate<Row, String> aggregate, List<Step> steps) throws Exception {
    try (HarnessRun<Tuple2<Row, String>, ?> run =
        HarnessRun.of(on.in(folder), Operators.oneInput(aggregate.aggregate(new Numbers())))) {
      return run.results(steps);
    }
  }

  @ParameterizedTest
  @MethodSource("shapesOnBackends")
  void onEvent_isOfWhatHasCome(Backend on, Shape shape) throws Exception {
    List<Step> steps = shape.script().randomOfOneInput(1);

    List<List<String>> actual = resultsOn(on, shape.aggregate().emitOnEvent(), steps);

    assertThat(actual).isEqualTo(shape.onEvent(steps));
  }

  @ParameterizedTest
  @MethodSource("shapesOnBackends")
  void onWatermark_isOfEverything(Backend on, Shape shape) throws Exception {
    List<Step> steps = shape.script().randomOfOneInput(2);

    List<List<String>> actual = resultsOn(on, shape.aggregate().emitOnWatermark(), steps);

    assertThat(InOrder.ofKeys(actual)).isEqualTo(InOrder.ofKeys(shape.onWatermark(steps)));
  }

  /** A range has two thousand records; a few hundred for each result would be a bad summary. */
  @Test
  void result_isMadeOfFewRecords_howeverManyThereAre() throws Exception {
    long size = 2_000;
    OneInputStreamOperator<Row, Tuple2<Row, String>> operator =
        Operators.oneInput(
            TimelogStreams.rollingAggregate(Operators.rows(), Duration.ofMillis(size))
                .aggregate(new Numbers()));
    try (HarnessRun<Tuple2<Row, String>, ?> run =
        HarnessRun.of(Backend.TIMELOG.in(folder), operator)) {
      long before = Numbers.ADDED.get();
      for (int i = 0; i < 3 * size; i++) {
        run.results(new Step.Left(new Row("key", i, i)));
        run.results(new Step.Mark(i - 10L));
      }

      assertThat((Numbers.ADDED.get() - before) / (3 * size)).isLessThan(100);
    }
  }

  /**
   * A watermark that begins anew lets records through that would have been late, and that lie in
   * what was summarised.
   */
  @ParameterizedTest
  @EnumSource
  void record_thatWasLateBeforeARestart_isInLaterResults(Backend on) throws Exception {
    OneInputStreamOperator<Row, Tuple2<Row, String>> operator =
        Operators.oneInput(
            TimelogStreams.rollingAggregate(Operators.rows(), Duration.ofSeconds(1))
                .aggregate(new Numbers()));
    try (HarnessRun<Tuple2<Row, String>, ?> run = HarnessRun.of(on.in(folder), operator)) {
      for (int i = 0; i < 400; i++) {
        run.results(new Step.Left(new Row("key", i, i)));
        run.results(new Step.Mark(i - 1L));
      }
      run.forgetWatermark();
      run.results(new Step.Restart(2));
      run.results(new Step.Left(new Row("key", 1_000, 100)));
      run.results(new Step.Mark(399));

      assertThat(run.results(new Step.Left(new Row("key", 1_001, 400))).toString())
          .contains(" 100 1000 101 ", " 399 1001 ");
    }
  }

  /** What was summarised before the job was there must not be taken for what is there now. */
  @ParameterizedTest
  @EnumSource(names = {"HEAP", "ROCKSDB"})
  void record_thatCameOnAnotherBackend_isInLaterResults(Backend between) throws Exception {
    OneInputStreamOperator<Row, Tuple2<Row, String>> operator =
        Operators.oneInput(
            TimelogStreams.rollingAggregate(Operators.rows(), Duration.ofSeconds(1))
                .aggregate(new Numbers()));
    try (HarnessRun<Tuple2<Row, String>, ?> run =
        HarnessRun.of(Backend.TIMELOG.in(folder), operator)) {
      for (int i = 0; i < 400; i++) {
        run.results(new Step.Left(new Row("key", i, i)));
        run.results(new Step.Mark(i - 1L));
      }
      run.forgetWatermark();
      run.moveTo(between.in(folder));
      run.results(new Step.Left(new Row("key", 1_000, 100)));
      run.moveTo(Backend.TIMELOG.in(folder));
      run.results(new Step.Mark(399));

      assertThat(run.results(new Step.Left(new Row("key", 1_001, 400))).toString())
          .contains(" 100 1000 101 ", " 399 1001 ");
    }
  }

  @Test
  void functionWithoutMerge_isNamed() throws Exception {
    OneInputStreamOperator<Row, Tuple2<Row, Long>> operator =
        Operators.oneInput(
            TimelogStreams.rollingAggregate(Operators.rows(), Duration.ofSeconds(1))
                .aggregate(new Unmerged()));
    try (HarnessRun<Tuple2<Row, Long>, ?> run =
        HarnessRun.of(Backend.TIMELOG.in(folder), operator)) {
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 400; i++) {
                  run.results(new Step.Left(new Row("key", i, i)));
                  run.results(new Step.Mark(i - 1L));
                }
              })
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("The merge method of an aggregate function returned null.")
          .hasMessageEndingWith("function=" + Unmerged.class.getName());
    }
  }

  /** Counts, as somebody has it whose windows never merge. */
  private static final class Unmerged implements AggregateFunction<Row, Long, Long> {
    private static final long serialVersionUID = 1L;

    @Override
    public Long createAccumulator() {
      return 0L;
    }

    @Override
    public Long add(Row row, Long count) {
      return count + 1;
    }

    @Override
    public Long getResult(Long count) {
      return count;
    }

    @Override
    public Long merge(Long one, Long other) {
      return null;
    }
  }

  @ParameterizedTest
  @EnumSource
  void nothing_isLeftBehind(Backend on) throws Exception {
    try (HarnessRun<Tuple2<Row, String>, ?> run =
        HarnessRun.of(
            on.in(folder),
            Operators.oneInput(MANY.aggregate().emitOnWatermark().aggregate(new Numbers())))) {
      run.results(MANY.script().randomOfOneInput(3));

      assertThat(run.timers()).isZero();
      assertThat(run.keysIn("waiting", "rows", "front", "middle")).isZero();
    }
  }

  @Test
  void size_ofLessThanAMillisecond_isRefused() {
    assertThatThrownBy(
            () -> TimelogStreams.rollingAggregate(Operators.rows(), Duration.ofNanos(999_999)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("size must be at least 1 ms: PT0.000999999S");
  }

  @Test
  void size_withoutEnd_isRefused() {
    assertThatThrownBy(
            () ->
                TimelogStreams.rollingAggregate(
                    Operators.rows(), Duration.ofSeconds(Long.MAX_VALUE)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("size must be at most ");
  }
}
