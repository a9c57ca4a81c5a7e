package io.timelog.benchmarks;

import io.timelog.Codecs;
import io.timelog.MemoryBudget;
import io.timelog.PageSpan;
import io.timelog.PageSpans;
import io.timelog.TimeRange;
import io.timelog.Timelog;
import io.timelog.TimelogBuilder;
import io.timelog.TimelogCursor;
import io.timelog.benchmarks.report.Arguments;
import io.timelog.benchmarks.report.Cost;
import io.timelog.benchmarks.report.Figures;
import io.timelog.benchmarks.report.ResultFile;
import io.timelog.benchmarks.report.Stamp;
import io.timelog.benchmarks.report.Table;
import io.timelog.benchmarks.workload.CpuClock;
import java.io.PrintStream;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.util.Statistics;

/**
 * How fast is one log, without keys: appending in order one by one and in bulk, and reading sealed
 * pages by cursor and by page span, next to summing a {@code long[]}? How long does an append take
 * at worst while maintenance runs?
 *
 * <pre>{@code
 * java -jar benchmarks/target/benchmarks.jar single-log --rounds=3
 * }</pre>
 *
 * <p>Options: {@code --rounds}, each a JVM of its own; {@code --only}, a regular expression for
 * method names; {@code --heap}. Values are {@code Long}s. A log that grows forgets what is older
 * than four million ticks, every million appends.
 */
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class SingleLogBenchmark implements PairableQuestion {
  private static final int BULK = 1_000;
  private static final int SEALED = 10_000_000;

  /** A log that is appended to, in order, and forgets its old end. */
  @State(Scope.Thread)
  public static class GrowingLog {
    private static final long RETENTION = 4_000_000;
    private static final long DELETE_EVERY = 1_000_000;

    /** Which preset of {@link Timelog}. */
    @Param({"forStreaming", "forBulkIngest"})
    public String preset = "";

    private final List<Long> values = LongStream.range(0, BULK).boxed().toList();
    private final long[] timestamps = new long[BULK];

    @SuppressWarnings("NullAway.Init")
    private Timelog<Long> log;

    private long now;

    /** Opens the log. */
    @Setup
    public void open() {
      TimelogBuilder<Long> builder =
          switch (preset) {
            case "forStreaming" -> Timelog.forStreaming(Codecs.longs());
            case "forBulkIngest" -> Timelog.forBulkIngest(Codecs.longs());
            default -> throw new IllegalArgumentException("No such preset: preset=" + preset);
          };
      log = builder.memoryBudget(MemoryBudget.ofBytes(512L << 20)).build();
      now = 0;
    }

    /** Closes the log. */
    @TearDown
    public void close() {
      log.close();
    }

    void append() {
      log.append(now, values.get((int) (now % BULK)));
      forget(1);
    }

    void extend() {
      for (int i = 0; i < BULK; i++) {
        timestamps[i] = now + i;
      }
      log.extend(timestamps, values);
      forget(BULK);
    }

    private void forget(int appended) {
      now += appended;
      if (now % DELETE_EVERY == 0) {
        log.deleteBefore(now - RETENTION);
      }
    }
  }

  /** CPU time of the appending thread: its own work, and flushing where it has to lend a hand. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class CallerCpu {
    /** Per entry appended in an iteration. */
    public double callerNanos;

    private long entries;
    private long startNanos;

    /** Notes the start of an iteration. */
    @Setup(Level.Iteration)
    public void start() {
      entries = 0;
      startNanos = CpuClock.threadNanos();
    }

    /** Computes the cost in an iteration. */
    @TearDown(Level.Iteration)
    public void stop() {
      callerNanos = (double) (CpuClock.threadNanos() - startNanos) / entries;
    }
  }

  /** A log of which every entry lies in a segment, and an array with the same timestamps. */
  @State(Scope.Thread)
  public static class SealedLog {
    private final long[] timestamps = LongStream.range(0, SEALED).toArray();
    private final Timelog<Long> log =
        Timelog.forBulkIngest(Codecs.longs()).memoryBudget(MemoryBudget.ofBytes(1L << 30)).build();

    /** Fills the log and seals it. */
    @Setup
    public void fill() {
      for (long timestamp : timestamps) {
        log.append(timestamp, timestamp);
      }
      log.flush();
      log.compact();
    }

    /** Closes the log. */
    @TearDown
    public void close() {
      log.close();
    }
  }

  /** One call, one entry. */
  @Benchmark
  @BenchmarkMode(Mode.AverageTime)
  public void append(GrowingLog state, CallerCpu cpu) {
    state.append();
    cpu.entries++;
  }

  /** The same, each call timed. */
  @Benchmark
  @BenchmarkMode(Mode.SampleTime)
  public void appendLatency(GrowingLog state) {
    state.append();
  }

  /** One call, {@value #BULK} entries. */
  @Benchmark
  @BenchmarkMode(Mode.AverageTime)
  @OperationsPerInvocation(BULK)
  public void appendInBulk(GrowingLog state, CallerCpu cpu) {
    state.extend();
    cpu.entries += BULK;
  }

  /** Reads timestamp and value of every entry. */
  @Benchmark
  @BenchmarkMode(Mode.AverageTime)
  @OperationsPerInvocation(SEALED)
  public long readByCursor(SealedLog state) {
    long sum = 0;
    try (TimelogCursor<Long> cursor = state.log.cursor(TimeRange.all())) {
      while (cursor.advance()) {
        sum += cursor.timestamp() ^ cursor.value();
      }
    }
    return sum;
  }

  /** Sums all timestamps, in place. */
  @Benchmark
  @BenchmarkMode(Mode.AverageTime)
  @OperationsPerInvocation(SEALED)
  public long sumOfPageSpans(SealedLog state) {
    long sum = 0;
    try (PageSpans<Long> spans = state.log.pageSpans(TimeRange.all())) {
      while (spans.hasNext()) {
        try (PageSpan<Long> span = spans.next();
            PageSpan.Timestamps timestamps = span.timestamps()) {
          sum += sum(timestamps.buffer());
        }
      }
    }
    return sum;
  }

  /** What the page spans are measured by. */
  @Benchmark
  @BenchmarkMode(Mode.AverageTime)
  @OperationsPerInvocation(SEALED)
  public long sumOfArray(SealedLog state) {
    long sum = 0;
    for (long timestamp : state.timestamps) {
      sum += timestamp;
    }
    return sum;
  }

  private static long sum(LongBuffer buffer) {
    long sum = 0;
    for (int i = 0; i < buffer.limit(); i++) {
      sum += buffer.get(i);
    }
    return sum;
  }

  /**
   * What JMH found for one method.
   *
   * @param method name of the method
   * @param preset of the log that grows, or empty
   * @param mode of JMH
   * @param nanos wall-clock time per entry: the median over all measured iterations of all rounds
   * @param callerNanos likewise the CPU time of the calling thread, where it is not the same; else
   *     0
   * @param p99 of the samples, where single calls were timed; the others likewise; else 0
   */
  public record Figure(
      String method,
      String preset,
      String mode,
      double nanos,
      double callerNanos,
      double p99,
      double p999,
      double max) {}

  @Override
  public String name() {
    return "single-log";
  }

  @Override
  public void ask(Arguments arguments, Path results, PrintStream out) {
    int rounds = (int) arguments.number("rounds", 3);
    String only = arguments.text("only", ".*");
    String heap = arguments.text("heap", "2g");
    arguments.refuseUnknown();

    Stamp stamp = Stamp.now();
    try {
      List<Figure> figures =
          new Runner(
                  new OptionsBuilder()
                      .include(SingleLogBenchmark.class.getName() + "\\." + only)
                      .forks(rounds)
                      .shouldFailOnError(true)
                      .jvmArgs("-Xms" + heap, "-Xmx" + heap, "-XX:MaxDirectMemorySize=" + heap)
                      .build())
              .run().stream().map(SingleLogBenchmark::figure).toList();
      new ResultFile<>(name(), "single-log --rounds=" + rounds, stamp, figures).writeTo(results);
    } catch (RunnerException e) {
      throw new IllegalStateException("JMH could not run the benchmarks of one log", e);
    }
    out.println(render(results));
  }

  @Override
  public String render(Path results) {
    ResultFile<Figure> file = ResultFile.read(results, name(), Figure.class);
    Table table =
        new Table(
            "",
            "per entry, wall",
            "per entry, CPU of the caller",
            "M entries per second of CPU",
            "p99",
            "p99.9",
            "max");
    for (Figure figure : file.rounds()) {
      boolean sampled = figure.mode().equals(Mode.SampleTime.name());
      double callerNanos = figure.callerNanos() == 0 ? figure.nanos() : figure.callerNanos();
      table.row(
          List.of(
              title(figure),
              Figures.nanos(figure.nanos()),
              sampled ? "-" : Figures.nanos(callerNanos),
              sampled ? "-" : Figures.number(1e3 / callerNanos),
              sampled ? Figures.nanos(figure.p99()) : "-",
              sampled ? Figures.nanos(figure.p999()) : "-",
              sampled ? Figures.nanos(figure.max()) : "-"));
    }
    return file.stamp() + ".\n\n" + table;
  }

  @Override
  public List<String> optionsForTimelogAlone() {
    return List.of();
  }

  @Override
  public List<Cost> costs(Path results) {
    ResultFile<Figure> file = ResultFile.read(results, name(), Figure.class);
    List<Cost> costs = new ArrayList<>();
    for (Figure figure : file.rounds()) {
      String subject = title(figure);
      costs.add(Cost.nanos(subject, "wall", figure.nanos()));
      if (figure.callerNanos() > 0) {
        costs.add(Cost.nanos(subject, "CPU of the caller", figure.callerNanos()));
      }
      if (figure.p99() > 0) {
        costs.add(Cost.nanos(subject, "p99", figure.p99()));
      }
    }
    return costs;
  }

  private static String title(Figure figure) {
    return figure.preset().isEmpty()
        ? "`" + figure.method() + "`"
        : "`%s`, `%s`".formatted(figure.method(), figure.preset());
  }

  private static Figure figure(RunResult result) {
    String method = result.getParams().getBenchmark();
    String preset = result.getParams().getParam("preset");
    Mode mode = result.getParams().getMode();
    @Nullable Result<?> caller = result.getSecondaryResults().get("callerNanos");
    Statistics statistics = result.getPrimaryResult().getStatistics();
    boolean sampled = mode == Mode.SampleTime;
    return new Figure(
        method.substring(method.lastIndexOf('.') + 1),
        preset == null ? "" : preset,
        mode.name(),
        statistics.getPercentile(50),
        caller == null ? 0 : caller.getStatistics().getPercentile(50),
        sampled ? statistics.getPercentile(99) : 0,
        sampled ? statistics.getPercentile(99.9) : 0,
        sampled ? statistics.getMax() : 0);
  }
}
