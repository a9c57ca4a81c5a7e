package io.timelog.benchmarks;

import io.timelog.benchmarks.report.Arguments;
import io.timelog.benchmarks.report.Cost;
import io.timelog.benchmarks.report.Figures;
import io.timelog.benchmarks.report.ResultFile;
import io.timelog.benchmarks.report.Stamp;
import io.timelog.benchmarks.report.Table;
import io.timelog.benchmarks.report.UsageException;
import io.timelog.benchmarks.workload.ChildJvm;
import io.timelog.benchmarks.workload.TemporaryDirectory;
import io.timelog.benchmarks.workload.TimelogBuild;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What did a change cost or save? Asks another question of two builds of Timelog, in turn: before,
 * after, before, after.
 *
 * <pre>{@code
 * java -jar benchmarks/target/benchmarks.jar pairs-keyed-workload --before=../timelog-before --rounds=5
 * }</pre>
 *
 * <p>Options: {@code --before}, a working copy that was built, of which {@code timelog-core},
 * {@code timelog-kafka-streams} and {@code timelog-flink} are taken, or jars and directories of
 * classes separated as in a class path; {@code --after}, likewise, else the build that these
 * benchmarks were compiled against; {@code --rounds}, pairs. All other options are those of the
 * question, which is asked of Timelog alone. Benchmarks are the same for both builds, those of this
 * working copy.
 */
final class PairsBenchmark implements Question {
  private static final double WORSE = 1.1;

  private final PairableQuestion question;

  PairsBenchmark(PairableQuestion question) {
    this.question = question;
  }

  /** Which build a figure is of. */
  enum Side {
    BEFORE,
    AFTER
  }

  /** One figure of one build in one round. */
  record Figure(int round, Side side, Cost cost) {}

  @Override
  public String name() {
    return "pairs-" + question.name();
  }

  @Override
  public void ask(Arguments arguments, Path results, PrintStream out) {
    String before = arguments.text("before", "");
    String after = arguments.text("after", "");
    long rounds = arguments.number("rounds", 5);
    List<String> options =
        Stream.concat(question.optionsForTimelogAlone().stream(), arguments.takeRest().stream())
            .toList();
    if (before.isEmpty()) {
      throw new UsageException("Give the build to compare with: --before=<working copy>");
    }
    String classPathBefore = TimelogBuild.classPathWith(before);
    String classPathAfter =
        after.isEmpty() ? TimelogBuild.ownClassPath() : TimelogBuild.classPathWith(after);

    Stamp stamp = Stamp.now();
    String command =
        "%s --rounds=%d, before: %s%s"
            .formatted(name(), rounds, Stamp.commitOf(Path.of(before)), said(after));
    List<Figure> measured = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      for (Side side : Side.values()) {
        String classPath = side == Side.BEFORE ? classPathBefore : classPathAfter;
        for (Cost cost : askIn(classPath, options)) {
          measured.add(new Figure(round, side, cost));
          out.printf(
              "round %d, %s, %s: %s=%s%n",
              round, side, cost.subject(), cost.operation(), cost.written(cost.amount()));
        }
      }
      new ResultFile<>(name(), command, stamp, measured).writeTo(results);
    }
    out.println(render(results));
  }

  private static String said(String after) {
    return after.isEmpty() ? "" : ", after: " + Stamp.commitOf(Path.of(after));
  }

  private List<Cost> askIn(String classPath, List<String> options) {
    return TemporaryDirectory.with(
        folder -> {
          List<String> arguments = new ArrayList<>(List.of(question.name(), "--rounds=1"));
          arguments.add("--results=" + folder);
          arguments.addAll(options);
          ChildJvm.runMain(Benchmarks.class, classPath, arguments);
          List<Cost> costs = question.costs(folder);
          ResultFile.delete(folder, question.name());
          return costs;
        });
  }

  @Override
  public String render(Path results) {
    ResultFile<Figure> file = ResultFile.read(results, name(), Figure.class);
    Table table =
        new Table(
            "medians (least to most)", "", "before", "after", "after / before", "in single pairs");
    List<Cost> rows = new ArrayList<>();
    for (Figure figure : file.rounds()) {
      if (rows.stream().noneMatch(figure.cost()::isOfTheSame)) {
        rows.add(figure.cost());
      }
    }
    for (Cost row : rows) {
      List<Double> before = amounts(file.rounds(), Side.BEFORE, row);
      List<Double> after = amounts(file.rounds(), Side.AFTER, row);
      if (!before.isEmpty() && !after.isEmpty()) {
        table.row(cells(row, before, after));
      }
    }
    return file.stamp() + ". `" + file.command() + "`.\n\n" + table;
  }

  private static List<String> cells(Cost row, List<Double> before, List<Double> after) {
    double medianBefore = Figures.median(before, Double::doubleValue);
    double medianAfter = Figures.median(after, Double::doubleValue);
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < Math.min(before.size(), after.size()); i++) {
      ratios.add(after.get(i) / before.get(i));
    }
    String ratio = hundredths(medianAfter / medianBefore);
    boolean isWorseBeyondNoise =
        medianAfter > WORSE * medianBefore
            && medianAfter > most(before)
            && least(after) > medianBefore;
    return List.of(
        row.subject(),
        row.operation(),
        withSpread(row, before),
        withSpread(row, after),
        isWorseBeyondNoise ? "**" + ratio + "**" : ratio,
        hundredths(least(ratios)) + " to " + hundredths(most(ratios)));
  }

  private static String withSpread(Cost row, List<Double> amounts) {
    return "%s (%s to %s)"
        .formatted(
            row.written(Figures.median(amounts, Double::doubleValue)),
            row.written(least(amounts)),
            row.written(most(amounts)));
  }

  private static String hundredths(double ratio) {
    return String.format(Locale.ROOT, "%.2f", ratio);
  }

  private static double least(List<Double> amounts) {
    return amounts.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
  }

  private static double most(List<Double> amounts) {
    return amounts.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
  }

  private static List<Double> amounts(List<Figure> figures, Side side, Cost row) {
    return figures.stream()
        .filter(figure -> figure.side() == side && figure.cost().isOfTheSame(row))
        .map(figure -> figure.cost().amount())
        .toList();
  }
}
