package io.timelog.benchmarks;

import io.timelog.benchmarks.flink.job.Chaining;
import io.timelog.benchmarks.flink.job.Contender;
import io.timelog.benchmarks.flink.job.JobCost;
import io.timelog.benchmarks.flink.job.JobInput;
import io.timelog.benchmarks.flink.job.JobKind;
import io.timelog.benchmarks.flink.job.JobRun;
import io.timelog.benchmarks.flink.job.LiveHeap;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What does a Flink job cost, on which state backend? Jobs of parallelism 1 on a cluster in the
 * JVM, over ten minutes of event time, once with each operator on a thread of its own and once
 * chained. The tight heap is twice what is alive on the heap when the state of that job is largest,
 * which is found out before.
 *
 * <p>Two questions: {@code flink-jobs} is of so many events that the heap shows its worth, {@code
 * flink-jobs-rocksdb} of so few that RocksDB ends within a minute where it reads many entries for
 * each event.
 *
 * <pre>{@code
 * java -jar benchmarks/target/benchmarks.jar flink-jobs --rounds=3
 * java -jar benchmarks/target/benchmarks.jar flink-jobs-rocksdb
 * java -jar benchmarks/target/benchmarks.jar flink-jobs --jobs=over --keys=1_000 --chaining=off
 * }</pre>
 *
 * <p>Options: {@code --events}, {@code --keys} (a list), {@code --jobs} and {@code --contenders}
 * (lists of ids), {@code --chaining} (a list of {@code off} and {@code on}), {@code --rounds},
 * {@code --heap}.
 */
final class FlinkJobsBenchmark implements PairableQuestion {
  private static final int TIGHT = 2;
  private static final double MEDIAN_OF_HEAP_AT_LEAST = 0.9;
  private static final double ROCKSDB_AT_LEAST = 3;
  private static final double MEDIAN_OF_ROCKSDB_AT_LEAST = 4;

  private final String name;
  private final int usualEvents;
  private final String usualContenders;
  private final String usualChaining;

  private FlinkJobsBenchmark(
      String name, int usualEvents, String usualContenders, String usualChaining) {
    this.name = name;
    this.usualEvents = usualEvents;
    this.usualContenders = usualContenders;
    this.usualChaining = usualChaining;
  }

  /** With many events, on all backends. */
  static FlinkJobsBenchmark ofManyEvents() {
    return new FlinkJobsBenchmark("flink-jobs", 1_000_000, Contender.ALL, "off,on");
  }

  /** With few events, beside RocksDB alone. */
  static FlinkJobsBenchmark besideRocksDb() {
    return new FlinkJobsBenchmark("flink-jobs-rocksdb", 100_000, "timelog,rocksdb", "off");
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void ask(Arguments arguments, Path results, PrintStream out) {
    int events = Math.toIntExact(arguments.number("events", usualEvents));
    List<Long> keys = arguments.numbers("keys", "1_000,100_000");
    List<JobKind> jobs = JobKind.listOf(arguments.list("jobs", JobKind.ALL));
    List<Contender> contenders = Contender.listOf(arguments.list("contenders", usualContenders));
    List<Chaining> chainings = Chaining.listOf(arguments.list("chaining", usualChaining));
    long rounds = arguments.number("rounds", 3);
    ChildJvm jvm = new ChildJvm(arguments.text("heap", "3g"));
    arguments.refuseUnknown();

    Stamp stamp = Stamp.now();
    String command = name + " --events=" + events + " --heap=" + jvm.heap();
    Map<JobInput, ChildJvm> tight = new HashMap<>();
    List<JobCost> measured = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      for (JobInput input : inputs(jobs, events, keys, chainings)) {
        for (Contender contender : contenders) {
          ChildJvm own =
              contender == Contender.TIGHT_HEAP
                  ? tight.computeIfAbsent(
                      anyChaining(input), job -> LiveHeap.inChild(jvm, job).jvmWithTimes(TIGHT))
                  : jvm;
          JobCost cost = JobRun.inChild(own, contender, input);
          requireEqualResults(measured, cost);
          measured.add(cost);
          out.printf("round %d, %s%n", round, oneLine(cost));
        }
      }
      new ResultFile<>(name(), command + " --rounds=" + rounds, stamp, measured).writeTo(results);
    }
    out.println(render(results));
  }

