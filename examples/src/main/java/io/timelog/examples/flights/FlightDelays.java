package io.timelog.examples.flights;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

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
  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final int STOPPED = 130;
  private static final long CLEAN_UP_SECONDS = 60;

  @Option(
      names = "--flights",
      paramLabel = "N",
      description = "Feed only the first N flights; by default all 113,493.")
  private @Nullable Integer flights;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Feed N flights a second; by default as fast as the broker takes them.")
  private @Nullable Integer rate;

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
      names = "--partitions",
      paramLabel = "N",
      defaultValue = "2",
      description = "Partitions of the topics (default: ${DEFAULT-VALUE}).")
  private int partitions;

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

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  @SuppressWarnings("UnusedVariable") // picocli looks at it.
  private boolean help;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls.
  private CommandSpec spec;

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new FlightDelays()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    if (flights != null) {
      require(flights >= 1, "--flights must be at least 1");
    }
    if (rate != null) {
      require(rate >= 1, "--rate must be at least 1");
    }
    require(windowMinutes >= 1, "--window-minutes must be at least 1");
    require(
        advanceMinutes >= 1 && advanceMinutes <= windowMinutes,
        "--advance-minutes must be at least 1 and at most --window-minutes");
    require(graceMinutes >= 0, "--grace-minutes must not be negative");
    require(partitions >= 1, "--partitions must be at least 1");
    require(rows >= 1, "--rows must be at least 1");

    CountDownLatch ended = new CountDownLatch(1);
    StopSignal stop = new StopSignal();
    Thread onCtrlC = new Thread(() -> stopAndAwait(stop, ended), "ctrl-c");
    Runtime.getRuntime().addShutdownHook(onCtrlC);
    try {
      int exitCode = run(stop);
      Runtime.getRuntime().removeShutdownHook(onCtrlC);
      return exitCode;
    } catch (Exception | LinkageError e) {
      // At the end of a process even a broker's start fails in ways of its own.
      if (!stop.isRaised()) {
        throw e;
      }
      PrintWriter out = spec.commandLine().getOut();
      out.println("Stopped. Nothing is left behind.");
      out.flush();
      return STOPPED;
    } finally {
      ended.countDown();
    }
  }

  private void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new ParameterException(spec.commandLine(), otherwise);
    }
  }

  // The process ends when its shutdown hooks have, so the run gets its time to clean up.
  private static void stopAndAwait(StopSignal stop, CountDownLatch ended) {
    stop.raise();
    try {
      ended.await(CLEAN_UP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private int run(StopSignal stop) throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    HoppingWindows windows =
        new HoppingWindows(
            Duration.ofMinutes(windowMinutes),
            Duration.ofMinutes(advanceMinutes),
            Duration.ofMinutes(graceMinutes));
    Partitioning partitioning = new Partitioning(partitions);
    Pace pace = rate == null ? new Pace.Unlimited() : new Pace.PerSecond(rate);
    List<Flight> input = FlightFile.read(flights == null ? Long.MAX_VALUE : flights);

    Report report = new Report(out);
    report.input(input, windows, partitioning);
    Outcome actual;
    try (ConsoleProgress progress = new ConsoleProgress(out, input.size())) {
      actual = new FlightDelaysJob(input, windows, partitioning, pace, progress, stop).run();
    }
    PlainComputation expected = PlainComputation.of(input, windows, partitioning);
    List<String> differences = Check.differences(expected.outcome(), actual);
    report.mostDelayed(actual.results(), windows, rows, minDepartures);
    report.lateness(expected.lateness());
    report.verdict(expected.outcome(), differences);
    out.flush();
    return differences.isEmpty() ? OK : FAILED;
  }
}
