package io.timelog.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A Markdown table: the first column is text, the others are figures and stand to the right. */
public final class Table {
  private final List<String> lines = new ArrayList<>();

  public Table(String... columns) {
    lines.add(line(List.of(columns)));
    lines.add("|---|" + "---:|".repeat(columns.length - 1));
  }

  public void row(List<String> cells) {
    lines.add(line(cells));
  }

  @Override
  public String toString() {
    return String.join("\n", lines) + "\n";
  }

  private static String line(List<String> cells) {
    return cells.stream().collect(Collectors.joining(" | ", "| ", " |"));
  }
}
