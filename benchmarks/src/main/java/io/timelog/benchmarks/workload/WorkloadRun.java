package io.timelog.benchmarks.workload;

import io.timelog.benchmarks.engine.EngineKind;
import io.timelog.benchmarks.engine.EngineSettings;
import io.timelog.benchmarks.engine.KeyedEngine;
import java.nio.file.Path;
import java.time.Duration;
import org.HdrHistogram.Histogram;

/**
 * Runs one workload on one engine in this JVM and weighs it.
 *
 * <p>A rehearsal of a few seconds on an engine of its own comes first. Then time goes batch by
 * batch: a batch of events is made, then appended; some scans follow; at its turn an eviction.
 * Thread CPU is read around the appends, the scans and the eviction of a batch, so the clock costs
 * nothing per operation. One batch in {@value #BATCHES_PER_SAMPLED}, chosen by its number, is left
 * out of that and gives latencies instead.
 */
public final class WorkloadRun {
  private static final int BATCHES_PER_SAMPLED = 4;
  private static final long REHEARSAL_NANOS_PER_EVENT = 2_000;
  private static final Duration REHEARSAL = Duration.ofSeconds(8);
  private static final long TOUCHED_BYTES_PER_EVENT = 200;

  /** More than any engine of this project holds. */
  private static final long MAX_TOUCHED_BYTES = 1L << 30;

  private static final long HIGHEST_LATENCY_NANOS = 600_000_000_000L;

  private final EngineKind kind;
  private final Workload workload;
  private final SyntheticEvents events;
  private long overheadNanos;
  private final Histogram appendLatency = new Histogram(HIGHEST_LATENCY_NANOS, 3);
  private final Histogram scanLatency = new Histogram(HIGHEST_LATENCY_NANOS, 3);
  private final Histogram evictLatency = new Histogram(HIGHEST_LATENCY_NANOS, 3);
  private CpuTally append = new CpuTally(0);
  private CpuTally scan = new CpuTally(0);
  private CpuTally evict = new CpuTally(0);
  private long scannedWhileTallied;
  private long inputCpuNanos;
  private long checksum;
  private long scans;

  private WorkloadRun(EngineKind kind, Workload workload) {
    this.kind = kind;
    this.workload = workload;
    this.events = new SyntheticEvents(workload);
  }

  /** Answers to {@link ChildJvm#run}. */
  public static void main(String[] args) {
    ChildJvm.answer(args, Workload.class, WorkloadRun::run);
  }

  /** Runs the workload in a JVM of its own, which keeps the memory that {@link #run} touches. */
  public static WorkloadResult inChild(ChildJvm jvm, EngineKind kind, Workload workload) {
    ChildJvm child = kind.isRocksDb() ? jvm : jvm.keepingNativeMemory();
    return child.run(WorkloadRun.class, kind, workload, WorkloadResult.class);
  }

  /**
   * Runs the workload on a new engine of that kind, after a rehearsal on another and with memory
   * that was touched before, so that what is weighed is compiled code and neither the compiler nor
   * the operating system.
   */
  public static WorkloadResult run(EngineKind kind, Workload workload) {
    Rehearsal.of(
        end ->
            TemporaryDirectory.with(
                directory -> new WorkloadRun(kind, workload.rehearsal()).rehearse(directory, end)),
        workload.events(),
        REHEARSAL_NANOS_PER_EVENT,
        REHEARSAL);
    if (!kind.isRocksDb()) {
      NativeMemory.touch(Math.min(MAX_TOUCHED_BYTES, workload.events() * TOUCHED_BYTES_PER_EVENT));
    }
    return TemporaryDirectory.with(new WorkloadRun(kind, workload)::run);
  }

  /** As much of the workload as there is time for; returns how many events that was. */
  private long rehearse(Path directory, long end) {
    EventBatch batch = new EventBatch(workload.batch());
    try (KeyedEngine engine = open(directory)) {
      long first = 0;
      while (first < workload.events() && System.nanoTime() - end < 0) {
        step(engine, batch, first);
        first += workload.batch();
      }
      return first;
    }
  }

  private KeyedEngine open(Path directory) {
    return kind.open(new EngineSettings(workload.valueBytes(), workload.retention(), directory));
  }

