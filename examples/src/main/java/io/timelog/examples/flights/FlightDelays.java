package io.timelog.examples.flights;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The command. Exit codes: 0 if the run agrees with a plain computation over the same file, 1 if it
 * does not or fails, 2 for a wrong option, 130 after Ctrl-C.
 */
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
  /** The exit code of a run that can be believed. */
  public static final int OK = 0;

  /** The exit code of one that cannot. */
  public static final int FAILED = 1;

  @Mixin
  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls.
  private FeedOptions feed;

  @Option(
      names = "--window-minutes",
      paramLabel = "N",
      defaultValue = "60",
      description = "Length of a window (default: ${DEFAULT-VALUE}).")
  private int windowMinutes;

  @Option(
      names = "--advance-minutes",
      paramLabel = "N",
      defaultValue = "15",
      description = "Time from one window to the next (default: ${DEFAULT-VALUE}).")
  private int advanceMinutes;

  @Option(
      names = "--grace-minutes",
      paramLabel = "N",
      defaultValue = "240",
      description = "How long a window waits for late flights (default: ${DEFAULT-VALUE}).")
  private int graceMinutes;

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "10",
      description = "Rows of the table (default: ${DEFAULT-VALUE}).")
  private int rows;

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
    feed.require(windowMinutes >= 1, "--window-minutes must be at least 1: " + windowMinutes);
    feed.require(
        advanceMinutes >= 1 && advanceMinutes <= windowMinutes,
        "--advance-minutes must be at least 1 and at most --window-minutes: "
            + advanceMinutes
            + ", --window-minutes "
            + windowMinutes);
    feed.require(graceMinutes >= 0, "--grace-minutes must not be negative: " + graceMinutes);
    feed.require(rows >= 1, "--rows must be at least 1: " + rows);
    return CtrlC.guard(feed.out(), this::run);
  }

  private int run(StopSignal stop) throws Exception {
    HoppingWindows windows =
        new HoppingWindows(
            Duration.ofMinutes(windowMinutes),
            Duration.ofMinutes(advanceMinutes),
            Duration.ofMinutes(graceMinutes));
    List<Flight> input = feed.read();
    Report report = new Report(feed.out());
    report.input(input, windows, feed.partitioning());
    Outcome actual = feed.run(new FlightDelaysJob(windows), input, stop);
    PlainComputation expected = PlainComputation.of(input, windows, feed.partitioning());
    List<String> differences = Check.differences(expected.outcome(), actual);
    report.mostDelayed(actual.results(), windows, rows, minDepartures);
    report.lateness(expected.lateness());
    report.verdict(expected.outcome(), differences);
    feed.out().flush();
    return differences.isEmpty() ? OK : FAILED;
  }
}
