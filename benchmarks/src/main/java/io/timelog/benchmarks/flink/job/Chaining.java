package io.timelog.benchmarks.flink.job;

import io.timelog.benchmarks.report.UsageException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How the operators of a job are put onto threads. */
public enum Chaining {
  /** Each operator has a thread, so that the one that is weighed does nothing else on its own. */
  OFF,
  /** What Flink does: the operator and all behind it share a thread. */
  ON;

  /** The name in commands and tables. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The values of these words.
   *
   * @throws UsageException if there is none of a word
   */
  public static List<Chaining> listOf(List<String> words) {
    return words.stream().map(Chaining::of).toList();
  }

  private static Chaining of(String word) {
    return Arrays.stream(values())
        .filter(chaining -> chaining.word().equals(word))
        .findFirst()
        .orElseThrow(() -> new UsageException("Chaining is on or off: chaining=" + word));
  }
}
