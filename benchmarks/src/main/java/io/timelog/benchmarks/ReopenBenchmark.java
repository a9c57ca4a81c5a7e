package io.timelog.benchmarks;

import io.timelog.benchmarks.durable.StateKind;
import io.timelog.benchmarks.reopen.ReopenCost;
import io.timelog.benchmarks.reopen.ReopenRun;
import io.timelog.benchmarks.reopen.StateShape;
import io.timelog.benchmarks.report.Arguments;
import io.timelog.benchmarks.report.Figures;
import io.timelog.benchmarks.report.ResultFile;
import io.timelog.benchmarks.report.Stamp;
import io.timelog.benchmarks.report.Table;
import io.timelog.benchmarks.report.UsageException;
import io.timelog.benchmarks.workload.ChildJvm;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * How long until a store in a directory answers again, after it was closed and after its process
 * was killed, and how long do export and import of all of it take?
 *
 * <pre>{@code
 * java -jar benchmarks/target/benchmarks.jar reopen --rounds=3
 * java -jar benchmarks/target/benchmarks.jar reopen --megabytes=10 --heap=1g --rounds=1
 * }</pre>
 *
 * <p>Options: {@code --megabytes} (a list) of keys and values, {@code --keys}, {@code
 * --value-bytes}, {@code --kinds} (a list of ids), {@code --rounds}, {@code --heap}.
 */
final class ReopenBenchmark implements Question {
  private static final long MEGABYTE = 1_000_000;
  private static final String KINDS = "timelog-none,timelog-buffered,rocksdb,rocksdb-written";

  @Override
  public String name() {
    return "reopen";
  }

  @Override
  public void ask(Arguments arguments, Path results, PrintStream out) {
    String megabytes = arguments.text("megabytes", "100,1_000");
    int keys = Math.toIntExact(arguments.number("keys", 1000));
    int valueBytes = Math.toIntExact(arguments.number("value-bytes", 96));
    List<StateKind> kinds = StateKind.listOf(arguments.list("kinds", KINDS));
    long rounds = arguments.number("rounds", 3);
    ChildJvm jvm = new ChildJvm(arguments.text("heap", "4g"));
    arguments.refuseUnknown();
    requireCommits(kinds);

    Stamp stamp = Stamp.now();
    String command =
        "reopen --megabytes=%s --keys=%d --value-bytes=%d --heap=%s --rounds=%d"
            .formatted(megabytes, keys, valueBytes, jvm.heap(), rounds);
    List<StateShape> shapes =
        Arguments.numbersOf(megabytes).stream()
            .map(size -> StateShape.ofBytes(keys, valueBytes, size * MEGABYTE))
            .toList();
    List<ReopenCost> measured = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      for (StateShape shape : shapes) {
        for (StateKind kind : kinds) {
          ReopenCost cost = ReopenRun.measure(jvm, kind, shape);
          requireEqualChecksum(measured, cost);
          measured.add(cost);
          out.printf("round %d, %s%n", round, cost);
        }
      }
      new ResultFile<>(name(), command, stamp, measured).writeTo(results);
    }
    out.println(render(results));
  }

  private static void requireCommits(List<StateKind> kinds) {
    for (StateKind kind : kinds) {
      if (!kind.commits()) {
        throw new UsageException("What has no commits cannot be opened again: kind=" + kind.id());
      }
    }
  }

  private static void requireEqualChecksum(List<ReopenCost> measured, ReopenCost cost) {
    for (ReopenCost other : measured) {
      if (other.shape().equals(cost.shape())
          && other.filled().checksum() != cost.filled().checksum()) {
        throw new IllegalStateException(
            "Two kinds hold different state: first=" + other + ", second=" + cost);
      }
    }
  }

  @Override
  public String render(Path results) {
    ResultFile<ReopenCost> file = ResultFile.read(results, name(), ReopenCost.class);
    StringBuilder text = new StringBuilder(file.stamp() + ". `" + file.command() + "`.\n");
    for (StateShape shape : file.rounds().stream().map(ReopenCost::shape).distinct().toList()) {
      List<ReopenCost> costs =
          file.rounds().stream().filter(cost -> cost.shape().equals(shape)).toList();
      text.append("\n**%s**\n\n%s".formatted(title(shape), table(costs)));
    }
    return text.toString();
  }

  private static String title(StateShape shape) {
    return megabytes((double) shape.bytes()) + " in " + shape.entries() + " entries";
  }

  private static Table table(List<ReopenCost> costs) {
    Table table =
        new Table(
            "until the first read was answered",
            "after a close",
            "after a kill",
            "of the commits there then",
            "files",
            "export",
            "exported",
            "import");
    for (StateKind kind : StateKind.values()) {
      List<ReopenCost> own = costs.stream().filter(cost -> cost.kind().equals(kind.id())).toList();
      if (!own.isEmpty()) {
        table.row(
            List.of(
                kind.title(),
                nanos(own, ReopenCost::closedNanos),
                nanos(own, ReopenCost::killedNanos),
                percent(Figures.median(own, ReopenCost::keptPart)),
                megabytes(Figures.median(own, cost -> cost.closed().fileBytes())),
                nanos(own, ReopenCost::exportNanos),
                megabytes(Figures.median(own, cost -> cost.exported().fileBytes())),
                nanos(own, ReopenCost::importNanos)));
      }
    }
    return table;
  }

  private static String percent(double part) {
    return Figures.number(part * 100) + " %";
  }

  private static String megabytes(double bytes) {
    return Figures.number(bytes / MEGABYTE) + " MB";
  }

  private static String nanos(List<ReopenCost> costs, ToDoubleFunction<ReopenCost> figure) {
    return Figures.nanos(Figures.median(costs, figure));
  }
}
