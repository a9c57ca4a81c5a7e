package io.timelog.examples.flights.run;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Whether an application came to what a plain computation came to. */
public final class Check {
  private Check() {}

  /** Whether two lists have the same elements, each as often, in whatever order. */
  public static boolean areSame(List<?> expected, List<?> actual) {
    return counts(expected).equals(counts(actual));
  }

  private static Map<?, Long> counts(List<?> elements) {
    return elements.stream()
        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
  }
}
