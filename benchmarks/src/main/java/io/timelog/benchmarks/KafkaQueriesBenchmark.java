package io.timelog.benchmarks;

import io.timelog.benchmarks.kafka.StoreKind;
import io.timelog.benchmarks.kafka.query.QueryCost;
import io.timelog.benchmarks.kafka.query.QueryCosts;
import io.timelog.benchmarks.kafka.query.QueryInput;
import io.timelog.benchmarks.kafka.query.QueryRun;
import io.timelog.benchmarks.kafka.query.Situation;
import io.timelog.benchmarks.kafka.query.Transactions;
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
import java.util.Collections;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * What does a put into a store of Kafka Streams cost while others query the store as fast as they
 * can, and what do commits cost that their queries may see? CPU time of the thread that puts: there
 * may be fewer processors than threads, and what it waits for one is not what the store costs. What
 * it waits for a lock is not in it either.
 *
 * <pre>{@code
 * java -jar benchmarks/target/benchmarks.jar kafka-queries --rounds=3
 * }</pre>
 *
 * <p>Options: {@code --entries}, {@code --readers}, {@code --stores} (window and key-value stores
 * of {@code kafka-stores}), {@code --passes} (in each round), {@code --stretch} (milliseconds of
 * puts at a time), {@code --rounds}, {@code --heap}.
 */
final class KafkaQueriesBenchmark implements Question {
  private static final double DISTURBED_AT_MOST = 1.3;
  private static final double COMMITS_AT_MOST = 0.01;

  @Override
  public String name() {
    return "kafka-queries";
  }

