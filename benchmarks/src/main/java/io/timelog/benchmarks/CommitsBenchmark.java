package io.timelog.benchmarks;

import io.timelog.benchmarks.commit.CommitCost;
import io.timelog.benchmarks.commit.CommitInput;
import io.timelog.benchmarks.commit.CommitRun;
import io.timelog.benchmarks.commit.Pace;
import io.timelog.benchmarks.durable.StateKind;
import io.timelog.benchmarks.report.Arguments;
import io.timelog.benchmarks.report.Figures;
import io.timelog.benchmarks.report.ResultFile;
import io.timelog.benchmarks.report.Stamp;
import io.timelog.benchmarks.report.Table;
import io.timelog.benchmarks.workload.ChildJvm;
import io.timelog.benchmarks.workload.Percentiles;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What do ten commits a second cost who writes events to a store in a directory, or to a hundred of
 * them, at several rates, and how many writes can there be?
 *
 * <pre>{@code
 * java -jar benchmarks/target/benchmarks.jar commits --rounds=3
 * java -jar benchmarks/target/benchmarks.jar commits --rates=10_000 --stores=1 --seconds=5 --rounds=1
 * }</pre>
 *
 * <p>Options: {@code --rates} in writes a second (a list of multiples of 100), the highest of which
 * is also the density of the events that are written without a pace; {@code --stores} (a list),
 * {@code --keys}, {@code --kinds} (a list of ids), {@code --seconds} to weigh, {@code --retained}
 * seconds, {@code --rounds}, {@code --heap}.
 */
final class CommitsBenchmark implements Question {
  private static final long MILLIS = 1000;

  @Override
  public String name() {
    return "commits";
  }

  @Override
  public void ask(Arguments arguments, Path results, PrintStream out) {
    String rates = arguments.text("rates", "10_000,100_000,1_000_000");
    String stores = arguments.text("stores", "1,100");
    long keys = arguments.number("keys", 1000);
    List<StateKind> kinds = StateKind.listOf(arguments.list("kinds", StateKind.ALL));
    long seconds = arguments.number("seconds", 20);
    long retained = arguments.number("retained", 40);
    long rounds = arguments.number("rounds", 3);
    ChildJvm jvm = new ChildJvm(arguments.text("heap", "4g"));
    arguments.refuseUnknown();

    Stamp stamp = Stamp.now();
    String command =
        "commits --rates=%s --stores=%s --keys=%d --seconds=%d --retained=%d --heap=%s --rounds=%d"
            .formatted(rates, stores, keys, seconds, retained, jvm.heap(), rounds);
    List<CommitInput> inputs = new ArrayList<>();
    for (long count : Arguments.numbersOf(stores)) {
      for (Work work : works(Arguments.numbersOf(rates))) {
        inputs.add(
            new CommitInput(
                Math.toIntExact(count),
                Math.toIntExact(keys),
                work.perSecond(),
                work.pace(),
                retained * MILLIS,
                seconds * MILLIS));
      }
    }
    List<CommitCost> measured = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      for (CommitInput input : inputs) {
        for (StateKind kind : kinds) {
          CommitCost cost = CommitRun.inChild(jvm, kind, input);
          measured.add(cost);
          out.printf("round %d, %s%n", round, cost);
        }
      }
      new ResultFile<>(name(), command, stamp, measured).writeTo(results);
    }
    out.println(render(results));
  }

  /** How writes come. */
  private record Work(long perSecond, Pace pace) {}

  private static List<Work> works(List<Long> rates) {
    List<Work> works = new ArrayList<>();
    for (long rate : rates) {
      works.add(new Work(rate, Pace.AT_RATE));
    }
    works.add(new Work(Collections.max(rates), Pace.UNBOUND));
    return works;
  }

  @Override
  public String render(Path results) {
    ResultFile<CommitCost> file = ResultFile.read(results, name(), CommitCost.class);
    StringBuilder text = new StringBuilder(file.stamp() + ". `" + file.command() + "`.\n");
    for (CommitInput input : file.rounds().stream().map(CommitCost::input).distinct().toList()) {
      List<CommitCost> costs =
          file.rounds().stream().filter(cost -> cost.input().equals(input)).toList();
      text.append("\n**%s**\n\n%s".formatted(title(input), table(costs)));
    }
    return text.toString();
  }

  private static String title(CommitInput input) {
    String stores = input.stores() == 1 ? "One store" : input.stores() + " stores";
    return switch (input.pace()) {
      case AT_RATE -> stores + ", " + Figures.count(input.perSecond()) + " writes a second";
      case UNBOUND -> stores + ", as many writes as there can be";
    };
  }

  private static Table table(List<CommitCost> costs) {
    Table table =
        new Table(
            "",
            "writes a second",
            "to RocksDB",
            "process CPU per write",
            "to in memory",
            "writer CPU per write",
            "commit p50 / p99 / max",
            "CPU of a commit",
            "bytes written per byte",
            "bytes stored per byte");
    for (StateKind kind : StateKind.values()) {
      List<CommitCost> own = of(costs, kind);
      if (!own.isEmpty()) {
        table.row(
            List.of(
                kind.title(),
                Figures.number(Figures.median(own, CommitCost::writesPerSecond)),
                ratio(own, of(costs, StateKind.ROCKSDB), CommitCost::writesPerSecond),
                nanos(own, CommitCost::processNanos),
                ratio(own, of(costs, StateKind.TIMELOG_MEMORY), CommitCost::processNanos),
                nanos(own, CommitCost::writerNanos),
                kind.commits() ? latency(own) : "-",
                kind.commits() ? nanos(own, CommitCost::commitNanos) : "-",
                Figures.number(Figures.median(own, CommitCost::writtenPerByte)),
                Figures.number(Figures.median(own, CommitCost::storedPerByte))));
      }
    }
    return table;
  }

  private static List<CommitCost> of(List<CommitCost> costs, StateKind kind) {
    return costs.stream().filter(cost -> cost.kind().equals(kind.id())).toList();
  }

  private static String latency(List<CommitCost> costs) {
    return String.join(
        " / ",
        latency(costs, Percentiles::p50),
        latency(costs, Percentiles::p99),
        latency(costs, Percentiles::max));
  }

  private static String latency(List<CommitCost> costs, ToDoubleFunction<Percentiles> figure) {
    return nanos(costs, cost -> figure.applyAsDouble(cost.commit()));
  }

  private static String nanos(List<CommitCost> costs, ToDoubleFunction<CommitCost> figure) {
    return Figures.nanos(Figures.median(costs, figure));
  }

  /** Of medians. */
  private static String ratio(
      List<CommitCost> above, List<CommitCost> below, ToDoubleFunction<CommitCost> figure) {
    return below.isEmpty()
        ? "-"
        : Figures.ratio(Figures.median(above, figure) / Figures.median(below, figure));
  }
}
