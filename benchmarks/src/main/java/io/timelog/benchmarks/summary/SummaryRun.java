package io.timelog.benchmarks.summary;

import io.timelog.benchmarks.workload.ChildJvm;
import io.timelog.benchmarks.workload.CpuClock;
import io.timelog.benchmarks.workload.Rehearsal;
import io.timelog.summary.LongSummary;
import java.time.Duration;
import java.util.SplittableRandom;

/** Aggregates ranges of one key by one method in this JVM. */
public final class SummaryRun {
  private static final long STEP = 10;

  /** One of so many entries is late. */
  private static final int LATE = 20;

  /** By so many entries. */
  private static final long LATE_BY = 500;

  private static final SummaryInput REHEARSED = new SummaryInput(20_000, 500);

  private final SummaryMethod method;
  private final SummaryInput input;
  private final SplittableRandom random = new SplittableRandom(42);
  private long checksum;

  private SummaryRun(SummaryMethod method, SummaryInput input) {
    this.method = method;
    this.input = input;
  }

  /** Answers to {@link ChildJvm#run}. */
  public static void main(String[] args) {
    ChildJvm.answerFor(args, SummaryInput.class, (id, input) -> run(SummaryMethod.of(id), input));
  }

  /** Measures the method. */
  public static SummaryCost run(SummaryMethod method, SummaryInput input) {
    Rehearsal.of(
        end -> new SummaryRun(method, REHEARSED).run(),
        input.entries(),
        1_000_000,
        Duration.ofSeconds(8));
    return new SummaryRun(method, input).run();
  }

  private SummaryCost run() {
    long entries = input.entries();
    long ranges = input.ranges();
    try (RangeStore store = method.open()) {
      long start = CpuClock.threadNanos();
      for (long number = 0; number < entries; number++) {
        append(store, number);
      }
      double append = (double) (CpuClock.threadNanos() - start) / entries;

      start = CpuClock.threadNanos();
      aggregate(store, entries / 2, entries);
      double first = CpuClock.threadNanos() - start;
      aggregate(store, 0, entries);

      start = CpuClock.threadNanos();
      for (long i = 0; i < ranges; i++) {
        long oldest = random.nextLong(1 + entries / 2);
        aggregate(store, oldest, oldest + entries / 2);
      }
      double range = (double) (CpuClock.threadNanos() - start) / ranges;

      start = CpuClock.threadNanos();
      for (long i = 0; i < ranges; i++) {
        append(store, entries + i);
        store.deleteBefore(i * STEP);
        aggregate(store, i + entries / 2, i + entries + 1);
      }
      double rolling = (double) (CpuClock.threadNanos() - start) / ranges;
      double bytes = store.bytes() < 0 ? -1 : (double) store.bytes() / entries;
      return new SummaryCost(method.id(), entries, append, first, range, rolling, bytes, checksum);
    }
  }

  /** No two have the same timestamp: those that are late lie between the others. */
  private void append(RangeStore store, long number) {
    boolean late = number % LATE == LATE - 1 && number >= LATE_BY;
    long timestamp = late ? (number - LATE_BY) * STEP + 1 : number * STEP;
    store.append(timestamp, random.nextLong(1_000));
  }

  private void aggregate(RangeStore store, long first, long end) {
    LongSummary summary = store.aggregate(first * STEP, end * STEP);
    checksum = checksum * 31 + summary.count();
    checksum = checksum * 31 + summary.sum();
    checksum = checksum * 31 + summary.min().orElse(-1);
    checksum = checksum * 31 + summary.max().orElse(-1);
  }
}
