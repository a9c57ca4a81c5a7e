package io.timelog.benchmarks;

import io.timelog.benchmarks.churn.ChurnCost;
import io.timelog.benchmarks.churn.ChurnEngineKind;
import io.timelog.benchmarks.churn.ChurnInput;
import io.timelog.benchmarks.churn.ChurnPattern;
import io.timelog.benchmarks.churn.ChurnRun;
import io.timelog.benchmarks.report.Arguments;
import io.timelog.benchmarks.report.Figures;
import io.timelog.benchmarks.report.ResultFile;
import io.timelog.benchmarks.report.Stamp;
import io.timelog.benchmarks.report.Table;
import io.timelog.benchmarks.workload.ChildJvm;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;

/**
 * Does the cost of an operation, or the memory behind a live byte, grow with how often one does it,
 * where state churns: values replaced, keys emptied and filled again, entries out of order, windows
 * that come and go, readers left open? Each pattern at n, 2n, 4n and 8n operations or entries.
 *
 * <pre>{@code
 * java -jar benchmarks/target/benchmarks.jar churn --rounds=1
 * }</pre>
 *
 * <p>Options: {@code --percent} of the usual n, {@code --patterns} and {@code --engines} (lists of
 * ids), {@code --rounds}, {@code --heap}. See {@link ChurnPattern} for the patterns, with their n,
 * and {@link ChurnRun} for how they are timed.
 */
final class ChurnBenchmark implements Question {
  private static final int SMALL = 1;
  private static final int LARGE = 8;

  /** Below this a ratio to what is alive says nothing. */
  private static final long FEW_BYTES = 64 << 10;

  @Override
  public String name() {
    return "churn";
  }

