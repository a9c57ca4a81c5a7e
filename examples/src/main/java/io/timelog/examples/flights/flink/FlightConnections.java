package io.timelog.examples.flights.flink;

import io.timelog.examples.flights.data.Flight;
import io.timelog.examples.flights.delays.HoppingWindows;
import io.timelog.examples.flights.delays.Report;
import io.timelog.examples.flights.delays.WindowOptions;
import io.timelog.examples.flights.run.CtrlC;
import io.timelog.examples.flights.run.ExitCode;
import io.timelog.examples.flights.run.FeedOptions;
import io.timelog.examples.flights.run.Lines;
import io.timelog.examples.flights.run.StopSignal;
import io.timelog.examples.flights.run.Times;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command of the Flink job. It ends with an {@link ExitCode}. */
@Command(
    name = "flight-connections",
    sortOptions = false,
    usageHelpWidth = 100,
    description = {
      "Which airports kept their passengers waiting, and which departures the passengers of late"
          + " flights missed: a Flink job with hopping windows and an interval join that keeps its"
          + " state in Timelog.",
      "",
      "Broker and cluster run in this process, on free ports and in a temporary directory. In the"
          + " middle of the run a task manager is killed.",
      ""
    })
public final class FlightConnections implements Callable<Integer> {
  /** Airport-hours with fewer are not in the table. */
  private static final int MIN_DEPARTURES = 10;

  @Mixin
  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls.
  private FeedOptions feed;

  @Mixin
  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls.
  private WindowOptions windowed;

  @Option(
      names = "--change-minutes",
      paramLabel = "N",
      defaultValue = "30",
      description =
          "Time to change planes; a flight is late from twice of that on (default:"
              + " ${DEFAULT-VALUE}).")
  private int changeMinutes;

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new FlightConnections()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    feed.check();
    windowed.check(feed);
    feed.require(changeMinutes >= 1, "--change-minutes must be at least 1: " + changeMinutes);
    return CtrlC.guard(feed.out(), this::run);
  }

  private int run(StopSignal stop) throws Exception {
    HoppingWindows windows = windowed.windows(Duration.ZERO);
    Connecting connecting = new Connecting(2 * changeMinutes, Duration.ofMinutes(changeMinutes));
    List<Flight> input = feed.read();
    Lines lines = new Lines(feed.out());
    lines.add(
        "%,d real flights, %,d of them %d minutes late or more.",
        input.size(), input.stream().filter(connecting::isLate).count(), connecting.lateMinutes());
    lines.add(
        "Windows of %s every %s, and a join of arrivals with departures; all state in Timelog.",
        Times.length(windows.size()), Times.length(windows.advance()));
    lines.add("");
    Found actual =
        feed.withProgress(
            input,
            (pace, progress) ->
                new FlinkRun(input, feed.partitioning(), pace, progress, stop)
                    .run(windows, connecting));
    new Report(feed.out())
        .mostDelayed(
            actual.delays().stream()
                .collect(
                    Collectors.toMap(
                        AirportDelays::window, AirportDelays::delays, (one, other) -> one)),
            windows,
            windowed.rows(),
            MIN_DEPARTURES);
    mostMissed(lines, actual.missed());
    return verdict(lines, PlainConnections.of(input, windows, connecting), actual);
  }

  private void mostMissed(Lines lines, Set<MissedConnection> missed) {
    lines.add("");
    lines.add("The %d late flights after which most departures had been missed", windowed.rows());
    lines.add("");
    lines.add("      flight         came in               late    missed departures");
    Map<Flight, Long> counts =
        missed.stream()
            .collect(Collectors.groupingBy(MissedConnection::late, Collectors.counting()));
    int rank = 1;
    for (Map.Entry<Flight, Long> count : most(counts)) {
      Flight flight = count.getKey();
      lines.add(
          "  %2d. %s to %s  %s  %4d min  %,6d",
          rank++,
          flight.origin(),
          flight.destination(),
          Times.time(Connecting.arrivalMillis(flight)),
          flight.delayMinutes(),
          count.getValue());
    }
  }

  private List<Map.Entry<Flight, Long>> most(Map<Flight, Long> counts) {
    return counts.entrySet().stream()
        .sorted(
            Map.Entry.<Flight, Long>comparingByValue()
                .reversed()
                .thenComparing(count -> count.getKey().line()))
        .limit(windowed.rows())
        .toList();
  }

  private static int verdict(Lines lines, Found expected, Found actual) {
    boolean same = expected.equals(actual);
    lines.add("");
    lines.add(
        same
            ? "Check: OK. A task manager was killed on the way; the %,d airport-hours and %,d missed"
                + " connections are those of a plain computation over the same file."
            : "Check: FAILED. A plain computation over the same file finds %,d airport-hours and %,d"
                + " missed connections, and others.",
        expected.delays().size(),
        expected.missed().size());
    return same ? ExitCode.OK : ExitCode.FAILED;
  }
}
