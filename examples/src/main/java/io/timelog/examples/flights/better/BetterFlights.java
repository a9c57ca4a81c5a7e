package io.timelog.examples.flights.better;

import io.timelog.examples.flights.data.Flight;
import io.timelog.examples.flights.run.Check;
import io.timelog.examples.flights.run.CtrlC;
import io.timelog.examples.flights.run.ExitCode;
import io.timelog.examples.flights.run.FeedOptions;
import io.timelog.examples.flights.run.Lines;
import io.timelog.examples.flights.run.StopSignal;
import io.timelog.examples.flights.run.Times;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command of the stream-stream join. It ends with an {@link ExitCode}. */
@Command(
    name = "better-flights",
    sortOptions = false,
    usageHelpWidth = 100,
    description = {
      "Which late flights had a punctual one of the same route beside them: a stream-stream join in"
          + " Kafka Streams that keeps both of its sides in Timelog.",
      "",
      "Broker and application run in this process, on free ports and in a temporary directory.",
      ""
    })
public final class BetterFlights implements Callable<Integer> {
  private static final int ROWS = 10;

  @Mixin
  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls.
  private FeedOptions feed;

  @Option(
      names = "--late-minutes",
      paramLabel = "N",
      defaultValue = "60",
      description = "From which delay on a flight is late (default: ${DEFAULT-VALUE}).")
  private int lateMinutes;

  @Option(
      names = "--within-minutes",
      paramLabel = "N",
      defaultValue = "60",
      description = "How far apart the two flights may be (default: ${DEFAULT-VALUE}).")
  private int withinMinutes;

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new BetterFlights()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    feed.check();
    feed.require(
        lateMinutes > Rebooking.PUNCTUAL_MINUTES,
        "--late-minutes must be more than " + Rebooking.PUNCTUAL_MINUTES + ": " + lateMinutes);
    feed.require(withinMinutes >= 0, "--within-minutes must not be negative: " + withinMinutes);
    return CtrlC.guard(feed.out(), this::run);
  }

  private int run(StopSignal stop) throws Exception {
    Rebooking rebooking = new Rebooking(lateMinutes, Duration.ofMinutes(withinMinutes));
    List<Flight> input = feed.read();
    Lines lines = new Lines(feed.out());
    lines.add(
        "%,d real flights, %,d of them %d minutes late or more.",
        input.size(), input.stream().filter(rebooking::isLate).count(), lateMinutes);
    lines.add(
        "Joined with punctual flights of the same route within %s; both sides in Timelog window"
            + " stores.",
        Times.length(rebooking.within()));
    lines.add("");
    BetterFlightsJob job = new BetterFlightsJob(rebooking);
    List<BetterFlight> actual = feed.run(job, input, stop);
    List<BetterFlight> expected = job.plainly(input);
    tell(lines, actual);
    boolean same = Check.areSame(expected, actual);
    lines.add("");
    lines.add(
        same
            ? "Check: OK. The %,d pairs are those of a plain computation over the same file."
            : "Check: FAILED. A plain computation over the same file finds %,d pairs, and others.",
        expected.size());
    return same ? ExitCode.OK : ExitCode.FAILED;
  }

  private static void tell(Lines lines, List<BetterFlight> pairs) {
    Map<String, Set<Flight>> routes = new HashMap<>();
    Set<Flight> helped = new HashSet<>();
    for (BetterFlight pair : pairs) {
      helped.add(pair.late());
      routes
          .computeIfAbsent(Rebooking.route(pair.late()), route -> new HashSet<>())
          .add(pair.late());
    }
    lines.add("");
    lines.add("%,d late flights had a punctual one beside them, most of all on", helped.size());
    lines.add("");
    routes.entrySet().stream()
        .sorted(
            Map.Entry.<String, Set<Flight>>comparingByValue((a, b) -> b.size() - a.size())
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(ROWS)
        .forEach(route -> lines.add("  %s  %,6d", route.getKey(), route.getValue().size()));
  }
}
