package io.timelog.benchmarks;

import io.timelog.benchmarks.flink.BackendKind;
import io.timelog.benchmarks.flink.checkpoint.CheckpointCost;
import io.timelog.benchmarks.flink.checkpoint.CheckpointInput;
import io.timelog.benchmarks.flink.checkpoint.CheckpointRun;
import io.timelog.benchmarks.flink.checkpoint.CheckpointShape;
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
import java.util.function.ToDoubleFunction;

/**
 * What do checkpoints of a Flink task cost, how long does it stand still for them, and how soon is
 * it back? Of 100 MB of state as it is by default, and of small values in any number, to see what
 * the standstill depends on.
 *
 * <pre>{@code
 * java -jar benchmarks/target/benchmarks.jar flink-checkpoints --rounds=3
 * java -jar benchmarks/target/benchmarks.jar flink-checkpoints --megabytes=1_000 --entries= --heap=6g
 * }</pre>
 *
 * <p>Options: {@code --megabytes} (a list) of keys and values, {@code --entries} (a list) of small
 * values, either of which may be empty, {@code --backends} (a list of ids), {@code --rounds},
 * {@code --heap}.
 */
final class FlinkCheckpointsBenchmark implements Question {
  private static final long MEGABYTE = 1_000_000;

  @Override
  public String name() {
    return "flink-checkpoints";
  }

  @Override
  public void ask(Arguments arguments, Path results, PrintStream out) {
    String megabytes = arguments.text("megabytes", "100");
    String entries = arguments.text("entries", "1_000,10_000,100_000,1_000_000,10_000_000");
    List<BackendKind> backends = BackendKind.listOf(arguments.list("backends", BackendKind.ALL));
    long rounds = arguments.number("rounds", 3);
    ChildJvm jvm = new ChildJvm(arguments.text("heap", "4g"));
    arguments.refuseUnknown();

    Stamp stamp = Stamp.now();
    String command =
        "flink-checkpoints --megabytes=%s --entries=%s --heap=%s --rounds=%d"
            .formatted(megabytes, entries, jvm.heap(), rounds);
    List<CheckpointInput> inputs = inputs(numbers(megabytes), numbers(entries));
    List<CheckpointCost> measured = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      for (CheckpointInput input : inputs) {
        for (BackendKind backend : backends) {
          CheckpointCost cost = CheckpointRun.inChild(jvm, backend, input);
          requireEqualChecksum(measured, cost);
          measured.add(cost);
          out.printf("round %d, %s%n", round, cost);
        }
      }
      new ResultFile<>(name(), command, stamp, measured).writeTo(results);
    }
    out.println(render(results));
  }

  private static List<Long> numbers(String list) {
    return list.isEmpty() ? List.of() : Arguments.numbersOf(list);
  }

  private static List<CheckpointInput> inputs(List<Long> megabytes, List<Long> entries) {
    List<CheckpointInput> inputs = new ArrayList<>();
    for (CheckpointShape shape : List.of(CheckpointShape.VALUES, CheckpointShape.WINDOWS)) {
      for (long size : megabytes) {
        inputs.add(new CheckpointInput(shape, shape.entriesOf(size * MEGABYTE), true));
      }
    }
    for (long count : entries) {
      inputs.add(new CheckpointInput(CheckpointShape.NUMBERS, Math.toIntExact(count), true));
    }
    return inputs;
  }

  private static void requireEqualChecksum(List<CheckpointCost> measured, CheckpointCost cost) {
    for (CheckpointCost other : measured) {
      if (other.isOfTheSameWork(cost) && other.checksum() != cost.checksum()) {
        throw new IllegalStateException(
            "Two backends read different state: first=" + other + ", second=" + cost);
      }
    }
  }

  /** A kind of figure. */
  private record Kind(String title, ToDoubleFunction<CheckpointCost> figure, boolean inBytes) {
    String written(double amount) {
      return inBytes ? Figures.number(amount / MEGABYTE) + " MB" : Figures.nanos(amount);
    }
  }

  private static final List<Kind> KINDS =
      List.of(
          new Kind("first checkpoint, standstill", cost -> cost.first().syncNanos(), false),
          new Kind("first checkpoint, duration", cost -> cost.first().nanos(), false),
          new Kind("first checkpoint, stored", cost -> cost.first().storedBytes(), true),
          new Kind("next checkpoint, standstill", cost -> cost.next().syncNanos(), false),
          new Kind("next checkpoint, duration", cost -> cost.next().nanos(), false),
          new Kind("next checkpoint, stored", cost -> cost.next().storedBytes(), true),
          new Kind("restore", CheckpointCost::restoreNanos, false),
          new Kind("restore by two subtasks, the slower", CheckpointCost::rescaleNanos, false));

  @Override
  public String render(Path results) {
    ResultFile<CheckpointCost> file = ResultFile.read(results, name(), CheckpointCost.class);
    StringBuilder text = new StringBuilder(file.stamp() + ". `" + file.command() + "`.\n");
    for (CheckpointShape shape : CheckpointShape.values()) {
      List<CheckpointCost> costs =
          file.rounds().stream().filter(cost -> cost.shape().equals(shape.id())).toList();
      if (!costs.isEmpty()) {
        text.append("\n**%s**\n\n%s".formatted(shape.title(), table(costs)));
      }
    }
    return text.toString();
  }

  private static Table table(List<CheckpointCost> costs) {
    List<String> columns = new ArrayList<>(List.of("by the clock", "entries"));
    for (BackendKind backend : BackendKind.values()) {
      columns.add(backend.title());
    }
    columns.add("Timelog / heap");
    columns.add("RocksDB / Timelog");
    Table table = new Table(columns.toArray(String[]::new));
    List<Integer> sizes = costs.stream().map(CheckpointCost::entries).distinct().toList();
    for (Kind kind : KINDS) {
      for (int size : sizes) {
        List<CheckpointCost> same = costs.stream().filter(cost -> cost.entries() == size).toList();
        List<String> cells = new ArrayList<>(List.of(kind.title(), Figures.count(size)));
        for (BackendKind backend : BackendKind.values()) {
          List<CheckpointCost> own = of(same, backend);
          cells.add(own.isEmpty() ? "-" : kind.written(Figures.median(own, kind.figure())));
        }
        cells.add(ratio(of(same, BackendKind.TIMELOG), of(same, BackendKind.HEAP), kind));
        cells.add(ratio(of(same, BackendKind.ROCKSDB), of(same, BackendKind.TIMELOG), kind));
        table.row(cells);
      }
    }
    return table;
  }

  private static List<CheckpointCost> of(List<CheckpointCost> costs, BackendKind backend) {
    return costs.stream().filter(cost -> cost.backend().equals(backend.id())).toList();
  }

  /** Of medians. */
  private static String ratio(List<CheckpointCost> above, List<CheckpointCost> below, Kind kind) {
    return above.isEmpty() || below.isEmpty()
        ? "-"
        : Figures.ratio(
            Figures.median(above, kind.figure()) / Figures.median(below, kind.figure()));
  }
}
