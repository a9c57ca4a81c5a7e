package io.timelog.benchmarks.commit;

import io.timelog.benchmarks.durable.DurableState;
import io.timelog.benchmarks.durable.StateKind;
import io.timelog.benchmarks.durable.StateSettings;
import io.timelog.benchmarks.workload.ChildJvm;
import io.timelog.benchmarks.workload.CpuClock;
import io.timelog.benchmarks.workload.CpuTally;
import io.timelog.benchmarks.workload.EventBatch;
import io.timelog.benchmarks.workload.FileWrites;
import io.timelog.benchmarks.workload.NativeMemory;
import io.timelog.benchmarks.workload.Percentiles;
import io.timelog.benchmarks.workload.Rehearsal;
import io.timelog.benchmarks.workload.SyntheticEvents;
import io.timelog.benchmarks.workload.TemporaryDirectory;
import io.timelog.benchmarks.workload.Workload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Writes to one kind of state in this JVM and commits it, each time 100 ms after the commit before
 * has ended, as Kafka Streams does.
 *
 * <p>A rehearsal on a state of its own comes first. Then the state is filled with what is retained,
 * as fast as it takes it and for at most {@value #MOST_FILLING_SECONDS} seconds: what it does not
 * hold by then, it holds never, as it cannot keep the pace either. Then it is weighed. In the end
 * some of what was written must be read back as it was.
 */
public final class CommitRun {
  private static final int KEY_BYTES = 8;
  private static final int VALUE_BYTES = 16;
  private static final int DISPLACED_PERCENT = 5;
  private static final long COMMIT_NANOS = 100_000_000;
  private static final int MOST_FILLING_SECONDS = 30;

  /** How long the writer pauses when nothing is due. */
  private static final long PAUSE_NANOS = 10_000_000;

  /** What is due after a pause is one batch, or several that fit into a cache of the processor. */
  private static final long BATCHES_PER_SECOND = 100;

  private static final long LARGEST_BATCH = 1000;

  private static final Duration REHEARSAL = Duration.ofSeconds(8);
  private static final long REHEARSAL_NANOS_PER_MILLI = 400_000;
  private static final long TOUCHED_BYTES_PER_ENTRY = 45;
  private static final long HIGHEST_LATENCY_NANOS = 600_000_000_000L;

  private final StateKind kind;
  private final CommitInput input;
  private final Workload workload;
  private final SyntheticEvents events;
  private final EventBatch batch;
  private final int batchSize;
  private final Histogram commitLatency = new Histogram(HIGHEST_LATENCY_NANOS, 3);
  private CpuTally writer = new CpuTally(0);
  private CpuTally commits = new CpuTally(0);
  private long inputNanos;
  private long written;
  private long evictedBefore;
  private long nextCommit;

  private CommitRun(StateKind kind, CommitInput input) {
    this.kind = kind;
    this.input = input;
    this.workload =
        Workload.stream(input.keys(), VALUE_BYTES, input.retention(), DISPLACED_PERCENT);
    this.events = new SyntheticEvents(workload);
    this.batchSize = (int) Math.min(LARGEST_BATCH, input.perSecond() / BATCHES_PER_SECOND);
    this.batch = new EventBatch(batchSize);
  }

  /** Answers one {@link CommitInput} with a {@link CommitCost}. */
  public static void main(String[] args) {
    ChildJvm.answerFor(args, CommitInput.class, (id, input) -> measure(StateKind.of(id), input));
  }

  /** Weighs the state in a JVM of its own. */
  public static CommitCost inChild(ChildJvm jvm, StateKind kind, CommitInput input) {
    ChildJvm child = kind.isRocksDb() ? jvm : jvm.keepingNativeMemory();
    return child.run(CommitRun.class, kind.id(), input, CommitCost.class);
  }

  /** Weighs the state, in this JVM. */
  public static CommitCost measure(StateKind kind, CommitInput input) {
    Rehearsal.of(
        end -> in(directory -> new CommitRun(kind, input).rehearse(directory, end), kind),
        input.weighedMillis(),
        REHEARSAL_NANOS_PER_MILLI,
        REHEARSAL);
    if (!kind.isRocksDb()) {
      NativeMemory.touch(input.retention() * TOUCHED_BYTES_PER_ENTRY);
    }
    return in(new CommitRun(kind, input)::run, kind);
  }

  private static <R> R in(TemporaryDirectory.Use<R> use, StateKind kind) {
    return TemporaryDirectory.emptied("kind=" + kind.id(), use);
  }

  private DurableState open(Path directory) {
    return kind.open(new StateSettings(directory, input.stores(), input.retention()));
  }

  /** As fast as it goes; returns how many writes that were. */
  private long rehearse(Path directory, long end) {
    try (DurableState state = open(directory)) {
      nextCommit = System.nanoTime();
      do {
        writeBatch(state);
        commitIfDue(state);
      } while (System.nanoTime() - end < 0);
      return written;
    }
  }

  private CommitCost run(Path directory) {
    try (DurableState state = open(directory)) {
      fill(state);
      commit(state);
      CommitCost cost = weigh(state);
      requireWhatWasWritten(state);
      return cost;
    }
  }

  private void fill(DurableState state) {
    long end = System.nanoTime() + Duration.ofSeconds(MOST_FILLING_SECONDS).toNanos();
    nextCommit = System.nanoTime();
    while (written < input.retention() && System.nanoTime() - end < 0) {
      writeBatch(state);
      commitIfDue(state);
    }
  }

  private CommitCost weigh(DurableState state) {
    forgetFilling();
    long first = written;
    FileWrites filesBefore = FileWrites.now();
    long processBefore = CpuClock.processNanos();
    long start = System.nanoTime();
    long end = start + Duration.ofMillis(input.weighedMillis()).toNanos();
    for (long now = start; now - end < 0; now = System.nanoTime()) {
      long due = input.pace().due(now - start, input.perSecond());
      if (written - first + batchSize <= due) {
        writeBatch(state);
      } else {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
      commitIfDue(state);
    }
    commit(state);
    double seconds = (System.nanoTime() - start) / 1e9;
    long process = CpuClock.processNanos() - processBefore - inputNanos;
    long writes = Math.max(1, written - first);
    return new CommitCost(
        kind.id(),
        input,
        writes,
        seconds,
        (double) (writer.nanos() + commits.nanos()) / writes,
        (double) process / writes,
        commits.nanosPerOperation(),
        Percentiles.of(commitLatency),
        FileWrites.now().since(filesBefore),
        writes * (KEY_BYTES + VALUE_BYTES));
  }

  private void forgetFilling() {
    long overhead = CpuClock.overheadNanos();
    writer = new CpuTally(overhead);
    commits = new CpuTally(overhead);
    commitLatency.reset();
    inputNanos = 0;
    nextCommit = System.nanoTime() + COMMIT_NANOS;
  }

  private void writeBatch(DurableState state) {
    long start = CpuClock.threadNanos();
    batch.fill(events, written);
    inputNanos += CpuClock.threadNanos() - start;

    start = CpuClock.threadNanos();
    batch.append(state);
    written += batchSize;
    long cutoff = (written - workload.retention()) / workload.evictEvery() * workload.evictEvery();
    if (cutoff > evictedBefore) {
      state.evictBefore(cutoff);
      evictedBefore = cutoff;
    }
    writer.addSince(start, batchSize);
  }

  private void commitIfDue(DurableState state) {
    if (System.nanoTime() - nextCommit >= 0) {
      commit(state);
      nextCommit = System.nanoTime() + COMMIT_NANOS;
    }
  }

  private void commit(DurableState state) {
    if (kind.commits()) {
      long before = System.nanoTime();
      long start = CpuClock.threadNanos();
      state.commit(written);
      commits.addSince(start, 1);
      commitLatency.recordValue(System.nanoTime() - before);
    }
  }

  private void requireWhatWasWritten(DurableState state) {
    new ReadBack(workload, events, written).requireSame(state);
  }
}
