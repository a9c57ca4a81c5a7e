package io.timelog.benchmarks.report;

import java.util.Collection;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Numbers for people. */
public final class Figures {
  private Figures() {}

  /**
   * The median of a figure over some rounds; of an even number the mean of the two in the middle.
   *
   * @throws IllegalArgumentException if there is no round
   */
  public static <R> double median(Collection<R> rounds, ToDoubleFunction<R> figure) {
    double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
    if (sorted.length == 0) {
      throw new IllegalArgumentException("A median needs a round");
    }
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  /** About three significant digits, thousands separated: 0.0312, 4.61, 96.4, 1,805. */
  public static String number(double figure) {
    double size = Math.abs(figure);
    int decimals = size == 0 || size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
    return String.format(Locale.ROOT, "%,." + decimals + "f", figure);
  }

  /** A ratio: 0.87x, 4.6x, 27x. */
  public static String ratio(double ratio) {
    int decimals = ratio >= 10 ? 0 : ratio >= 1 ? 1 : 2;
    return String.format(Locale.ROOT, "%,." + decimals + "fx", ratio);
  }

  /** A duration given in nanoseconds, in the unit that fits: 85 ns, 3.40 µs, 9.31 ms, 1.22 s. */
  public static String nanos(double nanos) {
    if (nanos < 1e3) {
      return number(nanos) + " ns";
    } else if (nanos < 1e6) {
      return number(nanos / 1e3) + " µs";
    } else if (nanos < 1e9) {
      return number(nanos / 1e6) + " ms";
    }
    return number(nanos / 1e9) + " s";
  }

  /** A round count: 10 k, 1 M. */
  public static String count(long count) {
    if (count >= 1_000_000 && count % 100_000 == 0) {
      return trimmed(count / 1e6) + " M";
    } else if (count >= 1_000 && count % 100 == 0) {
      return trimmed(count / 1e3) + " k";
    }
    return Long.toString(count);
  }

  private static String trimmed(double number) {
    return number == Math.rint(number)
        ? String.format(Locale.ROOT, "%.0f", number)
        : String.format(Locale.ROOT, "%.1f", number);
  }
}
