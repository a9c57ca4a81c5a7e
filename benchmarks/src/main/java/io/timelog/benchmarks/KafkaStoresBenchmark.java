package io.timelog.benchmarks;

import io.timelog.benchmarks.kafka.StoreCost;
import io.timelog.benchmarks.kafka.StoreCosts;
import io.timelog.benchmarks.kafka.StoreInput;
import io.timelog.benchmarks.kafka.StoreKind;
import io.timelog.benchmarks.kafka.StoreRun;
import io.timelog.benchmarks.report.Arguments;
import io.timelog.benchmarks.report.Cost;
import io.timelog.benchmarks.report.Figures;
import io.timelog.benchmarks.report.ResultFile;
import io.timelog.benchmarks.report.Stamp;
import io.timelog.benchmarks.report.Table;
import io.timelog.benchmarks.workload.ChildJvm;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * What does an operation of a store of Kafka Streams cost: of windows, of joins, of sessions, of
 * keys and values, and restoring each? An hour of event time, keys of 12 bytes drawn at random,
 * values of 100; the stores themselves, without the layers that Kafka Streams puts around them.
 *
 * <pre>{@code
 * java -jar benchmarks/target/benchmarks.jar kafka-stores --rounds=3
 * }</pre>
 *
 * <p>Options: {@code --rows}, {@code --keys}, {@code --rounds}, {@code --stores}, {@code --heap}.
 */
final class KafkaStoresBenchmark implements PairableQuestion {
  private static final int PATIENCE_MILLIS = 1_500;

  @Override
  public String name() {
    return "kafka-stores";
  }

  @Override
  public void ask(Arguments arguments, Path results, PrintStream out) {
    long rows = arguments.number("rows", 1_000_000);
    long keys = arguments.number("keys", 10_000);
    long rounds = arguments.number("rounds", 3);
    List<StoreKind> kinds = StoreKind.listOf(arguments.list("stores", StoreKind.ids()));
    ChildJvm jvm = new ChildJvm(arguments.text("heap", "2g"));
    arguments.refuseUnknown();

    Stamp stamp = Stamp.now();
    StoreInput input =
        new StoreInput(Math.toIntExact(rows), Math.toIntExact(keys), PATIENCE_MILLIS);
    List<StoreCost> measured = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      for (StoreKind kind : kinds) {
        ChildJvm child = kind.isRocksDb() ? jvm : jvm.keepingNativeMemory();
        for (StoreCost cost :
            child.run(StoreRun.class, kind.id(), input, StoreCosts.class).costs()) {
          measured.add(cost);
          out.printf(
              "round %d, %s: %s=%s, rows=%s%n",
              round,
              cost.store(),
              cost.operation(),
              Figures.nanos(cost.cpuNanos()),
              Figures.number(cost.rowsPerOperation()));
        }
      }
      new ResultFile<>(
              name(),
              "kafka-stores --rows=" + rows + " --keys=" + keys + " --rounds=" + rounds,
              stamp,
              measured)
          .writeTo(results);
    }
    out.println(render(results));
  }

  @Override
  public String render(Path results) {
    ResultFile<StoreCost> file = ResultFile.read(results, name(), StoreCost.class);
    StringBuilder text = new StringBuilder(file.stamp() + ". `" + file.command() + "`.\n");
    for (StoreKind.Shape shape : StoreKind.Shape.values()) {
      List<StoreKind> kinds =
          StoreKind.ofShape(shape, file.rounds().stream().map(StoreCost::store).toList());
      if (!kinds.isEmpty()) {
        text.append('\n').append(table(file.rounds(), kinds));
      }
    }
    return text.toString();
  }

  @Override
  public List<String> optionsForTimelogAlone() {
    String ours =
        Arrays.stream(StoreKind.values())
            .filter(StoreKind::isOurs)
            .map(StoreKind::id)
            .collect(Collectors.joining(","));
    return List.of("--stores=" + ours);
  }

  @Override
  public List<Cost> costs(Path results) {
    return ResultFile.read(results, name(), StoreCost.class).rounds().stream()
        .map(cost -> Cost.nanos(cost.store(), cost.operation(), cost.cpuNanos()))
        .toList();
  }

  private static Table table(List<StoreCost> costs, List<StoreKind> kinds) {
    List<String> columns = new ArrayList<>(List.of("CPU of the caller"));
    kinds.forEach(kind -> columns.add(kind.title()));
    columns.add("best stock store / Timelog");
    Table table = new Table(columns.toArray(String[]::new));
    List<String> operations =
        costs.stream()
            .filter(cost -> kinds.contains(StoreKind.of(cost.store())))
            .map(StoreCost::operation)
            .distinct()
            .toList();
    for (String operation : operations) {
      List<String> cells = new ArrayList<>(List.of(operation));
      double stock = Double.NaN;
      double ours = Double.NaN;
      for (StoreKind kind : kinds) {
        OptionalDouble median = median(costs, kind, operation);
        cells.add(median.isEmpty() ? "-" : Figures.nanos(median.getAsDouble()));
        if (median.isPresent() && kind.isOurs()) {
          ours = best(ours, median.getAsDouble());
        } else if (median.isPresent() && !kind.isBound()) {
          stock = best(stock, median.getAsDouble());
        }
      }
      cells.add(Double.isNaN(stock / ours) ? "-" : Figures.ratio(stock / ours));
      table.row(cells);
    }
    return table;
  }

  private static double best(double left, double right) {
    return Double.isNaN(left) ? right : Math.min(left, right);
  }

  private static OptionalDouble median(List<StoreCost> costs, StoreKind kind, String operation) {
    List<StoreCost> rounds =
        costs.stream()
            .filter(cost -> cost.store().equals(kind.id()) && cost.operation().equals(operation))
            .toList();
    return rounds.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(Figures.median(rounds, StoreCost::cpuNanos));
  }
}