  @Override
  public void ask(Arguments arguments, Path results, PrintStream out) {
    long percent = arguments.number("percent", 100);
    long rounds = arguments.number("rounds", 1);
    List<ChurnPattern> patterns = ChurnPattern.listOf(arguments.list("patterns", ChurnPattern.ALL));
    List<ChurnEngineKind> engines =
        ChurnEngineKind.listOf(arguments.list("engines", ChurnEngineKind.ALL));
    ChildJvm jvm = new ChildJvm(arguments.text("heap", "1g"));
    arguments.refuseUnknown();

    Stamp stamp = Stamp.now();
    List<ChurnCost> measured = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      for (ChurnPattern pattern : patterns) {
        ChurnInput input = new ChurnInput(List.of(pattern), Math.toIntExact(percent), true);
        for (ChurnEngineKind engine : engines) {
          for (ChurnCost cost : ChurnRun.inChild(jvm, engine, input).costs()) {
            measured.add(cost);
            out.printf("round %d, %s%n", round, oneLine(cost));
          }
        }
        requireEqualChecksums(measured);
      }
      String command = "churn --percent=%d --rounds=%d".formatted(percent, rounds);
      new ResultFile<>(name(), command, stamp, measured).writeTo(results);
    }
    out.println(render(results));
  }

  @Override
  public String render(Path results) {
    ResultFile<ChurnCost> file = ResultFile.read(results, name(), ChurnCost.class);
    return """
        %s. `%s`.

        **Growth from n to 8n of the CPU of an operation**

        %s
        **CPU of an operation at 8n, of the caller (of all threads)**

        %s
        **Bytes held per live byte at 8n (growth from n to 8n of the bytes held per live byte)**

        %s"""
        .formatted(
            file.stamp(),
            file.command(),
            table(file.rounds(), ChurnBenchmark::growth),
            table(file.rounds(), ChurnBenchmark::costs),
            table(file.rounds(), ChurnBenchmark::memory));
  }

  private static Table table(
      List<ChurnCost> costs, BiFunction<List<ChurnCost>, List<ChurnCost>, String> cell) {
    List<String> engines = costs.stream().map(ChurnCost::engine).distinct().toList();
    List<String> columns = new ArrayList<>(List.of("pattern", "n"));
    engines.forEach(engine -> columns.add(ChurnEngineKind.of(engine).title()));
    Table table = new Table(columns.toArray(String[]::new));
    for (String id : costs.stream().map(ChurnCost::pattern).distinct().toList()) {
      List<ChurnCost> row = costs.stream().filter(cost -> cost.pattern().equals(id)).toList();
      List<String> cells =
          new ArrayList<>(
              List.of(ChurnPattern.of(id).title(), Figures.count(at(row, SMALL).get(0).size())));
      for (String engine : engines) {
        List<ChurnCost> own = row.stream().filter(cost -> cost.engine().equals(engine)).toList();
        cells.add(own.isEmpty() ? "-" : cell.apply(at(own, SMALL), at(own, LARGE)));
      }
      table.row(cells);
    }
    return table;
  }

  private static List<ChurnCost> at(List<ChurnCost> costs, int multiple) {
    return costs.stream().filter(cost -> cost.multiple() == multiple).toList();
  }

  private static String growth(List<ChurnCost> small, List<ChurnCost> large) {
    return refusal(large)
        ? "refused"
        : atLeast(large)
            + Figures.ratio(
                Figures.median(large, ChurnCost::cpuNanos)
                    / Figures.median(small, ChurnCost::cpuNanos));
  }

  private static String costs(List<ChurnCost> small, List<ChurnCost> large) {
    return refusal(large)
        ? "refused after " + Figures.count(large.get(0).refusedAt())
        : "%s%s (%s)"
            .formatted(
                atLeast(large),
                Figures.nanos(Figures.median(large, ChurnCost::cpuNanos)),
                Figures.nanos(Figures.median(large, ChurnCost::processCpuNanos)));
  }

  private static String memory(List<ChurnCost> small, List<ChurnCost> large) {
    if (refusal(large)) {
      return "refused";
    }
    if (large.stream().anyMatch(ChurnCost::wasTooSlow)) {
      return "-";
    }
    double held = Figures.median(large, ChurnCost::heldBytes);
    if (Figures.median(large, ChurnCost::liveBytes) < FEW_BYTES) {
      return Figures.number(held / 1e6) + " MB, little alive";
    }
    ToDoubleFunction<ChurnCost> perLiveByte = c -> (double) c.heldBytes() / c.liveBytes();
    double atLarge = Figures.median(large, perLiveByte);
    return "%s (%s)"
        .formatted(
            Figures.number(atLarge), Figures.ratio(atLarge / Figures.median(small, perLiveByte)));
  }

  private static boolean refusal(List<ChurnCost> costs) {
    return costs.stream().anyMatch(ChurnCost::wasRefused);
  }

  private static String atLeast(List<ChurnCost> costs) {
    return costs.stream().anyMatch(ChurnCost::wasTooSlow) ? "> " : "";
  }

  /** Of all that did all of the work. */
  private static void requireEqualChecksums(List<ChurnCost> measured) {
    Map<List<Object>, ChurnCost> first = new HashMap<>();
    for (ChurnCost cost : measured) {
      if (!cost.didAll()) {
        continue;
      }
      ChurnCost other = first.computeIfAbsent(List.of(cost.pattern(), cost.size()), unused -> cost);
      if (cost.checksum() != other.checksum()) {
        throw new IllegalStateException(
            "Two engines read different entries: first="
                + other.engine()
                + ", second="
                + cost.engine()
                + ", pattern="
                + cost.pattern()
                + ", size="
                + cost.size());
      }
    }
  }

  private static String oneLine(ChurnCost cost) {
    return "%s, %s: size=%s, operation=%s, all threads=%s, held=%s MB, alive=%s MB%s"
        .formatted(
            cost.pattern(),
            cost.engine(),
            Figures.count(cost.size()),
            Figures.nanos(cost.cpuNanos()),
            Figures.nanos(cost.processCpuNanos()),
            Figures.number(cost.heldBytes() / 1e6),
            Figures.number(cost.liveBytes() / 1e6),
            ending(cost));
  }

  private static String ending(ChurnCost cost) {
    if (cost.wasRefused()) {
      return ", refused after " + cost.refusedAt();
    }
    return cost.wasTooSlow() ? ", out of time after " + cost.outOfTimeAt() : "";
  }
}
