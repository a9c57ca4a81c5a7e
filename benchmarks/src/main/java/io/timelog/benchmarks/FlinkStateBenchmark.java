package io.timelog.benchmarks;

import io.timelog.benchmarks.flink.BackendKind;
import io.timelog.benchmarks.flink.StateCost;
import io.timelog.benchmarks.flink.StateInput;
import io.timelog.benchmarks.flink.StateRun;
import io.timelog.benchmarks.flink.StateShape;
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

/**
 * What does an access to keyed state of Flink cost: value, reducing, list and map state, lists and
 * sums of windows, on Timelog, on the heap and on RocksDB? Keys and values are longs; the backends
 * are used as operators use them, without a job around.
 *
 * <pre>{@code
 * java -jar benchmarks/target/benchmarks.jar flink-state --rounds=3
 * java -jar benchmarks/target/benchmarks.jar flink-state --shapes=value --sizes=10_000_000 --heap=6g
 * }</pre>
 *
 * <p>Options: {@code --shapes} and {@code --backends} (lists of ids), {@code --sizes} (keys, or
 * entries of a key, see {@link StateShape.Axis}), {@code --entries} of all keys together, {@code
 * --rounds}, {@code --heap}.
 */
final class FlinkStateBenchmark implements PairableQuestion {
  private static final double HEAP_AT_MOST = 2.5;

  @Override
  public String name() {
    return "flink-state";
  }

  @Override
  public void ask(Arguments arguments, Path results, PrintStream out) {
    List<StateShape> shapes = StateShape.listOf(arguments.list("shapes", StateShape.ALL));
    List<BackendKind> backends = BackendKind.listOf(arguments.list("backends", BackendKind.ALL));
    String sizes = arguments.text("sizes", "");
    long entries = arguments.number("entries", 1_000_000);
    long rounds = arguments.number("rounds", 3);
    ChildJvm jvm = new ChildJvm(arguments.text("heap", "2g"));
    arguments.refuseUnknown();

    Stamp stamp = Stamp.now();
    String command =
        "flink-state --entries=" + entries + (sizes.isEmpty() ? "" : " --sizes=" + sizes);
    List<StateCost> measured = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      for (StateShape shape : shapes) {
        StateInput input =
            new StateInput(shape, sizes(shape, sizes), Math.toIntExact(entries), true);
        for (BackendKind backend : backends) {
          for (StateCost cost : StateRun.inChild(jvm, backend, input).costs()) {
            requireEqualChecksum(measured, cost);
            measured.add(cost);
            out.printf("round %d, %s%n", round, oneLine(cost));
          }
        }
      }
      new ResultFile<>(name(), command + " --rounds=" + rounds, stamp, measured).writeTo(results);
    }
    out.println(render(results));
  }

  private static List<Integer> sizes(StateShape shape, String wanted) {
    return new Arguments(List.of("--sizes=" + (wanted.isEmpty() ? shape.axis().usual() : wanted)))
        .numbers("sizes", "").stream().map(Math::toIntExact).toList();
  }

  private static void requireEqualChecksum(List<StateCost> measured, StateCost cost) {
    for (StateCost other : measured) {
      if (other.isOfTheSameWork(cost) && other.checksum() != cost.checksum()) {
        throw new IllegalStateException(
            "Two backends read different state: first=" + other + ", second=" + cost);
      }
    }
  }

  private static String oneLine(StateCost cost) {
    return "%s, %s of %s, %s: %s"
        .formatted(
            cost.backend(),
            cost.shape(),
            Figures.count(cost.size()),
            cost.operation(),
            Figures.nanos(cost.cpuNanos()));
  }

  @Override
  public List<String> optionsForTimelogAlone() {
    return List.of("--backends=" + BackendKind.TIMELOG.id());
  }

  @Override
  public List<Cost> costs(Path results) {
    return ResultFile.read(results, name(), StateCost.class).rounds().stream()
        .map(
            cost ->
                Cost.nanos(
                    cost.shape() + " of " + Figures.count(cost.size()),
                    cost.operation(),
                    cost.cpuNanos()))
        .toList();
  }

  @Override
  public String render(Path results) {
    ResultFile<StateCost> file = ResultFile.read(results, name(), StateCost.class);
    StringBuilder text = new StringBuilder(file.stamp() + ". `" + file.command() + "`.\n");
    for (StateShape shape : StateShape.values()) {
      List<StateCost> costs =
          file.rounds().stream().filter(cost -> cost.shape().equals(shape.id())).toList();
      if (!costs.isEmpty()) {
        text.append("\n**%s**\n\n%s".formatted(shape.title(), table(shape, costs)));
      }
    }
    return text.toString();
  }

  private static Table table(StateShape shape, List<StateCost> costs) {
    List<String> columns = new ArrayList<>(List.of("CPU of the caller", shape.axis().title()));
    for (BackendKind backend : BackendKind.values()) {
      columns.add(backend.title());
    }
    columns.add("Timelog / heap");
    columns.add("RocksDB / Timelog");
    Table table = new Table(columns.toArray(String[]::new));
    List<StateCost> rows = new ArrayList<>();
    for (StateCost cost : costs) {
      if (rows.stream().noneMatch(cost::isOfTheSameWork)) {
        rows.add(cost);
      }
    }
    for (StateCost row : rows) {
      List<StateCost> same = costs.stream().filter(row::isOfTheSameWork).toList();
      List<Double> timelog = nanos(same, BackendKind.TIMELOG);
      List<Double> heap = nanos(same, BackendKind.HEAP);
      List<Double> rocksDb = nanos(same, BackendKind.ROCKSDB);
      table.row(
          List.of(
              row.operation(),
              Figures.count(row.size()),
              median(timelog),
              median(heap),
              median(rocksDb),
              ratio(timelog, heap, 0, HEAP_AT_MOST),
              ratio(rocksDb, timelog, row.rocksDbAtLeast(), Double.MAX_VALUE)));
    }
    return table;
  }

  private static List<Double> nanos(List<StateCost> costs, BackendKind backend) {
    return costs.stream()
        .filter(cost -> cost.backend().equals(backend.id()))
        .map(StateCost::cpuNanos)
        .toList();
  }

  private static String median(List<Double> nanos) {
    return nanos.isEmpty() ? "-" : Figures.nanos(Figures.median(nanos, Double::doubleValue));
  }

  /** The median of the ratios of each round; bold where it misses its bar. */
  private static String ratio(
      List<Double> above, List<Double> below, double atLeast, double atMost) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < Math.min(above.size(), below.size()); i++) {
      ratios.add(above.get(i) / below.get(i));
    }
    if (ratios.isEmpty()) {
      return "-";
    }
    double median = Figures.median(ratios, Double::doubleValue);
    String written = Figures.ratio(median);
    return median < atLeast || median > atMost ? "**" + written + "**" : written;
  }
}
