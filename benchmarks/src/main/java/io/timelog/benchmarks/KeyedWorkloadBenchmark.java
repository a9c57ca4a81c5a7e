package io.timelog.benchmarks;

import io.timelog.benchmarks.engine.EngineKind;
import io.timelog.benchmarks.report.Arguments;
import io.timelog.benchmarks.report.Cost;
import io.timelog.benchmarks.report.Figures;
import io.timelog.benchmarks.report.ResultFile;
import io.timelog.benchmarks.report.Stamp;
import io.timelog.benchmarks.report.Table;
import io.timelog.benchmarks.workload.ChildJvm;
import io.timelog.benchmarks.workload.Workload;
import io.timelog.benchmarks.workload.WorkloadResult;
import io.timelog.benchmarks.workload.WorkloadRun;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * What do append, scan of one key and eviction cost, how much memory does a live entry take, and
 * how do the engines compare, with few keys and with many? Two questions, as the answers depend on
 * the size of the values: {@code keyed-workload} has small ones, of 16 bytes, {@code
 * keyed-workload-wide} has values of 128.
 *
 * <pre>{@code
 * java -jar benchmarks/target/benchmarks.jar keyed-workload --events=10_000_000 --rounds=3
 * }</pre>
 *
 * <p>Options: {@code --events}, {@code --rounds}, {@code --keys} (a list, each is one table),
 * {@code --engines} (a list of ids), {@code --heap} of each JVM. Rounds are the outer loop, so that
 * a slow minute of the machine meets all engines. See {@link Workload} for the events and {@link
 * WorkloadRun} for how they are timed.
 */
final class KeyedWorkloadBenchmark implements PairableQuestion {
  private final String name;
  private final int valueBytes;

  private KeyedWorkloadBenchmark(String name, int valueBytes) {
    this.name = name;
    this.valueBytes = valueBytes;
  }

  /** With values of 16 bytes. */
  static KeyedWorkloadBenchmark ofSmallValues() {
    return new KeyedWorkloadBenchmark("keyed-workload", 16);
  }

  /** With values of 128 bytes. */
  static KeyedWorkloadBenchmark ofWideValues() {
    return new KeyedWorkloadBenchmark("keyed-workload-wide", 128);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void ask(Arguments arguments, Path results, PrintStream out) {
    long events = arguments.number("events", 10_000_000);
    long rounds = arguments.number("rounds", 3);
    List<Long> keys = arguments.numbers("keys", "1000,1000000");
    List<EngineKind> engines = EngineKind.listOf(arguments.list("engines", EngineKind.ALL));
    ChildJvm jvm = new ChildJvm(arguments.text("heap", "6g"));
    arguments.refuseUnknown();

    Stamp stamp = Stamp.now();
    List<WorkloadResult> measured = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      for (long k : keys) {
        Workload workload = Workload.keyed((int) k, valueBytes, events);
        for (EngineKind engine : engines) {
          WorkloadResult result = WorkloadRun.inChild(jvm, engine, workload);
          measured.add(result);
          out.printf("round %d, %s%n", round, oneLine(result));
        }
      }
      requireEqualChecksums(measured);
      String command = "%s --events=%d --rounds=%d".formatted(name, events, rounds);
      new ResultFile<>(name(), command, stamp, measured).writeTo(results);
    }
    out.println(render(results));
  }

  @Override
  public String render(Path results) {
    ResultFile<WorkloadResult> file = ResultFile.read(results, name(), WorkloadResult.class);
    StringBuilder markdown = new StringBuilder(file.stamp() + ".\n");
    byWorkload(file.rounds())
        .forEach(
            (workload, rounds) -> {
              Map<String, List<WorkloadResult>> byEngine =
                  rounds.stream()
                      .collect(
                          Collectors.groupingBy(
                              WorkloadResult::engine, LinkedHashMap::new, Collectors.toList()));
              markdown
                  .append("\n**")
                  .append(Figures.count(workload.keys()))
                  .append(" keys, values of ")
                  .append(workload.valueBytes())
                  .append(" bytes** (")
                  .append(Figures.count(workload.events()))
                  .append(" events, medians of ")
                  .append(rounds.size() / byEngine.size())
                  .append(" rounds)\n\n")
                  .append(costs(byEngine))
                  .append('\n')
                  .append(ratios(byEngine));
            });
    return markdown.toString();
  }

  @Override
  public List<String> optionsForTimelogAlone() {
    return List.of("--engines=" + EngineKind.TIMELOG.id());
  }

  @Override
  public List<Cost> costs(Path results) {
    ResultFile<WorkloadResult> file = ResultFile.read(results, name(), WorkloadResult.class);
    List<Cost> costs = new ArrayList<>();
    for (WorkloadResult r : file.rounds()) {
      EngineKind engine = EngineKind.of(r.engine());
      String subject = "%s, %s keys".formatted(engine.title(), Figures.count(r.workload().keys()));
      costs.add(Cost.nanos(subject, "append, CPU", r.appendCpuNanos()));
      costs.add(Cost.nanos(subject, "append, p99", (double) r.append().p99()));
      costs.add(Cost.nanos(subject, "scan, CPU", r.scanCpuNanos()));
      costs.add(Cost.nanos(subject, "evict, CPU", r.evictCpuNanos()));
      costs.add(Cost.nanos(subject, "process CPU per event", r.processCpuNanos()));
      costs.add(Cost.bytes(subject, "bytes per entry", bytesPerEntry(engine, r)));
    }
    return costs;
  }

