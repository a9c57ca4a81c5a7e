package io.timelog.examples.flights.delays;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether the application came to what the plain computation came to. */
final class Differences {
  private final List<String> differences = new ArrayList<>();

  private Differences() {}

  /**
   * Compares the two.
   *
   * @return a sentence for each kind of difference; none if there is none
   */
  static List<String> between(Outcome expected, Outcome actual) {
    Differences found = new Differences();
    found.compare("Results", expected.results(), actual.results());
    found.compare("Windows in the store", expected.stillStored(), actual.stillStored());
    if (expected.droppedUpdates() != actual.droppedUpdates()) {
      found.differences.add(
          "Dropped updates differ: expected="
              + expected.droppedUpdates()
              + ", actual="
              + actual.droppedUpdates());
    }
    return found.differences;
  }

  private void compare(
      String what, Map<AirportWindow, Delays> expected, Map<AirportWindow, Delays> actual) {
    Set<AirportWindow> different =
        Stream.concat(expected.keySet().stream(), actual.keySet().stream())
            .filter(window -> !Objects.equals(expected.get(window), actual.get(window)))
            .collect(Collectors.toSet());
    Optional<AirportWindow> first =
        different.stream()
            .min(
                Comparator.comparingLong(AirportWindow::startMillis)
                    .thenComparing(AirportWindow::airport));
    first.ifPresent(
        window ->
            differences.add(
                what
                    + " differ: windows="
                    + different.size()
                    + ", first="
                    + window
                    + ", expected="
                    + expected.get(window)
                    + ", actual="
                    + actual.get(window)));
  }
}
