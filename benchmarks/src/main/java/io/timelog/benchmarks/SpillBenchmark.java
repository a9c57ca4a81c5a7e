package io.timelog.benchmarks;

import io.timelog.benchmarks.engine.BoundedEngineKind;
import io.timelog.benchmarks.report.Arguments;
import io.timelog.benchmarks.report.Figures;
import io.timelog.benchmarks.report.ResultFile;
import io.timelog.benchmarks.report.Stamp;
import io.timelog.benchmarks.report.Table;
import io.timelog.benchmarks.spill.ScanCost;
import io.timelog.benchmarks.spill.SpillCost;
import io.timelog.benchmarks.spill.SpillInput;
import io.timelog.benchmarks.spill.SpillRun;
import io.timelog.benchmarks.workload.ChildJvm;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * What do writes and scans by key cost while the state is larger than the memory that it may take?
 *
 * <pre>{@code
 * java -jar benchmarks/target/benchmarks.jar spill --rounds=3
 * java -jar benchmarks/target/benchmarks.jar spill --megabytes=16 --percents=125,400 --heap=512m --rounds=1
 * }</pre>
 *
 * <p>Options: {@code --megabytes} of memory, {@code --percents} of it that are retained (a list),
 * {@code --keys}, {@code --value-bytes}, {@code --engines} (a list of ids), {@code --long-scans},
 * {@code --short-scans}, {@code --rounds}, {@code --heap}.
 */
final class SpillBenchmark implements Question {
  private static final long MEGABYTE = 1_000_000;
  private static final double PERCENT = 100;

  @Override
  public String name() {
    return "spill";
  }

  @Override
  public void ask(Arguments arguments, Path results, PrintStream out) {
    long megabytes = arguments.number("megabytes", 64);
    String percents = arguments.text("percents", "125,200,400,1_000");
    int keys = Math.toIntExact(arguments.number("keys", 1000));
    int valueBytes = Math.toIntExact(arguments.number("value-bytes", 96));
    List<BoundedEngineKind> kinds =
        BoundedEngineKind.listOf(arguments.list("engines", BoundedEngineKind.ALL));
    int longScans = Math.toIntExact(arguments.number("long-scans", 500));
    int shortScans = Math.toIntExact(arguments.number("short-scans", 4000));
    long rounds = arguments.number("rounds", 3);
    ChildJvm jvm = new ChildJvm(arguments.text("heap", "1g"));
    arguments.refuseUnknown();

    Stamp stamp = Stamp.now();
    String command =
        ("spill --megabytes=%d --percents=%s --keys=%d --value-bytes=%d --long-scans=%d"
                + " --short-scans=%d --heap=%s --rounds=%d")
            .formatted(
                megabytes, percents, keys, valueBytes, longScans, shortScans, jvm.heap(), rounds);
    List<SpillInput> inputs =
        Arguments.numbersOf(percents).stream()
            .map(
                percent ->
                    new SpillInput(
                        megabytes * MEGABYTE,
                        percent / PERCENT,
                        keys,
                        valueBytes,
                        longScans,
                        shortScans))
            .toList();
    List<SpillCost> measured = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      for (SpillInput input : inputs) {
        for (BoundedEngineKind kind : kinds) {
          SpillCost cost = SpillRun.inChild(jvm, kind, input);
          requireEqualChecksum(measured, cost);
          measured.add(cost);
          out.printf("round %d, %s%n", round, cost);
        }
      }
      new ResultFile<>(name(), command, stamp, measured).writeTo(results);
    }
    out.println(render(results));
  }

  private static void requireEqualChecksum(List<SpillCost> measured, SpillCost cost) {
    for (SpillCost other : measured) {
      if (other.input().equals(cost.input()) && other.checksum() != cost.checksum()) {
        throw new IllegalStateException(
            "Two engines read different entries: first=" + other + ", second=" + cost);
      }
    }
  }

  @Override
  public String render(Path results) {
    ResultFile<SpillCost> file = ResultFile.read(results, name(), SpillCost.class);
    StringBuilder text = new StringBuilder(file.stamp() + ". `" + file.command() + "`.\n");
    for (SpillInput input : file.rounds().stream().map(SpillCost::input).distinct().toList()) {
      List<SpillCost> costs =
          file.rounds().stream().filter(cost -> cost.input().equals(input)).toList();
      text.append("\n**%s**\n\n%s".formatted(title(input), table(costs)));
    }
    return text.toString();
  }

  private static String title(SpillInput input) {
    return "State of "
        + Figures.number(input.timesMemory())
        + " times the memory of "
        + megabytes((double) input.memoryBytes());
  }

  private static Table table(List<SpillCost> costs) {
    Table table =
        new Table(
            "",
            "writes a second",
            "Timelog is faster by",
            "writer CPU per write",
            "process CPU per write",
            "bytes written per byte",
            "files",
            "long scan, per entry",
            "Timelog is faster by",
            "long scan p50 / p99",
            "short scan p50 / p99",
            "Timelog is faster by");
    List<SpillCost> timelog = of(costs, BoundedEngineKind.TIMELOG);
    for (BoundedEngineKind kind : BoundedEngineKind.values()) {
      List<SpillCost> own = of(costs, kind);
      if (!own.isEmpty()) {
        table.row(
            List.of(
                kind.title(),
                Figures.number(Figures.median(own, SpillCost::writesPerSecond)),
                ratio(timelog, own, SpillCost::writesPerSecond),
                nanos(own, SpillCost::writerNanos),
                nanos(own, SpillCost::processNanos),
                Figures.number(Figures.median(own, SpillCost::writtenPerByte)),
                megabytes(Figures.median(own, SpillCost::fileBytes)),
                nanos(own, SpillBenchmark::longScan),
                ratio(own, timelog, SpillBenchmark::longScan),
                latency(own, SpillCost::longScans),
                latency(own, SpillCost::shortScans),
                ratio(own, timelog, cost -> cost.shortScans().latency().p50())));
      }
    }
    return table;
  }

  private static double longScan(SpillCost cost) {
    return cost.longScans().wallPerEntry();
  }

  private static List<SpillCost> of(List<SpillCost> costs, BoundedEngineKind kind) {
    return costs.stream().filter(cost -> cost.engine().equals(kind.id())).toList();
  }

  private static String latency(List<SpillCost> costs, Function<SpillCost, ScanCost> scans) {
    return nanos(costs, cost -> scans.apply(cost).latency().p50())
        + " / "
        + nanos(costs, cost -> scans.apply(cost).latency().p99());
  }

  private static String megabytes(double bytes) {
    return Figures.number(bytes / MEGABYTE) + " MB";
  }

  private static String nanos(List<SpillCost> costs, ToDoubleFunction<SpillCost> figure) {
    return Figures.nanos(Figures.median(costs, figure));
  }

  /** Of medians. */
  private static String ratio(
      List<SpillCost> above, List<SpillCost> below, ToDoubleFunction<SpillCost> figure) {
    return above.isEmpty() || below.isEmpty()
        ? "-"
        : Figures.ratio(Figures.median(above, figure) / Figures.median(below, figure));
  }
}