  private static Table costs(Map<String, List<WorkloadResult>> byEngine) {
    Table table =
        new Table(
            "",
            "append, CPU",
            "p50 / p99 / p99.9 / max",
            "scan, CPU",
            "per entry",
            "p50 / p99",
            "evict, CPU",
            "max",
            "process CPU per event",
            "bytes per entry",
            "own account");
    byEngine.forEach(
        (id, rounds) -> {
          EngineKind engine = EngineKind.of(id);
          table.row(
              List.of(
                  engine.title(),
                  Figures.nanos(Figures.median(rounds, WorkloadResult::appendCpuNanos)),
                  latencies(
                      rounds,
                      List.of(
                          r -> r.append().p50(),
                          r -> r.append().p99(),
                          r -> r.append().p999(),
                          r -> r.append().max())),
                  Figures.nanos(Figures.median(rounds, WorkloadResult::scanCpuNanos)),
                  Figures.nanos(Figures.median(rounds, WorkloadResult::scannedEntryCpuNanos)),
                  latencies(rounds, List.of(r -> r.scan().p50(), r -> r.scan().p99())),
                  Figures.nanos(Figures.median(rounds, WorkloadResult::evictCpuNanos)),
                  Figures.nanos(Figures.median(rounds, r -> r.evict().max())),
                  Figures.nanos(Figures.median(rounds, WorkloadResult::processCpuNanos)),
                  Figures.number(Figures.median(rounds, r -> bytesPerEntry(engine, r))),
                  rounds.get(0).accountedBytes() < 0
                      ? "-"
                      : Figures.number(
                          Figures.median(
                              rounds, r -> (double) r.accountedBytes() / r.liveEntries()))));
        });
    return table;
  }

  /** Every engine against the first, which is Timelog where it took part. */
  private static Table ratios(Map<String, List<WorkloadResult>> byEngine) {
    List<WorkloadResult> base = byEngine.values().iterator().next();
    Table table =
        new Table(
            "against " + EngineKind.of(base.get(0).engine()).title(),
            "append",
            "scan",
            "evict",
            "process CPU",
            "memory");
    byEngine.forEach(
        (id, rounds) ->
            table.row(
                List.of(
                    EngineKind.of(id).title(),
                    ratio(rounds, base, WorkloadResult::appendCpuNanos),
                    ratio(rounds, base, WorkloadResult::scanCpuNanos),
                    ratio(rounds, base, WorkloadResult::evictCpuNanos),
                    ratio(rounds, base, WorkloadResult::processCpuNanos),
                    ratio(rounds, base, r -> bytesPerEntry(EngineKind.of(r.engine()), r)))));
    return table;
  }

  private static String ratio(
      List<WorkloadResult> rounds,
      List<WorkloadResult> base,
      ToDoubleFunction<WorkloadResult> figure) {
    return Figures.ratio(Figures.median(rounds, figure) / Figures.median(base, figure));
  }

  private static String latencies(
      List<WorkloadResult> rounds, List<ToDoubleFunction<WorkloadResult>> figures) {
    return figures.stream()
        .map(figure -> Figures.nanos(Figures.median(rounds, figure)))
        .collect(Collectors.joining(" / "));
  }

  private static double bytesPerEntry(EngineKind engine, WorkloadResult result) {
    return (double) result.memory().bytes(engine.memory()) / result.liveEntries();
  }

  private static Map<Workload, List<WorkloadResult>> byWorkload(List<WorkloadResult> rounds) {
    return rounds.stream()
        .collect(
            Collectors.groupingBy(
                WorkloadResult::workload, LinkedHashMap::new, Collectors.toList()));
  }

  private static void requireEqualChecksums(List<WorkloadResult> measured) {
    byWorkload(measured)
        .forEach(
            (workload, rounds) -> {
              for (WorkloadResult result : rounds) {
                if (result.checksum() != rounds.get(0).checksum()) {
                  throw new IllegalStateException(
                      "Two engines read different entries: first="
                          + rounds.get(0).engine()
                          + ", second="
                          + result.engine()
                          + ", workload="
                          + workload);
                }
              }
            });
  }

  private static String oneLine(WorkloadResult r) {
    return "%s: keys=%d, valueBytes=%d, append=%s, scan=%s (%s per entry), evict=%s, process=%s"
        .formatted(
            r.engine(),
            r.workload().keys(),
            r.workload().valueBytes(),
            Figures.nanos(r.appendCpuNanos()),
            Figures.nanos(r.scanCpuNanos()),
            Figures.nanos(r.scannedEntryCpuNanos()),
            Figures.nanos(r.evictCpuNanos()),
            Figures.nanos(r.processCpuNanos()));
  }
}
