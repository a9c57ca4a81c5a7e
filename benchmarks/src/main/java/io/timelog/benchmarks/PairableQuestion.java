package io.timelog.benchmarks;

import io.timelog.benchmarks.report.Cost;
import java.nio.file.Path;
import java.util.List;

/** A question that can be asked of two builds of Timelog in turn, see {@link PairsBenchmark}. */
interface PairableQuestion extends Question {
  /** Options, as {@code --name=value}, that leave out of the question all engines but Timelog. */
  List<String> optionsForTimelogAlone();

  /** The figures of Timelog in the result file in {@code results}, medians over its rounds. */
  List<Cost> costs(Path results);
}
