package io.timelog.examples.flights.known;

import io.timelog.examples.flights.data.Flight;
import io.timelog.examples.flights.data.FlightFile;
import io.timelog.examples.flights.run.ExitCode;
import io.timelog.examples.flights.run.Lines;
import io.timelog.examples.flights.run.Times;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command of the job with the operators of Timelog. It ends with an {@link ExitCode}. */
@Command(
    name = "known-delays",
    sortOptions = false,
    usageHelpWidth = 100,
    description = {
      "What was known at the airport when a flight was to leave: the delay that was seen last and"
          + " the mean of the half hour before, and how well one could have guessed by them. A"
          + " Flink job with a rolling aggregate and an as-of join that keep their state in"
          + " Timelog, on a cluster in this process.",
      ""
    })
public final class KnownDelays implements Callable<Integer> {
  private static final int ALL_FLIGHTS = 113_493;
  private static final int ROWS = 10;

  @Option(
      names = "--flights",
      paramLabel = "N",
      defaultValue = "" + ALL_FLIGHTS,
      description = "Take only the first N flights; by default all 113,493.")
  private int flights;

  @Option(
      names = "--mean-minutes",
      paramLabel = "N",
      defaultValue = "30",
      description = "How long the mean goes back (default: ${DEFAULT-VALUE}).")
  private int meanMinutes;

  @Option(
      names = "--tolerance-minutes",
      paramLabel = "N",
      defaultValue = "120",
      description = "How old the last delay may be (default: ${DEFAULT-VALUE}).")
  private int toleranceMinutes;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  @SuppressWarnings("UnusedVariable") // picocli looks at it.
  private boolean help;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls.
  private CommandSpec command;

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new KnownDelays()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    require(flights >= 1, "--flights must be at least 1: " + flights);
    require(meanMinutes >= 1, "--mean-minutes must be at least 1: " + meanMinutes);
    require(toleranceMinutes >= 0, "--tolerance-minutes must not be negative: " + toleranceMinutes);
    List<Flight> input = FlightFile.read(flights);
    Duration lately = Duration.ofMinutes(meanMinutes);
    Duration tolerance = Duration.ofMinutes(toleranceMinutes);
    Lines lines = new Lines(command.commandLine().getOut());
    lines.add("%,d real flights, as they are scheduled and as they were seen.", input.size());
    lines.add(
        "A mean of %s at each, and what was known up to %s before a departure; all state in"
            + " Timelog.",
        Times.length(lately), Times.length(tolerance));
    List<KnownDelay> known = new KnownDelaysJob(input.size(), lately, tolerance).run();
    unexpected(lines, known);
    guesses(lines, known);
    return verdict(lines, PlainKnownDelays.of(input, lately, tolerance), known);
  }

  private void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new ParameterException(command.commandLine(), otherwise);
    }
  }

  private static void unexpected(Lines lines, List<KnownDelay> known) {
    lines.add("");
    lines.add("The %d latest flights that left when all seemed well", ROWS);
    lines.add("");
    lines.add("      flight      scheduled               late    last seen   mean before");
    List<KnownDelay> most =
        known.stream()
            .filter(one -> one.lately().departures() > 0 && one.lately().meanMinutes() <= 0)
            .sorted(
                Comparator.<KnownDelay>comparingInt(one -> -one.departure().delayMinutes())
                    .thenComparing(one -> one.departure().line()))
            .limit(ROWS)
            .toList();
    int rank = 1;
    for (KnownDelay one : most) {
      Flight departure = one.departure();
      Flight last = one.last();
      lines.add(
          "  %2d. %s to %s  %s  %5d min  %5d min  %6.1f min",
          rank++,
          departure.origin(),
          departure.destination(),
          Times.time(departure.scheduledMillis()),
          departure.delayMinutes(),
          last == null ? 0 : last.delayMinutes(),
          one.lately().meanMinutes());
    }
  }

  private static void guesses(Lines lines, List<KnownDelay> known) {
    List<KnownDelay> some = known.stream().filter(one -> one.last() != null).toList();
    lines.add("");
    lines.add(
        "Something was known of %,d departures. Who guesses a delay is wrong by, on average:",
        some.size());
    lines.add("  %5.1f min who says that there is none,", error(some, one -> 0));
    lines.add("  %5.1f min who says it is the last one,", error(some, KnownDelays::lastMinutes));
    lines.add(
        "  %5.1f min who says it is the mean.", error(some, one -> one.lately().meanMinutes()));
  }

  private static double lastMinutes(KnownDelay one) {
    Flight last = one.last();
    return last == null ? 0 : last.delayMinutes();
  }

  private static double error(List<KnownDelay> known, ToDoubleFunction<KnownDelay> guess) {
    return known.stream()
        .mapToDouble(one -> Math.abs(one.departure().delayMinutes() - guess.applyAsDouble(one)))
        .average()
        .orElse(0);
  }

  private static int verdict(Lines lines, List<KnownDelay> expected, List<KnownDelay> actual) {
    boolean same = sorted(expected).equals(sorted(actual));
    lines.add("");
    lines.add(
        same
            ? "Check: OK. What was known of %,d departures is what a plain computation over the"
                + " same file finds."
            : "Check: FAILED. A plain computation over the same file finds other things known of"
                + " %,d departures.",
        expected.size());
    return same ? ExitCode.OK : ExitCode.FAILED;
  }

  private static List<String> sorted(List<KnownDelay> known) {
    return known.stream().map(KnownDelay::toString).sorted().toList();
  }
}
