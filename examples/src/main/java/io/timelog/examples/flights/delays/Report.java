package io.timelog.examples.flights.delays;

import io.timelog.examples.flights.data.Flight;
import io.timelog.examples.flights.run.Lines;
import io.timelog.examples.flights.run.Partitioning;
import io.timelog.examples.flights.run.Times;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Says what came out, for people. */
public final class Report {
  private final Lines lines;

  /** Writes to {@code out}. */
  public Report(PrintWriter out) {
    this.lines = new Lines(out);
  }

  /** What goes in. */
  void input(List<Flight> flights, HoppingWindows windows, Partitioning partitioning) {
    lines.add(
        "%,d real flights from %,d airports, fed in the order in which they were observed.",
        flights.size(), flights.stream().map(Flight::origin).distinct().count());
    lines.add(
        "Windows of %s every %s, open for late flights for %s, in a Timelog window store"
            + " (partitions: %d).",
        Times.length(windows.size()),
        Times.length(windows.advance()),
        Times.length(windows.grace()),
        partitioning.partitions());
    lines.add("");
  }

  /** The airports and windows in which the mean delay was greatest, as a table. */
  public void mostDelayed(
      Map<AirportWindow, Delays> results, HoppingWindows windows, int rows, int minDepartures) {
    lines.add("");
    lines.add(
        "The %d most delayed airport-hours (of %d departures or more; where windows overlap, the"
            + " worst)",
        rows, minDepartures);
    lines.add("");
    lines.add("      airport  window                         departures  mean delay");
    int rank = 1;
    for (Map.Entry<AirportWindow, Delays> row :
        worst(results, windows.size(), rows, minDepartures)) {
      long start = row.getKey().startMillis();
      lines.add(
          "  %2d. %-7s  %s to %s  %10d  %6.1f min",
          rank++,
          row.getKey().airport(),
          Times.time(start),
          Times.clock(start + windows.size().toMillis()),
          row.getValue().departures(),
          row.getValue().meanMinutes());
    }
  }

  private static List<Map.Entry<AirportWindow, Delays>> worst(
      Map<AirportWindow, Delays> results, Duration windowSize, int rows, int minDepartures) {
    List<Map.Entry<AirportWindow, Delays>> candidates =
        results.entrySet().stream()
            .filter(result -> result.getValue().departures() >= minDepartures)
            .sorted(
                Comparator.comparingDouble(
                        (Map.Entry<AirportWindow, Delays> result) ->
                            -result.getValue().meanMinutes())
                    .thenComparing(result -> result.getKey().airport())
                    .thenComparing(result -> result.getKey().startMillis()))
            .toList();
    List<Map.Entry<AirportWindow, Delays>> worst = new ArrayList<>();
    for (Map.Entry<AirportWindow, Delays> candidate : candidates) {
      if (worst.size() < rows
          && worst.stream()
              .noneMatch(other -> overlap(candidate.getKey(), other.getKey(), windowSize))) {
        worst.add(candidate);
      }
    }
    return worst;
  }

  private static boolean overlap(AirportWindow one, AirportWindow other, Duration size) {
    return one.airport().equals(other.airport())
        && Math.abs(one.startMillis() - other.startMillis()) < size.toMillis();
  }

  /** What was out of order, what was late and what was dropped. */
  void lateness(Lateness lateness) {
    lines.add("");
    lines.add("What was late");
    lines.add("");
    lines.add(
        "  out of order  %,9d flights came after one with a later event time (%.1f %%)",
        lateness.outOfOrder(), 100.0 * lateness.outOfOrder() / Math.max(1, lateness.flights()));
    lines.add("  late          %,9d of them found a window closed", lateness.late());
    lines.add("  lost          %,9d of these found all their windows closed", lateness.lost());
    lines.add(
        "  dropped       %,9d updates of windows, by Kafka Streams", lateness.droppedUpdates());
    Flight latest = lateness.furthestBehind();
    if (latest != null) {
      lines.add(
          "  the latest    %s behind: %s to %s, %s",
          Times.length(Duration.ofMillis(lateness.furthestBehindMillis())),
          latest.origin(),
          latest.destination(),
          Times.time(latest.scheduledMillis()));
    }
  }

  /** Whether the run can be believed. */
  void verdict(Outcome expected, List<String> differences) {
    lines.add("");
    if (differences.isEmpty()) {
      lines.add(
          "Check: OK. %,d airport-hours, %,d windows still in the store and %,d dropped updates are"
              + " those of a plain computation over the same file.",
          expected.results().size(), expected.stillStored().size(), expected.droppedUpdates());
    } else {
      lines.add(
          "Check: FAILED. The application and a plain computation over the same file differ.");
      differences.forEach(difference -> lines.add("  %s", difference));
    }
  }
}
