package io.timelog.benchmarks;

import io.timelog.benchmarks.report.Arguments;
import java.io.PrintStream;
import java.nio.file.Path;

/** Something that can be asked of the machine. */
interface Question {
  /** The word by which it is asked, which is also the name of its result file. */
  String name();

  /**
   * Measures, tells on {@code out} how it goes, and writes the result file into {@code results}.
   */
  void ask(Arguments arguments, Path results, PrintStream out);

  /** The tables, in Markdown, of the result file in {@code results}. */
  String render(Path results);
}
