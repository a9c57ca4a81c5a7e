package io.timelog.benchmarks.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A Markdown file with parts that are written by programs, each between two comments:
 *
 * <pre>{@code
 * <!-- results of keyed-workload -->
 * ...
 * <!-- end of keyed-workload -->
 * }</pre>
 */
public final class Readme {
  private Readme() {}

  /**
   * Replaces the part of one question.
   *
   * @throws IllegalStateException if the file has no such part
   */
  public static void replace(Path file, String question, String content) {
    try {
      Files.writeString(file, replaced(Files.readString(file), question, content));
    } catch (IOException e) {
      throw new UncheckedIOException("The tables cannot be written: question=" + question, e);
    }
  }

  /** As {@link #replace}, on text. */
  static String replaced(String text, String question, String content) {
    String start = "<!-- results of " + question + " -->\n";
    String end = "<!-- end of " + question + " -->";
    int from = text.indexOf(start);
    int to = text.indexOf(end);
    if (from < 0 || to < from) {
      throw new IllegalStateException(
          "The README has no part for a question: question="
              + question
              + ", start="
              + start.strip());
    }
    return text.substring(0, from + start.length()) + content + text.substring(to);
  }
}
