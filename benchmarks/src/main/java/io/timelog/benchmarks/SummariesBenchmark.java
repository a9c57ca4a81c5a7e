package io.timelog.benchmarks;

import io.timelog.benchmarks.report.Arguments;
import io.timelog.benchmarks.report.Figures;
import io.timelog.benchmarks.report.ResultFile;
import io.timelog.benchmarks.report.Stamp;
import io.timelog.benchmarks.report.Table;
import io.timelog.benchmarks.summary.SummaryCost;
import io.timelog.benchmarks.summary.SummaryInput;
import io.timelog.benchmarks.summary.SummaryMethod;
import io.timelog.benchmarks.summary.SummaryRun;
import io.timelog.benchmarks.workload.ChildJvm;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What do count, sum, smallest and largest of half of a key's entries cost, from summaries, by a
 * scan, and by going through a map as a function of Flink does on the heap? A twentieth of the
 * entries is late.
 *
 * <pre>{@code
 * java -jar benchmarks/target/benchmarks.jar summaries --rounds=3
 * }</pre>
 *
 * <p>Options: {@code --entries} of the key (a list), {@code --methods}, {@code --rounds}, {@code
 * --heap}.
 */
final class SummariesBenchmark implements Question {
  @Override
  public String name() {
    return "summaries";
  }

  @Override
  public void ask(Arguments arguments, Path results, PrintStream out) {
    List<Long> entries = arguments.numbers("entries", "1000,100000,1000000");
    List<SummaryMethod> methods =
        SummaryMethod.listOf(arguments.list("methods", SummaryMethod.ALL));
    long rounds = arguments.number("rounds", 3);
    ChildJvm jvm = new ChildJvm(arguments.text("heap", "4g"));
    arguments.refuseUnknown();

    Stamp stamp = Stamp.now();
    List<SummaryCost> measured = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      for (long n : entries) {
        for (SummaryMethod method : methods) {
          SummaryCost cost =
              jvm.run(SummaryRun.class, method.id(), SummaryInput.of(n), SummaryCost.class);
          measured.add(cost);
          out.printf(
              "round %d, %s: entries=%s, append=%s, first=%s, range=%s, rolling=%s%n",
              round,
              method.id(),
              Figures.count(n),
              Figures.nanos(cost.appendNanos()),
              Figures.nanos(cost.firstNanos()),
              Figures.nanos(cost.rangeNanos()),
              Figures.nanos(cost.rollingNanos()));
        }
      }
      requireEqualChecksums(measured);
      new ResultFile<>(name(), "summaries --rounds=" + rounds, stamp, measured).writeTo(results);
    }
    out.println(render(results));
  }

  @Override
  public String render(Path results) {
    ResultFile<SummaryCost> file = ResultFile.read(results, name(), SummaryCost.class);
    StringBuilder markdown = new StringBuilder(file.stamp() + ".\n");
    for (long entries : file.rounds().stream().map(SummaryCost::entries).distinct().toList()) {
      markdown
          .append("\n**")
          .append(Figures.count(entries))
          .append(" entries**\n\n")
          .append(table(file.rounds().stream().filter(r -> r.entries() == entries).toList()));
    }
    return markdown.toString();
  }

  private static Table table(List<SummaryCost> rounds) {
    Table table =
        new Table(
            "CPU of the caller",
            "a range of half",
            "a rolling step",
            "the first range",
            "an append",
            "bytes per entry");
    for (String method : rounds.stream().map(SummaryCost::method).distinct().toList()) {
      List<SummaryCost> own = rounds.stream().filter(r -> r.method().equals(method)).toList();
      table.row(
          List.of(
              SummaryMethod.of(method).title(),
              nanos(own, SummaryCost::rangeNanos),
              nanos(own, SummaryCost::rollingNanos),
              nanos(own, SummaryCost::firstNanos),
              nanos(own, SummaryCost::appendNanos),
              own.get(0).bytesPerEntry() < 0
                  ? "-"
                  : Figures.number(Figures.median(own, SummaryCost::bytesPerEntry))));
    }
    return table;
  }

  private static String nanos(List<SummaryCost> rounds, ToDoubleFunction<SummaryCost> figure) {
    return Figures.nanos(Figures.median(rounds, figure));
  }

  private static void requireEqualChecksums(List<SummaryCost> measured) {
    for (SummaryCost one : measured) {
      for (SummaryCost other : measured) {
        if (one.entries() == other.entries() && one.checksum() != other.checksum()) {
          throw new IllegalStateException(
              "Two methods gave different answers: first="
                  + one.method()
                  + ", second="
                  + other.method()
                  + ", entries="
                  + one.entries());
        }
      }
    }
  }
}
