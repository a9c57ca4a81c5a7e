package io.timelog.benchmarks.churn;

import io.timelog.MemoryBudgetExceededException;
import io.timelog.benchmarks.churn.Pattern.Step;
import io.timelog.benchmarks.report.Figures;
import io.timelog.benchmarks.workload.ChildJvm;
import io.timelog.benchmarks.workload.CpuClock;
import io.timelog.benchmarks.workload.CpuTally;
import io.timelog.benchmarks.workload.MemoryUse;
import io.timelog.benchmarks.workload.Rehearsal;
import io.timelog.benchmarks.workload.TemporaryDirectory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Does patterns to one engine in this JVM, each at four sizes, n, 2n, 4n and 8n, on an engine of
 * its own each time, after a rehearsal at size n.
 *
 * <p>The three smaller sizes are repeated up to three times and the median counts. Thread CPU is
 * read around batches of operations, without the making of their input. Memory is weighed once a
 * size, while the pattern still has open what it opened.
 */
public final class ChurnRun {
  private static final int[] MULTIPLES = {1, 2, 4, 8};
  private static final int LARGEST = 8;
  private static final int MOST_REPETITIONS = 3;
  private static final int BATCH = 500;
  private static final Duration REHEARSAL = Duration.ofSeconds(2);
  private static final long REHEARSAL_NANOS_PER_OPERATION = 2_000_000;

  /** A pattern that takes longer at one size is given up: some engines are quadratic in some. */
  private static final long MOST_CALLER_NANOS = 10_000_000_000L;

  private static final int FULL_SIZE_PERCENT = 100;

  private final ChurnEngineKind kind;
  private final ChurnPattern pattern;
  private final long overheadNanos = CpuClock.overheadNanos();

  private ChurnRun(ChurnEngineKind kind, ChurnPattern pattern) {
    this.kind = kind;
    this.pattern = pattern;
  }

  /** Answers to {@link ChildJvm}. */
  public static void main(String[] args) {
    ChildJvm.answerFor(
        args, ChurnInput.class, (id, input) -> measure(ChurnEngineKind.of(id), input));
  }

  /** Does the patterns, in a JVM of its own. */
  public static ChurnCosts inChild(ChildJvm jvm, ChurnEngineKind kind, ChurnInput input) {
    return kind.needsFlinkRocksDb()
        ? jvm.runOnFlinkRocksDb(ChurnRun.class, kind.id(), input, ChurnCosts.class)
        : jvm.run(ChurnRun.class, kind.id(), input, ChurnCosts.class);
  }

  /** Does the patterns, in this JVM. */
  public static ChurnCosts measure(ChurnEngineKind kind, ChurnInput input) {
    List<ChurnCost> costs = new ArrayList<>();
    for (ChurnPattern pattern : input.patterns()) {
      costs.addAll(new ChurnRun(kind, pattern).measure(input.percent(), input.weighed()));
    }
    return new ChurnCosts(costs);
  }

  private List<ChurnCost> measure(int percent, boolean weighed) {
    int size = pattern.size(percent);
    Rehearsal.of(
        end -> pass(size, 1, MemoryUse.NONE),
        percent >= FULL_SIZE_PERCENT ? size : 1,
        REHEARSAL_NANOS_PER_OPERATION,
        REHEARSAL);
    return TemporaryDirectory.with(
        nothing -> {
          MemoryUse empty = weighed ? MemoryUse.now(nothing) : MemoryUse.NONE;
          return Arrays.stream(MULTIPLES).mapToObj(times -> cost(size, times, empty)).toList();
        });
  }

  private ChurnCost cost(int size, int multiple, MemoryUse empty) {
    int repetitions = Math.min(MOST_REPETITIONS, LARGEST / multiple);
    List<ChurnCost> passes = new ArrayList<>();
    for (int i = 1; i < repetitions; i++) {
      passes.add(pass(size, multiple, MemoryUse.NONE));
    }
    ChurnCost last = pass(size, multiple, empty);
    passes.add(last);
    return new ChurnCost(
        last.engine(),
        last.pattern(),
        multiple,
        last.size(),
        Figures.median(passes, ChurnCost::cpuNanos),
        Figures.median(passes, ChurnCost::processCpuNanos),
        last.heldBytes(),
        last.accountedBytes(),
        last.liveBytes(),
        last.checksum(),
        last.refusedAt(),
        last.outOfTimeAt());
  }

  private ChurnCost pass(int size, int multiple, MemoryUse empty) {
    return TemporaryDirectory.with(directory -> new Pass(size, multiple, empty).run(directory));
  }

  /** One time at one size. Memory is weighed if {@code empty} was. */
  private final class Pass {
    private final int multiple;
    private final Pattern work;
    private final int size;
    private final MemoryUse empty;
    private final CpuTally caller = new CpuTally(overheadNanos);
    private long processNanos;
    private long sum;
    private int refusedAt = -1;
    private int outOfTimeAt = -1;

    Pass(int size, int multiple, MemoryUse empty) {
      this.multiple = multiple;
      this.size = size * multiple;
      this.work = pattern.of(size * multiple);
      this.empty = empty;
    }

    ChurnCost run(Path directory) {
      try (ChurnEngine engine = kind.open(work.table(), directory)) {
        int done = doAll(engine);
        long held = empty.equals(MemoryUse.NONE) ? 0 : heldBytes(engine, directory);
        Contents contents = engine.contents();
        work.end();
        long units = Math.max(1, work.units() * done / work.operations());
        return new ChurnCost(
            kind.id(),
            pattern.id(),
            multiple,
            size,
            (double) caller.nanos() / units,
            (double) processNanos / units,
            held,
            engine.accountedBytes().orElse(-1),
            contents.bytes(),
            sum * 31 + contents.sum(),
            refusedAt,
            outOfTimeAt);
      }
    }

    private int doAll(ChurnEngine engine) {
      int done = 0;
      long inputNanos = 0;
      long processStart = CpuClock.processNanos();
      try {
        work.prepare(engine);
        processStart = CpuClock.processNanos();
        while (done < work.operations() && outOfTimeAt < 0) {
          Step[] steps = new Step[Math.min(BATCH, work.operations() - done)];
          int first = done;
          long start = CpuClock.threadNanos();
          Arrays.setAll(steps, i -> work.step(first + i));
          inputNanos += CpuClock.threadNanos() - start;
          doBatch(engine, steps);
          done += steps.length;
          outOfTimeAt = caller.nanos() > MOST_CALLER_NANOS && done < work.operations() ? done : -1;
        }
      } catch (MemoryBudgetExceededException e) {
        refusedAt = done;
      }
      processNanos = Math.max(0, CpuClock.processNanos() - processStart - inputNanos);
      return done;
    }

    private void doBatch(ChurnEngine engine, Step[] steps) {
      long start = CpuClock.threadNanos();
      for (Step step : steps) {
        sum = sum * 31 + work.apply(engine, step);
      }
      caller.addSince(start, steps.length);
    }

    private long heldBytes(ChurnEngine engine, Path directory) {
      MemoryUse used = MemoryUse.now(directory).minus(empty);
      return kind.needsFlinkRocksDb()
          ? engine.accountedBytes().orElseThrow() + used.diskBytes()
          : used.heapBytes() + used.directBytes();
    }
  }
}
