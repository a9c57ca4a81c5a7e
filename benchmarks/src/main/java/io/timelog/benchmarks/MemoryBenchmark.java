package io.timelog.benchmarks;

import io.timelog.benchmarks.engine.EngineKind;
import io.timelog.benchmarks.report.Arguments;
import io.timelog.benchmarks.report.Cost;
import io.timelog.benchmarks.report.Figures;
import io.timelog.benchmarks.report.ResultFile;
import io.timelog.benchmarks.report.Stamp;
import io.timelog.benchmarks.report.Table;
import io.timelog.benchmarks.workload.ChildJvm;
import io.timelog.benchmarks.workload.MemoryResult;
import io.timelog.benchmarks.workload.MemoryRun;
import io.timelog.benchmarks.workload.Workload;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How many bytes does a live entry of 16 bytes take, all included, with many entries per key and
 * with two, and what is left when all entries have been evicted?
 *
 * <pre>{@code
 * java -jar benchmarks/target/benchmarks.jar memory --rounds=3
 * }</pre>
 *
 * <p>Options: {@code --entries} that live, {@code --keys} (a list), {@code --rounds}, {@code
 * --engines}, {@code --heap}. Engines of the JVM are weighed as live heap and direct buffers,
 * RocksDB as live heap, growth of the resident process and files.
 */
final class MemoryBenchmark implements PairableQuestion {
  @Override
  public String name() {
    return "memory";
  }

  @Override
  public void ask(Arguments arguments, Path results, PrintStream out) {
    long entries = arguments.number("entries", 2_000_000);
    List<Long> keys = arguments.numbers("keys", "1000,1000000");
    long rounds = arguments.number("rounds", 3);
    List<EngineKind> engines = EngineKind.listOf(arguments.list("engines", EngineKind.ALL));
    ChildJvm jvm = new ChildJvm(arguments.text("heap", "6g"));
    arguments.refuseUnknown();

    Stamp stamp = Stamp.now();
    List<MemoryResult> measured = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      for (long k : keys) {
        for (EngineKind engine : engines) {
          Workload workload = Workload.memory((int) k, entries);
          MemoryResult result = jvm.run(MemoryRun.class, engine, workload, MemoryResult.class);
          measured.add(result);
          out.printf(
              "round %d, %s: keys=%s, bytes per entry=%s%n",
              round, engine.id(), Figures.count(k), Figures.number(bytesPerEntry(result)));
        }
      }
      new ResultFile<>(name(), "memory --rounds=" + rounds, stamp, measured).writeTo(results);
    }
    out.println(render(results));
  }

  @Override
  public String render(Path results) {
    ResultFile<MemoryResult> file = ResultFile.read(results, name(), MemoryResult.class);
    StringBuilder markdown = new StringBuilder(file.stamp() + ".\n");
    Map<Workload, Map<String, List<MemoryResult>>> groups =
        file.rounds().stream()
            .collect(
                Collectors.groupingBy(
                    MemoryResult::workload,
                    LinkedHashMap::new,
                    Collectors.groupingBy(
                        MemoryResult::engine, LinkedHashMap::new, Collectors.toList())));
    groups.forEach(
        (workload, byEngine) ->
            markdown
                .append("\n**")
                .append(Figures.count(workload.keys()))
                .append(" keys, ")
                .append(Figures.count(workload.retention()))
                .append(" live entries of 16 bytes**\n\n")
                .append(table(byEngine)));
    return markdown.toString();
  }

  @Override
  public List<String> optionsForTimelogAlone() {
    return List.of("--engines=" + EngineKind.TIMELOG.id());
  }

  @Override
  public List<Cost> costs(Path results) {
    ResultFile<MemoryResult> file = ResultFile.read(results, name(), MemoryResult.class);
    List<Cost> costs = new ArrayList<>();
    for (MemoryResult r : file.rounds()) {
      EngineKind engine = EngineKind.of(r.engine());
      String subject = "%s, %s keys".formatted(engine.title(), Figures.count(r.workload().keys()));
      costs.add(Cost.bytes(subject, "bytes per live entry", bytesPerEntry(r)));
      costs.add(Cost.bytes(subject, "the same, own account", perEntry(r, r.accountedBytes())));
      costs.add(
          Cost.bytes(subject, "left when emptied", (double) r.emptied().bytes(engine.memory())));
    }
    return costs;
  }

  private static Table table(Map<String, List<MemoryResult>> byEngine) {
    Table table =
        new Table(
            "bytes per live entry",
            "all",
            "heap",
            "direct",
            "resident",
            "files",
            "own account",
            "MB left when emptied");
    byEngine.forEach(
        (id, rounds) ->
            table.row(
                List.of(
                    EngineKind.of(id).title(),
                    Figures.number(Figures.median(rounds, MemoryBenchmark::bytesPerEntry)),
                    Figures.number(Figures.median(rounds, r -> perEntry(r, r.live().heapBytes()))),
                    Figures.number(
                        Figures.median(rounds, r -> perEntry(r, r.live().directBytes()))),
                    Figures.number(
                        Figures.median(rounds, r -> perEntry(r, r.live().residentBytes()))),
                    Figures.number(Figures.median(rounds, r -> perEntry(r, r.live().diskBytes()))),
                    rounds.get(0).accountedBytes() < 0
                        ? "-"
                        : Figures.number(
                            Figures.median(rounds, r -> perEntry(r, r.accountedBytes()))),
                    Figures.number(
                        Figures.median(
                            rounds,
                            r -> r.emptied().bytes(EngineKind.of(r.engine()).memory()) / 1e6)))));
    return table;
  }

  private static double bytesPerEntry(MemoryResult result) {
    return perEntry(result, result.live().bytes(EngineKind.of(result.engine()).memory()));
  }

  private static double perEntry(MemoryResult result, long bytes) {
    return (double) bytes / result.liveEntries();
  }
}
