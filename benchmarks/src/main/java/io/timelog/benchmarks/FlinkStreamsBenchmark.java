package io.timelog.benchmarks;

import io.timelog.benchmarks.flink.stream.StreamContender;
import io.timelog.benchmarks.flink.stream.StreamCost;
import io.timelog.benchmarks.flink.stream.StreamInput;
import io.timelog.benchmarks.flink.stream.StreamRun;
import io.timelog.benchmarks.flink.stream.StreamShape;
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
 * What does an event cost in an operator by event time, Timelog's beside the usual one: Flink's own
 * interval join, and a rolling sum over a map that is written by hand? All come to the same
 * results.
 *
 * <pre>{@code
 * java -jar benchmarks/target/benchmarks.jar flink-streams --rounds=3
 * java -jar benchmarks/target/benchmarks.jar flink-streams --operators=rolling --contenders=timelog
 * }</pre>
 *
 * <p>Options: {@code --operators} and {@code --contenders} (lists of ids), {@code --rounds}, {@code
 * --heap}. The rolling sum over a map on RocksDB takes an hour a round, and is left out unless it
 * is the only operator that is asked for.
 */
final class FlinkStreamsBenchmark implements PairableQuestion {
  @Override
  public String name() {
    return "flink-streams";
  }

  @Override
  public void ask(Arguments arguments, Path results, PrintStream out) {
    List<StreamShape> shapes = StreamShape.listOf(arguments.list("operators", StreamShape.ALL));
    List<StreamContender> contenders =
        StreamContender.listOf(arguments.list("contenders", StreamContender.ALL));
    long rounds = arguments.number("rounds", 3);
    ChildJvm jvm = new ChildJvm(arguments.text("heap", "3g"));
    arguments.refuseUnknown();

    Stamp stamp = Stamp.now();
    List<StreamCost> measured = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      for (StreamShape shape : shapes) {
        for (StreamContender contender : contenders) {
          if (shapes.size() == 1 || isQuick(shape, contender)) {
            StreamCost cost = StreamRun.inChild(jvm, contender, StreamInput.of(shape));
            requireEqualResults(measured, cost);
            measured.add(cost);
            out.printf("round %d, %s%n", round, oneLine(cost));
          }
        }
      }
      new ResultFile<>(
              name(), "flink-streams --heap=" + jvm.heap() + " --rounds=" + rounds, stamp, measured)
          .writeTo(results);
    }
    out.println(render(results));
  }

  private static boolean isQuick(StreamShape shape, StreamContender contender) {
    return shape != StreamShape.ROLLING || contender != StreamContender.ROCKSDB;
  }

  private static void requireEqualResults(List<StreamCost> measured, StreamCost cost) {
    for (StreamCost other : measured) {
      if (other.isOfTheSameWork(cost) && !other.hasTheSameResults(cost)) {
        throw new IllegalStateException(
            "Two operators came to different results: first=" + other + ", second=" + cost);
      }
    }
  }

  private static String oneLine(StreamCost cost) {
    return "%s, %s: %s an event, %.1f results each"
        .formatted(
            cost.contender(),
            cost.shape(),
            Figures.nanos(cost.nanos()),
            (double) cost.results() / (cost.before() + cost.weighed()));
  }

  @Override
  public List<String> optionsForTimelogAlone() {
    return List.of("--contenders=" + StreamContender.TIMELOG.id());
  }

  @Override
  public List<Cost> costs(Path results) {
    return ResultFile.read(results, name(), StreamCost.class).rounds().stream()
        .map(
            cost -> Cost.nanos(StreamShape.of(cost.shape()).title(), "CPU per event", cost.nanos()))
        .toList();
  }

  @Override
  public String render(Path results) {
    ResultFile<StreamCost> file = ResultFile.read(results, name(), StreamCost.class);
    List<String> columns = new ArrayList<>(List.of("CPU per event"));
    for (StreamContender contender : StreamContender.values()) {
      columns.add(contender.title());
    }
    columns.addAll(List.of("heap / Timelog", "RocksDB / Timelog"));
    Table table = new Table(columns.toArray(String[]::new));
    for (StreamShape shape : StreamShape.values()) {
      List<StreamCost> costs =
          file.rounds().stream().filter(cost -> cost.shape().equals(shape.id())).toList();
      if (!costs.isEmpty()) {
        table.row(row(shape, costs));
      }
    }
    return file.stamp() + ". `" + file.command() + "`.\n\n" + table;
  }

  private static List<String> row(StreamShape shape, List<StreamCost> costs) {
    List<String> cells = new ArrayList<>(List.of(shape.title()));
    for (StreamContender contender : StreamContender.values()) {
      List<StreamCost> own = of(costs, contender);
      cells.add(own.isEmpty() ? "-" : Figures.nanos(Figures.median(own, StreamCost::nanos)));
    }
    cells.add(ratio(costs, StreamContender.HEAP, shape.ofHeapAtLeast()));
    cells.add(ratio(costs, StreamContender.ROCKSDB, shape.ofRocksDbAtLeast()));
    return cells;
  }

  private static List<StreamCost> of(List<StreamCost> costs, StreamContender contender) {
    return costs.stream().filter(cost -> cost.contender().equals(contender.id())).toList();
  }

  /** The ratio of medians, bold below its bar. */
  private static String ratio(List<StreamCost> costs, StreamContender above, double atLeast) {
    List<StreamCost> over = of(costs, above);
    List<StreamCost> under = of(costs, StreamContender.TIMELOG);
    if (over.isEmpty() || under.isEmpty()) {
      return "-";
    }
    double ratio =
        Figures.median(over, StreamCost::nanos) / Figures.median(under, StreamCost::nanos);
    return ratio < atLeast ? "**" + Figures.ratio(ratio) + "**" : Figures.ratio(ratio);
  }
}