  /** What a job's state depends on. */
  private static JobInput anyChaining(JobInput input) {
    return new JobInput(input.job(), input.events(), input.keys(), Chaining.OFF, false);
  }

  private static List<JobInput> inputs(
      List<JobKind> jobs, int events, List<Long> keys, List<Chaining> chainings) {
    List<JobInput> inputs = new ArrayList<>();
    for (JobKind job : jobs) {
      for (long keyCount : keys) {
        for (Chaining chaining : chainings) {
          inputs.add(new JobInput(job, events, Math.toIntExact(keyCount), chaining, true));
        }
      }
    }
    return inputs;
  }

  private static void requireEqualResults(List<JobCost> measured, JobCost cost) {
    for (JobCost other : measured) {
      if (other.isOfTheSameWork(cost) && !other.hasTheSameResults(cost)) {
        throw new IllegalStateException(
            "Two runs of a job came to different results: first=" + other + ", second=" + cost);
      }
    }
  }

  private static String oneLine(JobCost cost) {
    return "%s, %s, %s keys, chaining %s: %s events/s, operator %s, process %s"
        .formatted(
            cost.contender(),
            cost.job(),
            Figures.count(cost.keys()),
            cost.chaining().word(),
            Figures.number(cost.eventsPerSecond()),
            Figures.nanos(cost.operatorNanos()),
            Figures.nanos(cost.processNanos()));
  }

  @Override
  public List<String> optionsForTimelogAlone() {
    return List.of("--contenders=" + Contender.TIMELOG.id());
  }

  @Override
  public List<Cost> costs(Path results) {
    return ResultFile.read(results, name(), JobCost.class).rounds().stream()
        .map(
            cost ->
                Cost.nanos(
                    "%s, %s keys, chaining %s"
                        .formatted(cost.job(), Figures.count(cost.keys()), cost.chaining().word()),
                    "CPU of the operator's thread per event",
                    cost.operatorNanos()))
        .toList();
  }

  @Override
  public String render(Path results) {
    ResultFile<JobCost> file = ResultFile.read(results, name(), JobCost.class);
    StringBuilder text = new StringBuilder(file.stamp() + ". `" + file.command() + "`.\n");
    for (Chaining chaining : Chaining.values()) {
      List<JobCost> costs =
          file.rounds().stream().filter(cost -> cost.chaining() == chaining).toList();
      if (!costs.isEmpty()) {
        text.append(
            "\n**Chaining %s: thousands of events a second**\n\n%s"
                .formatted(chaining.word(), throughput(costs)));
        text.append(
            "\n**Chaining %s: CPU time per event, of the operator's thread and of the process**\n\n%s"
                .formatted(chaining.word(), cpu(costs)));
      }
    }
    return text.toString();
  }

  private static Table throughput(List<JobCost> costs) {
    Table table = table("Timelog / heap", "Timelog / tight heap", "Timelog / RocksDB");
    List<Double> ofHeap = new ArrayList<>();
    List<Double> ofTightHeap = new ArrayList<>();
    List<Double> ofRocksDb = new ArrayList<>();
    for (List<JobCost> same : byWork(costs)) {
      JobCost row = same.get(0);
      JobKind job = JobKind.of(row.job());
      List<String> cells = cells(same, FlinkJobsBenchmark::thousands);
      ToDoubleFunction<JobCost> figure = JobCost::eventsPerSecond;
      Ratios ratios = new Ratios(same, figure);
      cells.add(
          ratios.of(
              Contender.TIMELOG,
              Contender.HEAP,
              job.ofHeapAtLeast(row.events() / row.keys()),
              ofHeap));
      cells.add(ratios.of(Contender.TIMELOG, Contender.TIGHT_HEAP, 1, ofTightHeap));
      cells.add(ratios.of(Contender.TIMELOG, Contender.ROCKSDB, 0, ofRocksDb));
      table.row(cells);
    }
    table.row(
        medians(
            median(ofHeap, MEDIAN_OF_HEAP_AT_LEAST), median(ofTightHeap, 1), median(ofRocksDb, 0)));
    return table;
  }

