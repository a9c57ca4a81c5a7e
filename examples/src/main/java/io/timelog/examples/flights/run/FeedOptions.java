package io.timelog.examples.flights.run;

import io.timelog.examples.flights.data.Flight;
import io.timelog.examples.flights.data.FlightFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that every command of this package has: what is fed, how fast, and to how many. */
public final class FeedOptions {
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
      names = "--partitions",
      paramLabel = "N",
      defaultValue = "2",
      description = "Partitions of the topics (default: ${DEFAULT-VALUE}).")
  private int partitions;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  @SuppressWarnings("UnusedVariable") // picocli looks at it.
  private boolean help;

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls.
  private CommandSpec command;

  /**
   * Checks the options.
   *
   * @throws ParameterException if one is wrong
   */
  public void check() {
    require(flights == null || flights >= 1, "--flights must be at least 1: " + flights);
    require(rate == null || rate >= 1, "--rate must be at least 1: " + rate);
    require(partitions >= 1, "--partitions must be at least 1: " + partitions);
  }

  /** Refuses the command line of the command if the condition does not hold. */
  public void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new ParameterException(command.commandLine(), otherwise);
    }
  }

  /** Where the command writes. */
  public PrintWriter out() {
    return command.commandLine().getOut();
  }

  /** The flights, in the order in which they are fed. */
  public List<Flight> read() throws IOException {
    return FlightFile.read(flights == null ? Long.MAX_VALUE : flights);
  }

  /** How the topics are divided. */
  public Partitioning partitioning() {
    return new Partitioning(partitions);
  }

  /** Feeds the flights to the job, with a line on the console that tells how far it is. */
  public <R> R run(Job<R> job, List<Flight> input, StopSignal stop) throws Exception {
    return withProgress(
        input,
        (pace, progress) ->
            new JobRun(input, partitioning(), pace, progress, stop)
                .run(job, Path.of(System.getProperty("java.io.tmpdir"))));
  }

  /** A run with a pace, and somebody who wants to know how far it is. */
  @FunctionalInterface
  public interface Run<R> {
    /** Returns what comes out. */
    R with(Pace pace, Progress progress) throws Exception;
  }

  /** Runs with a line on the console that tells how far it is. */
  public <R> R withProgress(List<Flight> input, Run<R> run) throws Exception {
    Pace pace = rate == null ? new Pace.Unlimited() : new Pace.PerSecond(rate);
    try (ConsoleProgress progress = new ConsoleProgress(out(), input.size())) {
      return run.with(pace, progress);
    }
  }
}
