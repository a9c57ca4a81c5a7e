package io.timelog.benchmarks;

import io.timelog.benchmarks.engine.EngineKind;
import io.timelog.benchmarks.flights.Arrival;
import io.timelog.benchmarks.flights.FlightsResult;
import io.timelog.benchmarks.flights.FlightsRun;
import io.timelog.benchmarks.report.Arguments;
import io.timelog.benchmarks.report.Figures;
import io.timelog.benchmarks.report.ResultFile;
import io.timelog.benchmarks.report.Stamp;
import io.timelog.benchmarks.report.Table;
import io.timelog.benchmarks.workload.ChildJvm;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What does disorder cost? Real flights, appended in the order in which they departed and keyed by
 * the time at which they should have, nearly all of them behind a later one, against the same
 * flights sorted.
 *
 * <pre>{@code
 * java -jar benchmarks/target/benchmarks.jar out-of-order --file=flights.csv.gz --rounds=3
 * }</pre>
 *
 * <p>Options: {@code --file}, which is the week of flights of the examples unless given; {@code
 * --events}, {@code --rounds}, {@code --engines}, {@code --heap}.
 */
final class OutOfOrderBenchmark implements Question {
  private static final String WEEK_OF_FLIGHTS =
      "examples/src/main/resources/io/timelog/examples/flights/data/flights-2001-week1.csv.gz";

  @Override
  public String name() {
    return "out-of-order";
  }

  @Override
  public void ask(Arguments arguments, Path results, PrintStream out) {
    String file = arguments.text("file", WEEK_OF_FLIGHTS);
    long events = arguments.number("events", 3_000_000);
    long rounds = arguments.number("rounds", 3);
    List<EngineKind> engines = EngineKind.listOf(arguments.list("engines", EngineKind.ALL));
    ChildJvm jvm = new ChildJvm(arguments.text("heap", "6g"));
    arguments.refuseUnknown();

    Stamp stamp = Stamp.now();
    List<FlightsResult> measured = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      for (EngineKind engine : engines) {
        for (Arrival arrival : Arrival.values()) {
          FlightsRun.Input input = new FlightsRun.Input(file, arrival, events);
          FlightsResult result = jvm.run(FlightsRun.class, engine, input, FlightsResult.class);
          measured.add(result);
          out.printf(
              "round %d, %s: arrival=%s, append=%s, per scanned entry=%s, process=%s%n",
              round,
              engine.id(),
              arrival,
              Figures.nanos(result.appendCpuNanos()),
              Figures.nanos(result.scannedEntryCpuNanos()),
              Figures.nanos(result.processCpuNanos()));
        }
      }
      requireEqualChecksums(measured);
      String command = "out-of-order --events=%d --rounds=%d".formatted(events, rounds);
      new ResultFile<>(name(), command, stamp, measured).writeTo(results);
    }
    out.println(render(results));
  }

  @Override
  public String render(Path results) {
    ResultFile<FlightsResult> file = ResultFile.read(results, name(), FlightsResult.class);
    Table table =
        new Table(
            "as observed (ratio to sorted)", "append, CPU", "scanned entry, CPU", "process CPU");
    for (String engine : file.rounds().stream().map(FlightsResult::engine).distinct().toList()) {
      List<FlightsResult> observed = select(file.rounds(), engine, Arrival.OBSERVED);
      List<FlightsResult> sorted = select(file.rounds(), engine, Arrival.SORTED);
      table.row(
          List.of(
              EngineKind.of(engine).title(),
              cell(observed, sorted, FlightsResult::appendCpuNanos),
              cell(observed, sorted, FlightsResult::scannedEntryCpuNanos),
              cell(observed, sorted, FlightsResult::processCpuNanos)));
    }
    FlightsResult any =
        select(file.rounds(), file.rounds().get(0).engine(), Arrival.OBSERVED).get(0);
    return "%s. %s flights, %s %% of them out of order as observed.%n%n%s"
        .formatted(
            file.stamp(),
            Figures.count(any.events()),
            Figures.number(any.outOfOrderPercent()),
            table);
  }

  private static String cell(
      List<FlightsResult> observed,
      List<FlightsResult> sorted,
      ToDoubleFunction<FlightsResult> figure) {
    double cost = Figures.median(observed, figure);
    return "%s (%s)"
        .formatted(Figures.nanos(cost), Figures.ratio(cost / Figures.median(sorted, figure)));
  }

  private static List<FlightsResult> select(
      List<FlightsResult> rounds, String engine, Arrival arrival) {
    return rounds.stream()
        .filter(r -> r.engine().equals(engine) && r.arrival() == arrival)
        .toList();
  }

  private static void requireEqualChecksums(List<FlightsResult> measured) {
    for (FlightsResult result : measured) {
      for (FlightsResult other : measured) {
        if (result.finalChecksum() != other.finalChecksum()
            || (result.arrival() == other.arrival()
                && result.scanChecksum() != other.scanChecksum())) {
          throw new IllegalStateException(
              "Two engines read different flights: first="
                  + result.engine()
                  + ", second="
                  + other.engine());
        }
      }
    }
  }
}
