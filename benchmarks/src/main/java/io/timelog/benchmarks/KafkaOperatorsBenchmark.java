package io.timelog.benchmarks;

import io.timelog.benchmarks.kafka.OperatorCost;
import io.timelog.benchmarks.kafka.OperatorInput;
import io.timelog.benchmarks.kafka.OperatorKind;
import io.timelog.benchmarks.kafka.OperatorRun;
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
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What does a record cost that goes through an operator of Kafka Streams, on which stores? A
 * topology in {@code TopologyTestDriver}, without a cache; ten minutes of event time, values of 100
 * bytes. The floor is stores that do as little as the job allows: what a record costs on these is
 * Kafka Streams' own.
 *
 * <pre>{@code
 * java -jar benchmarks/target/benchmarks.jar kafka-operators --rounds=3
 * }</pre>
 *
 * <p>Options: {@code --records}, {@code --keys} (a list), {@code --operators}, {@code --stores},
 * {@code --rounds}, {@code --heap}, {@code --patience}: milliseconds after which a pass is over;
 * what a record cost until then is then marked as the least, as the state was smaller than it would
 * be.
 */
final class KafkaOperatorsBenchmark implements PairableQuestion {
  private static final String FLOOR = "floor";
  private static final String OURS = "timelog";

  @Override
  public String name() {
    return "kafka-operators";
  }

  @Override
  public void ask(Arguments arguments, Path results, PrintStream out) {
    int records = Math.toIntExact(arguments.number("records", 150_000));
    List<Long> keys = arguments.numbers("keys", "1000,200000");
    List<OperatorKind> operators =
        OperatorKind.listOf(arguments.list("operators", OperatorKind.ids()));
    List<String> stores = arguments.list("stores", "floor,rocksdb,in-memory,timelog");
    long rounds = arguments.number("rounds", 3);
    int patience = Math.toIntExact(arguments.number("patience", 25_000));
    ChildJvm jvm = new ChildJvm(arguments.text("heap", "3g")).keepingNativeMemory();
    arguments.refuseUnknown();

    Stamp stamp = Stamp.now();
    List<OperatorCost> measured = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      for (OperatorKind operator : operators) {
        for (long keyCount : keys) {
          OperatorInput input =
              new OperatorInput(operator, records, Math.toIntExact(keyCount), patience);
          for (String kind : stores) {
            OperatorCost cost = jvm.run(OperatorRun.class, kind, input, OperatorCost.class);
            measured.add(cost);
            out.printf(
                "round %d, %s, %s keys, %s: record=%s, bytes=%s%n",
                round,
                operator.id(),
                Figures.count(keyCount),
                kind,
                Figures.nanos(cost.cpuNanos()),
                Figures.number((double) cost.bytes()));
          }
        }
      }
      new ResultFile<>(
              name(),
              "kafka-operators --records=" + records + " --rounds=" + rounds,
              stamp,
              measured)
          .writeTo(results);
    }
    out.println(render(results));
  }

  @Override
  public String render(Path results) {
    ResultFile<OperatorCost> file = ResultFile.read(results, name(), OperatorCost.class);
    List<String> stores = file.rounds().stream().map(OperatorCost::stores).distinct().toList();
    List<String> columns = new ArrayList<>(List.of("operator, keys"));
    stores.forEach(kind -> columns.add(kind + ", CPU of a record (MB)"));
    columns.add("throughput of Timelog / floor");
    Table table = new Table(columns.toArray(String[]::new));
    for (String operator : file.rounds().stream().map(OperatorCost::operator).distinct().toList()) {
      for (int keys : file.rounds().stream().map(OperatorCost::keys).distinct().toList()) {
        List<OperatorCost> row =
            file.rounds().stream()
                .filter(cost -> cost.operator().equals(operator) && cost.keys() == keys)
                .toList();
        if (!row.isEmpty()) {
          table.row(cells(operator + ", " + Figures.count(keys), stores, row));
        }
      }
    }
    return file.stamp() + ". `" + file.command() + "`.\n\n" + table;
  }

  @Override
  public List<String> optionsForTimelogAlone() {
    return List.of("--stores=" + OURS);
  }

  @Override
  public List<Cost> costs(Path results) {
    List<Cost> costs = new ArrayList<>();
    for (OperatorCost cost : ResultFile.read(results, name(), OperatorCost.class).rounds()) {
      String subject = "%s, %s keys".formatted(cost.operator(), Figures.count(cost.keys()));
      costs.add(Cost.nanos(subject, "CPU of a record", cost.cpuNanos()));
      costs.add(Cost.bytes(subject, "memory", (double) cost.bytes()));
    }
    return costs;
  }

  private static List<String> cells(String title, List<String> stores, List<OperatorCost> row) {
    List<String> cells = new ArrayList<>(List.of(title));
    int records = row.stream().mapToInt(OperatorCost::records).max().orElse(0);
    for (String kind : stores) {
      cells.add(has(row, kind) ? cell(kind, row, records) : "-");
    }
    cells.add(
        has(row, FLOOR) && has(row, OURS)
            ? Figures.ratio(
                median(row, FLOOR, OperatorCost::cpuNanos)
                    / median(row, OURS, OperatorCost::cpuNanos))
            : "-");
    return cells;
  }

  private static String cell(String stores, List<OperatorCost> row, int records) {
    String nanos = Figures.nanos(median(row, stores, OperatorCost::cpuNanos));
    return median(row, stores, OperatorCost::records) < records
        ? "> " + nanos
        : "%s (%s)"
            .formatted(nanos, Figures.number(median(row, stores, OperatorCost::bytes) / 1e6));
  }

  private static boolean has(List<OperatorCost> row, String stores) {
    return row.stream().anyMatch(cost -> cost.stores().equals(stores));
  }

  private static double median(
      List<OperatorCost> row, String stores, ToDoubleFunction<OperatorCost> figure) {
    return Figures.median(
        row.stream().filter(cost -> cost.stores().equals(stores)).toList(), figure);
  }
}