  @Override
  public void ask(Arguments arguments, Path results, PrintStream out) {
    int entries = Math.toIntExact(arguments.number("entries", 1_000_000));
    int readers = Math.toIntExact(arguments.number("readers", 8));
    int passes = Math.toIntExact(arguments.number("passes", 4));
    int stretch = Math.toIntExact(arguments.number("stretch", 400));
    List<StoreKind> kinds = kinds(arguments);
    long rounds = arguments.number("rounds", 3);
    ChildJvm jvm = new ChildJvm(arguments.text("heap", "2g"));
    arguments.refuseUnknown();

    Stamp stamp = Stamp.now();
    List<Transactions> stores = new ArrayList<>(Transactions.known());
    List<QueryCost> measured = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      QueryInput input = new QueryInput(entries, readers, passes, stretch, stores);
      for (StoreKind kind : kinds) {
        ChildJvm child = kind.isRocksDb() ? jvm : jvm.keepingNativeMemory();
        for (QueryCost cost :
            child.run(QueryRun.class, kind.id(), input, QueryCosts.class).costs()) {
          measured.add(cost);
          out.printf("round %d, %s%n", round, oneLine(cost));
        }
      }
      // Which of two stores is made first decides where in memory it lies.
      Collections.reverse(stores);
      new ResultFile<>(
              name(),
              "kafka-queries --entries=%d --readers=%d --rounds=%d"
                  .formatted(entries, readers, rounds),
              stamp,
              measured)
          .writeTo(results);
    }
    out.println(render(results));
  }

  private static List<StoreKind> kinds(Arguments arguments) {
    List<StoreKind> all = QueryRun.stores();
    String ids = all.stream().map(StoreKind::id).collect(Collectors.joining(","));
    List<StoreKind> kinds = StoreKind.listOf(arguments.list("stores", ids));
    if (!all.containsAll(kinds)) {
      throw new UsageException(
          "Not all of these can be queried while they are written to: stores="
              + kinds.stream().map(StoreKind::id).toList()
              + ". Those that can are "
              + ids);
    }
    return kinds;
  }

  private static String oneLine(QueryCost cost) {
    return "%s, %s: put=%s, ratio=%s, answers/s=%s and %s"
        .formatted(
            cost.store(),
            cost.situation(),
            Figures.nanos(cost.putNanos()),
            Figures.number(cost.ofBaseline()),
            Figures.number(cost.onesPerSecond()),
            Figures.number(cost.manysPerSecond()));
  }

  @Override
  public String render(Path results) {
    ResultFile<QueryCost> file = ResultFile.read(results, name(), QueryCost.class);
    StringBuilder text = new StringBuilder(file.stamp() + ". `" + file.command() + "`.\n");
    for (StoreKind.Shape shape : StoreKind.Shape.values()) {
      List<StoreKind> kinds =
          StoreKind.ofShape(shape, file.rounds().stream().map(QueryCost::store).toList());
      if (!kinds.isEmpty()) {
        text.append(
            "\n%s\n%s\n%s"
                .formatted(
                    puts(file.rounds(), kinds),
                    answers(file.rounds(), kinds),
                    commits(file.rounds(), kinds)));
      }
    }
    return text.toString();
  }

  private static Table puts(List<QueryCost> costs, List<StoreKind> kinds) {
    return bySituation(
        "CPU of a put, of that undisturbed",
        costs,
        kinds,
        (situation, rounds) -> {
          String nanos = Figures.nanos(median(rounds, QueryCost::putNanos));
          return situation == situation.baseline()
              ? nanos
              : nanos
                  + ", "
                  + ratio(
                      median(rounds, QueryCost::ofBaseline),
                      situation.isQueried() ? DISTURBED_AT_MOST : Double.POSITIVE_INFINITY);
        });
  }

  private static Table answers(List<QueryCost> costs, List<StoreKind> kinds) {
    return bySituation(
        "answers a second meanwhile, of one row and of many",
        costs.stream().filter(cost -> Situation.of(cost.situation()).isQueried()).toList(),
        kinds,
        (situation, rounds) ->
            Figures.number(median(rounds, QueryCost::onesPerSecond))
                + " and "
                + Figures.number(median(rounds, QueryCost::manysPerSecond)));
  }

  /** What stands in the cell of a store, given its rounds in a situation. */
  private interface Cell {
    String of(Situation situation, List<QueryCost> rounds);
  }

  private static Table bySituation(
      String title, List<QueryCost> costs, List<StoreKind> kinds, Cell cell) {
    Table table = tableOf(title, kinds);
    for (Situation situation : Situation.values()) {
      List<String> cells = new ArrayList<>(List.of(situation.title()));
      for (StoreKind kind : kinds) {
        List<QueryCost> rounds = of(costs, kind, situation);
        cells.add(rounds.isEmpty() ? "-" : cell.of(situation, rounds));
      }
      if (costs.stream().anyMatch(cost -> cost.situation().equals(situation.id()))) {
        table.row(cells);
      }
    }
    return table;
  }

  private static Table commits(List<QueryCost> costs, List<StoreKind> kinds) {
    Table table =
        new Table(
            "a commit every 100 ms, nobody queries",
            "CPU of the caller it takes",
            "of the process",
            "of the caller in the commit itself",
            "MB uncommitted before it",
            "MB held by then for committed reads");
    for (StoreKind kind : kinds) {
      List<QueryCost> rounds = of(costs, kind, Situation.COMMITTING);
      if (!rounds.isEmpty()) {
        table.row(
            List.of(
                kind.title(),
                percent(median(rounds, QueryCost::ofBaseline) - 1, COMMITS_AT_MOST),
                percent(median(rounds, QueryCost::processOfBaseline) - 1, COMMITS_AT_MOST),
                percent(
                    median(rounds, cost -> cost.commitNanos() / cost.putNanos()), COMMITS_AT_MOST),
                megabytes(median(rounds, QueryCost::uncommittedBytes)),
                kind.isOurs() ? megabytes(median(rounds, QueryCost::heldBytes)) : "-"));
      }
    }
    return table;
  }

  private static String megabytes(double bytes) {
    return Figures.number(bytes / 1e6);
  }

  private static String percent(double part, double atMost) {
    return marked(Figures.number(part * 100) + " %", part > atMost);
  }

  private static String ratio(double ratio, double atMost) {
    return marked(Figures.ratio(ratio), ratio > atMost);
  }

  /** What misses its bar is in bold. */
  private static String marked(String figure, boolean missed) {
    return missed ? "**" + figure + "**" : figure;
  }

  private static Table tableOf(String title, List<StoreKind> kinds) {
    List<String> columns = new ArrayList<>(List.of(title));
    kinds.forEach(kind -> columns.add(kind.title()));
    return new Table(columns.toArray(String[]::new));
  }

  private static List<QueryCost> of(List<QueryCost> costs, StoreKind kind, Situation situation) {
    return costs.stream().filter(cost -> cost.isOf(kind.id(), situation)).toList();
  }

  private static double median(List<QueryCost> rounds, ToDoubleFunction<QueryCost> figure) {
    return Figures.median(rounds, figure);
  }
}
