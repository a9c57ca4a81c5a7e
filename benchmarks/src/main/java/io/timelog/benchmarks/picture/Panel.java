package io.timelog.benchmarks.picture;

import io.timelog.benchmarks.report.Figures;
import java.util.List;

/**
 * Durations of one operation, on a logarithmic axis of their own.
 *
 * @param title the operation
 * @param aside what one such operation does
 * @param dots from top to bottom, at least one of each group; the first is the one that the others
 *     are compared with
 */
public record Panel(String title, String aside, List<Dot> dots) {
  public Panel {
    dots = List.copyOf(dots);
  }

  /** How many times what the first takes the fastest of a group takes. */
  String ratio(Group group) {
    double fastest =
        dots.stream()
            .filter(dot -> dot.group() == group)
            .mapToDouble(Dot::nanos)
            .min()
            .orElseThrow();
    return Figures.ratio(fastest / dots.get(0).nanos());
  }

  /** The power of ten, in nanoseconds, at the left end of the axis: below all dots. */
  int firstDecade() {
    double shortest = dots.stream().mapToDouble(Dot::nanos).min().orElseThrow();
    return (int) Math.floor(Math.log10(shortest));
  }

  /** The power of ten at the right end: above all dots. */
  int lastDecade() {
    double longest = dots.stream().mapToDouble(Dot::nanos).max().orElseThrow();
    return (int) Math.ceil(Math.log10(longest));
  }
}
