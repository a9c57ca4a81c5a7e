package io.timelog.benchmarks;

import io.timelog.benchmarks.engine.EngineKind;
import io.timelog.benchmarks.report.Arguments;
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
import java.util.List;
import java.util.stream.Stream;

/**
 * Does the cost of an eviction depend on how many entries there are? Each eviction removes a
 * twentieth of the entries, so an engine that touches what it removes gets slower in proportion.
 *
 * <pre>{@code
 * java -jar benchmarks/target/benchmarks.jar evict --rounds=3
 * }</pre>
 *
 * <p>Options: {@code --entries} (a list), {@code --rounds}, {@code --engines}, {@code --heap}.
 */
final class EvictBenchmark implements Question {
  @Override
  public String name() {
    return "evict";
  }

  @Override
  public void ask(Arguments arguments, Path results, PrintStream out) {
    List<Long> entries = arguments.numbers("entries", "10000,100000,1000000,10000000");
    long rounds = arguments.number("rounds", 3);
    List<EngineKind> engines = EngineKind.listOf(arguments.list("engines", EngineKind.ALL));
    ChildJvm jvm = new ChildJvm(arguments.text("heap", "6g"));
    arguments.refuseUnknown();

    Stamp stamp = Stamp.now();
    List<WorkloadResult> measured = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      for (long live : entries) {
        for (EngineKind engine : engines) {
          WorkloadResult result = WorkloadRun.inChild(jvm, engine, Workload.evictions(live));
          measured.add(result);
          out.printf(
              "round %d, %s: entries=%s, evict=%s%n",
              round, engine.id(), Figures.count(live), Figures.nanos(result.evictCpuNanos()));
        }
      }
      new ResultFile<>(name(), "evict --rounds=" + rounds, stamp, measured).writeTo(results);
    }
    out.println(render(results));
  }

  @Override
  public String render(Path results) {
    ResultFile<WorkloadResult> file = ResultFile.read(results, name(), WorkloadResult.class);
    List<Long> entries =
        file.rounds().stream().map(r -> r.workload().retention()).distinct().toList();
    Table table =
        new Table(
            Stream.concat(
                    Stream.of("CPU of an eviction (worst on the wall clock)"),
                    entries.stream().map(live -> Figures.count(live) + " entries"))
                .toArray(String[]::new));
    for (String engine : file.rounds().stream().map(WorkloadResult::engine).distinct().toList()) {
      List<String> cells = new ArrayList<>(List.of(EngineKind.of(engine).title()));
      for (long live : entries) {
        List<WorkloadResult> cell =
            file.rounds().stream()
                .filter(r -> r.engine().equals(engine) && r.workload().retention() == live)
                .toList();
        cells.add(
            cell.isEmpty()
                ? "-"
                : "%s (%s)"
                    .formatted(
                        Figures.nanos(Figures.median(cell, WorkloadResult::evictCpuNanos)),
                        Figures.nanos(Figures.median(cell, r -> r.evict().max()))));
      }
      table.row(cells);
    }
    return file.stamp() + ".\n\n" + table;
  }
}
