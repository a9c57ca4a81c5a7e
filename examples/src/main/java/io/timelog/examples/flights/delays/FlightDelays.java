package io.timelog.examples.flights.delays;

import io.timelog.examples.flights.data.Flight;
import io.timelog.examples.flights.run.CtrlC;
import io.timelog.examples.flights.run.ExitCode;
import io.timelog.examples.flights.run.FeedOptions;
import io.timelog.examples.flights.run.StopSignal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command of the hopping windows. It ends with an {@link ExitCode}. */
@Command(
    name = "flight-delays",
    sortOptions = false,
    usageHelpWidth = 100,
    description = {
      "Which airports kept their passengers waiting, and when: a week of real flights through a Kafka"
          + " broker and a Kafka Streams application that keeps its windows in Timelog.",
      "",
      "Broker and application run in this process, on free ports and in a temporary directory.",
      ""
    })
public final class FlightDelays implements Callable<Integer> {
  @Mixin
  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls.
  private FeedOptions feed;

  @Mixin
  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls.
  private WindowOptions windowed;

  @Option(
      names = "--grace-minutes",
      paramLabel = "N",
      defaultValue = "240",
      description = "How long a window waits for late flights (default: ${DEFAULT-VALUE}).")
  private int graceMinutes;

  @Option(
      names = "--min-departures",
      paramLabel = "N",
      defaultValue = "10",
      description = "Leave out airport-hours with fewer flights (default: ${DEFAULT-VALUE}).")
  private int minDepartures;

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new FlightDelays()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    feed.check();
    windowed.check(feed);
    feed.require(graceMinutes >= 0, "--grace-minutes must not be negative: " + graceMinutes);
    return CtrlC.guard(feed.out(), this::run);
  }

  private int run(StopSignal stop) throws Exception {
    HoppingWindows windows = windowed.windows(Duration.ofMinutes(graceMinutes));
    List<Flight> input = feed.read();
    Report report = new Report(feed.out());
    report.input(input, windows, feed.partitioning());
    Outcome actual = feed.run(new FlightDelaysJob(windows), input, stop);
    PlainComputation expected = PlainComputation.of(input, windows, feed.partitioning());
    List<String> differences = Differences.between(expected.outcome(), actual);
    report.mostDelayed(actual.results(), windows, windowed.rows(), minDepartures);
    report.lateness(expected.lateness());
    report.verdict(expected.outcome(), differences);
    feed.out().flush();
    return differences.isEmpty() ? ExitCode.OK : ExitCode.FAILED;
  }
}