  private WorkloadResult run(Path directory) {
    EventBatch batch = new EventBatch(workload.batch());
    MemoryUse empty = MemoryUse.now(directory);
    try (KeyedEngine engine = open(directory)) {
      for (long first = 0; first < workload.warmup(); first += workload.batch()) {
        step(engine, batch, first);
      }
      forgetWarmup();

      long startProcess = CpuClock.processNanos();
      long startWall = System.nanoTime();
      for (long first = workload.warmup(); first < workload.events(); first += workload.batch()) {
        step(engine, batch, first);
      }
      long wallNanos = System.nanoTime() - startWall;
      long processNanos = CpuClock.processNanos() - startProcess - inputCpuNanos;

      MemoryUse memory = MemoryUse.now(directory).minus(empty);
      return new WorkloadResult(
          kind.id(),
          workload,
          checksum,
          engine.scannedEntries(),
          append.nanosPerOperation(),
          scan.nanosPerOperation(),
          scannedWhileTallied == 0 ? 0 : (double) scan.nanos() / scannedWhileTallied,
          evict.nanosPerOperation(),
          (double) processNanos / (workload.events() - workload.warmup()),
          wallNanos / 1e9,
          Percentiles.of(appendLatency),
          Percentiles.of(scanLatency),
          Percentiles.of(evictLatency),
          memory,
          engine.accountedBytes().orElse(-1),
          events.countSince(cutoffAt(workload.events()), workload.events()),
          overheadNanos);
    }
  }

  private void step(KeyedEngine engine, EventBatch batch, long first) {
    long start = CpuClock.threadNanos();
    batch.fill(events, first);
    inputCpuNanos += CpuClock.threadNanos() - start;

    long appended = first + workload.batch();
    if (isSampled(first / workload.batch())) {
      batch.append(engine, appendLatency);
      for (int i = 0; i < workload.scansPerBatch(); i++) {
        long before = System.nanoTime();
        scan(engine, appended);
        scanLatency.recordValue(System.nanoTime() - before);
      }
    } else {
      start = CpuClock.threadNanos();
      batch.append(engine);
      append.addSince(start, workload.batch());
      scanAll(engine, appended);
    }
    if (appended % workload.evictEvery() == 0) {
      evict(engine, cutoffAt(appended));
    }
  }

  private void scanAll(KeyedEngine engine, long appended) {
    if (workload.scansPerBatch() == 0) {
      return;
    }
    long scannedBefore = engine.scannedEntries();
    long start = CpuClock.threadNanos();
    for (int i = 0; i < workload.scansPerBatch(); i++) {
      scan(engine, appended);
    }
    scan.addSince(start, workload.scansPerBatch());
    scannedWhileTallied += engine.scannedEntries() - scannedBefore;
  }

  private void scan(KeyedEngine engine, long appended) {
    byte[] key = events.scanKey(scans++);
    long start = Math.max(0, appended - workload.scanRange());
    checksum = checksum * 31 + engine.scan(key, start, appended);
  }

  private void evict(KeyedEngine engine, long cutoff) {
    if (cutoff <= 0) {
      return;
    }
    long start = CpuClock.threadNanos();
    engine.prepareEviction(cutoff, events);
    inputCpuNanos += CpuClock.threadNanos() - start;

    long before = System.nanoTime();
    start = CpuClock.threadNanos();
    engine.evictBefore(cutoff);
    evict.addSince(start, 1);
    evictLatency.recordValue(System.nanoTime() - before);
  }

  private long cutoffAt(long appended) {
    return (appended - workload.retention()) / workload.evictEvery() * workload.evictEvery();
  }

  private void forgetWarmup() {
    overheadNanos = CpuClock.overheadNanos();
    append = new CpuTally(overheadNanos);
    scan = new CpuTally(overheadNanos);
    evict = new CpuTally(overheadNanos);
    appendLatency.reset();
    scanLatency.reset();
    evictLatency.reset();
    scannedWhileTallied = 0;
    inputCpuNanos = 0;
  }

  /** Spreads the sampled batches, so that they do not keep step with evictions. */
  private static boolean isSampled(long batchNumber) {
    return ((batchNumber * 0x9E3779B97F4A7C15L) >>> 40) % BATCHES_PER_SAMPLED == 0;
  }
}