  private static Table cpu(List<JobCost> costs) {
    Table table = table("Timelog / heap", "RocksDB / Timelog", "process, RocksDB / Timelog");
    List<Double> ofHeap = new ArrayList<>();
    List<Double> ofRocksDb = new ArrayList<>();
    List<Double> ofProcess = new ArrayList<>();
    for (List<JobCost> same : byWork(costs)) {
      List<String> cells = cells(same, FlinkJobsBenchmark::cpuNanos);
      Ratios threads = new Ratios(same, JobCost::operatorNanos);
      cells.add(threads.of(Contender.TIMELOG, Contender.HEAP, 0, ofHeap));
      cells.add(threads.of(Contender.ROCKSDB, Contender.TIMELOG, ROCKSDB_AT_LEAST, ofRocksDb));
      cells.add(
          new Ratios(same, JobCost::processNanos)
              .of(Contender.ROCKSDB, Contender.TIMELOG, 0, ofProcess));
      table.row(cells);
    }
    table.row(
        medians(
            median(ofHeap, 0),
            median(ofRocksDb, MEDIAN_OF_ROCKSDB_AT_LEAST),
            median(ofProcess, 0)));
    return table;
  }

  private static Table table(String... ratios) {
    List<String> columns = new ArrayList<>(List.of("job, keys"));
    for (Contender contender : Contender.values()) {
      columns.add(contender.title());
    }
    columns.addAll(List.of(ratios));
    return new Table(columns.toArray(String[]::new));
  }

  private static List<List<JobCost>> byWork(List<JobCost> costs) {
    List<List<JobCost>> works = new ArrayList<>();
    for (JobCost cost : costs) {
      if (works.stream().noneMatch(work -> work.get(0).isOfTheSameWork(cost))) {
        works.add(costs.stream().filter(cost::isOfTheSameWork).toList());
      }
    }
    return works;
  }

  /** What stands in the cell of a contender, given its rounds. */
  private interface Cell {
    String of(List<JobCost> rounds);
  }

  private static List<String> cells(List<JobCost> same, Cell cell) {
    JobCost row = same.get(0);
    List<String> cells = new ArrayList<>(List.of(row.job() + ", " + Figures.count(row.keys())));
    for (Contender contender : Contender.values()) {
      List<JobCost> own = of(same, contender);
      cells.add(own.isEmpty() ? "-" : cell.of(own));
    }
    return cells;
  }

  private static String thousands(List<JobCost> rounds) {
    String thousands = Figures.number(Figures.median(rounds, JobCost::eventsPerSecond) / 1e3);
    JobCost any = rounds.get(0);
    return any.contender().equals(Contender.TIGHT_HEAP.id())
        ? thousands + " (" + any.heap() + ")"
        : thousands;
  }

  private static String cpuNanos(List<JobCost> rounds) {
    return Figures.nanos(Figures.median(rounds, JobCost::operatorNanos))
        + " / "
        + Figures.nanos(Figures.median(rounds, JobCost::processNanos));
  }

  private static List<String> medians(String... ratios) {
    List<String> cells = new ArrayList<>(List.of("median"));
    for (int i = 0; i < Contender.values().length; i++) {
      cells.add("");
    }
    cells.addAll(List.of(ratios));
    return cells;
  }

  private static List<JobCost> of(List<JobCost> costs, Contender contender) {
    return costs.stream().filter(cost -> cost.contender().equals(contender.id())).toList();
  }

  /** Ratios of a figure of one job. */
  private record Ratios(List<JobCost> same, ToDoubleFunction<JobCost> figure) {
    /** The median of the ratios of each round, which is added to others; bold below its bar. */
    String of(Contender above, Contender below, double atLeast, List<Double> others) {
      List<JobCost> over = FlinkJobsBenchmark.of(same, above);
      List<JobCost> under = FlinkJobsBenchmark.of(same, below);
      List<Double> ratios = new ArrayList<>();
      for (int i = 0; i < Math.min(over.size(), under.size()); i++) {
        ratios.add(figure.applyAsDouble(over.get(i)) / figure.applyAsDouble(under.get(i)));
      }
      if (!ratios.isEmpty()) {
        others.add(Figures.median(ratios, Double::doubleValue));
      }
      return median(ratios, atLeast);
    }
  }

  private static String median(List<Double> ratios, double atLeast) {
    if (ratios.isEmpty()) {
      return "-";
    }
    double median = Figures.median(ratios, Double::doubleValue);
    String written = Figures.ratio(median);
    return median < atLeast ? "**" + written + "**" : written;
  }
}
