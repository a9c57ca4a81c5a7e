package io.timelog.examples.flights.board;

import io.timelog.examples.flights.data.Flight;
import io.timelog.examples.flights.run.Check;
import io.timelog.examples.flights.run.CtrlC;
import io.timelog.examples.flights.run.ExitCode;
import io.timelog.examples.flights.run.FeedOptions;
import io.timelog.examples.flights.run.Lines;
import io.timelog.examples.flights.run.StopSignal;
import io.timelog.examples.flights.run.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command of the event-log store. It ends with an {@link ExitCode}. */
@Command(
    name = "departure-board",
    sortOptions = false,
    usageHelpWidth = 100,
    description = {
      "The departures of the last two days, to be asked for over HTTP: an event-log store of Timelog"
          + " in Kafka Streams, and interactive queries.",
      "",
      "Broker, application and server run in this process, on free ports and in a temporary"
          + " directory.",
      ""
    })
public final class DepartureBoard implements Callable<Integer> {
  private static final Duration LAST_HOURS = Duration.ofHours(2);
  private static final Duration LOOK = Duration.ofSeconds(1);

  @Mixin
  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls.
  private FeedOptions feed;

  @Option(
      names = "--airport",
      paramLabel = "CODE",
      defaultValue = "JFK",
      description = "Whose board to show at the end (default: ${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls.
  private String airport;

  @Option(names = "--serve", description = "Go on to answer until Ctrl-C.")
  private boolean serve;

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new DepartureBoard()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    feed.check();
    feed.require(
        airport.matches("[A-Z]{3}"), "--airport must be three capital letters: " + airport);
    return CtrlC.guard(feed.out(), this::run);
  }

  private int run(StopSignal stop) throws Exception {
    List<Flight> input = feed.read();
    Lines lines = new Lines(feed.out());
    try (BoardServer server = BoardServer.start(input)) {
      lines.add(
          "%,d real flights; those of the last %s stay in a Timelog event-log store.",
          input.size(), Times.length(DepartureBoardTopology.RETENTION));
      lines.add("Look as soon as the application runs: %s", server.address("/"));
      lines.add("Or ask: curl '%s'", server.address("/count"));
      lines.add("");
      return feed.run(
          new DepartureBoardJob<>(
              server, (departures, raised) -> look(lines, server, input, departures, raised)),
          input,
          stop);
    }
  }

  private int look(
      Lines lines, BoardServer server, List<Flight> input, List<Flight> departures, StopSignal stop)
      throws Exception {
    long newest = departures.stream().mapToLong(Flight::scheduledMillis).max().orElseThrow();
    String path =
        "/departures?airport="
            + airport
            + "&from="
            + Instant.ofEpochMilli(newest).minus(LAST_HOURS);
    lines.add("");
    lines.add("curl '%s'", server.address(path));
    lines.add("");
    for (Flight flight : DepartureBoardJob.flights(server.address(path))) {
      lines.add(
          "  %s  %s to %s  %,5d miles  %4d min",
          Times.time(flight.scheduledMillis()),
          flight.origin(),
          flight.destination(),
          flight.distanceMiles(),
          flight.delayMinutes());
    }
    boolean same = Check.areSame(DepartureBoardJob.plainly(input, feed.partitioning()), departures);
    lines.add("");
    lines.add(
        same
            ? "Check: OK. The %,d departures that the server tells are those of the file."
            : "Check: FAILED. The server tells %,d departures, and not those of the file.",
        departures.size());
    if (serve) {
      lines.add("Serving until Ctrl-C: %s", server.address("/"));
      while (true) {
        stop.pause(LOOK);
      }
    }
    return same ? ExitCode.OK : ExitCode.FAILED;
  }
}
