package io.timelog.benchmarks;

import io.timelog.benchmarks.flink.timer.TimerCost;
import io.timelog.benchmarks.flink.timer.TimerInput;
import io.timelog.benchmarks.flink.timer.TimerPlace;
import io.timelog.benchmarks.flink.timer.TimerRun;
import io.timelog.benchmarks.flink.timer.TimerShape;
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

/**
 * At which number of timers is it faster to keep them in tables of Timelog's backend than on the
 * heap?
 *
 * <pre>{@code
 * java -jar benchmarks/target/benchmarks.jar flink-timers --rounds=3
 * }</pre>
 *
 * <p>Options: {@code --sizes} (numbers of timers), {@code --places} (a list of ids), {@code
 * --rounds}, {@code --heap}.
 */
final class FlinkTimersBenchmark implements Question {
  @Override
  public String name() {
    return "flink-timers";
  }

  @Override
  public void ask(Arguments arguments, Path results, PrintStream out) {
    List<Integer> sizes =
        arguments.numbers("sizes", "1_000,10_000,100_000,1_000_000").stream()
            .map(Math::toIntExact)
            .toList();
    List<TimerPlace> places = TimerPlace.listOf(arguments.list("places", TimerPlace.ALL));
    long rounds = arguments.number("rounds", 3);
    ChildJvm jvm = new ChildJvm(arguments.text("heap", "2g"));
    arguments.refuseUnknown();

    Stamp stamp = Stamp.now();
    List<TimerCost> measured = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      for (TimerShape shape : TimerShape.values()) {
        for (TimerPlace place : places) {
          TimerInput input = new TimerInput(shape, sizes, true);
          for (TimerCost cost : TimerRun.inChild(jvm, place, input).costs()) {
            requireEqualChecksum(measured, cost);
            measured.add(cost);
            out.printf("round %d, %s%n", round, oneLine(cost));
          }
        }
      }
      new ResultFile<>(
              name(), "flink-timers --heap=" + jvm.heap() + " --rounds=" + rounds, stamp, measured)
          .writeTo(results);
    }
    out.println(render(results));
  }

  private static void requireEqualChecksum(List<TimerCost> measured, TimerCost cost) {
    for (TimerCost other : measured) {
      if (other.isOfTheSameWork(cost) && other.checksum() != cost.checksum()) {
        throw new IllegalStateException(
            "Timers came in different orders: first=" + other + ", second=" + cost);
      }
    }
  }

  private static String oneLine(TimerCost cost) {
    return "%s, %s, %s timers, %s: %s"
        .formatted(
            cost.place(),
            cost.shape(),
            Figures.count(cost.timers()),
            cost.operation(),
            cost.written(cost.amount()));
  }

  @Override
  public String render(Path results) {
    ResultFile<TimerCost> file = ResultFile.read(results, name(), TimerCost.class);
    StringBuilder text = new StringBuilder(file.stamp() + ". `" + file.command() + "`.\n");
    for (TimerShape shape : TimerShape.values()) {
      List<TimerCost> costs =
          file.rounds().stream().filter(cost -> cost.shape().equals(shape.id())).toList();
      if (!costs.isEmpty()) {
        text.append("\n**%s**\n\n%s\n%s\n".formatted(shape.title(), table(costs), crossing(costs)));
      }
    }
    return text.toString();
  }

  private static Table table(List<TimerCost> costs) {
    List<String> columns = new ArrayList<>(List.of("CPU of the caller, memory", "timers"));
    for (TimerPlace place : TimerPlace.values()) {
      columns.add(place.title());
    }
    columns.add("tables / heap");
    columns.add("RocksDB / tables");
    Table table = new Table(columns.toArray(String[]::new));
    for (TimerCost row : works(costs)) {
      List<String> cells = new ArrayList<>(List.of(row.operation(), Figures.count(row.timers())));
      for (TimerPlace place : TimerPlace.values()) {
        List<TimerCost> own = of(costs, row, place);
        cells.add(own.isEmpty() ? "-" : row.written(median(own)));
      }
      cells.add(ratio(of(costs, row, TimerPlace.TABLES), of(costs, row, TimerPlace.HEAP)));
      cells.add(ratio(of(costs, row, TimerPlace.ROCKSDB), of(costs, row, TimerPlace.TABLES)));
      table.row(cells);
    }
    return table;
  }

  /** From which number on tables are no slower, going down from the largest one. */
  private static String crossing(List<TimerCost> costs) {
    int from = Integer.MAX_VALUE;
    List<TimerCost> steady =
        works(costs).stream().filter(cost -> cost.operation().equals(TimerRun.STEADY)).toList();
    for (int i = steady.size() - 1; i >= 0; i--) {
      TimerCost row = steady.get(i);
      List<TimerCost> tables = of(costs, row, TimerPlace.TABLES);
      List<TimerCost> heap = of(costs, row, TimerPlace.HEAP);
      if (tables.isEmpty() || heap.isEmpty() || median(tables) > median(heap)) {
        break;
      }
      from = row.timers();
    }
    return from == Integer.MAX_VALUE
        ? "To poll and add is faster on the heap up to the largest of these numbers."
        : "To poll and add is as fast in tables from " + Figures.count(from) + " timers on.";
  }

  private static List<TimerCost> works(List<TimerCost> costs) {
    List<TimerCost> works = new ArrayList<>();
    for (TimerCost cost : costs) {
      if (works.stream().noneMatch(cost::isOfTheSameWork)) {
        works.add(cost);
      }
    }
    return works;
  }

  private static List<TimerCost> of(List<TimerCost> costs, TimerCost row, TimerPlace place) {
    return costs.stream()
        .filter(row::isOfTheSameWork)
        .filter(cost -> cost.place().equals(place.id()))
        .toList();
  }

  private static double median(List<TimerCost> costs) {
    return Figures.median(costs, TimerCost::amount);
  }

  private static String ratio(List<TimerCost> above, List<TimerCost> below) {
    return above.isEmpty() || below.isEmpty() || median(below) <= 0
        ? "-"
        : Figures.ratio(median(above) / median(below));
  }
}
