package io.timelog.benchmarks.spill;

import io.timelog.benchmarks.engine.BoundedEngineKind;
import io.timelog.benchmarks.engine.EngineSettings;
import io.timelog.benchmarks.engine.KeyedEngine;
import io.timelog.benchmarks.workload.ChildJvm;
import io.timelog.benchmarks.workload.CpuClock;
import io.timelog.benchmarks.workload.CpuTally;
import io.timelog.benchmarks.workload.EventBatch;
import io.timelog.benchmarks.workload.FileWrites;
import io.timelog.benchmarks.workload.MemoryUse;
import io.timelog.benchmarks.workload.NativeMemory;
import io.timelog.benchmarks.workload.Percentiles;
import io.timelog.benchmarks.workload.Rehearsal;
import io.timelog.benchmarks.workload.SyntheticEvents;
import io.timelog.benchmarks.workload.TemporaryDirectory;
import io.timelog.benchmarks.workload.Workload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import org.HdrHistogram.Histogram;

/**
 * Writes to one engine in this JVM until it retains more than its memory holds, weighs further
 * writes, which evict as much as they bring, and then scans by key.
 *
 * <p>A rehearsal with less memory comes first. Files are in the cache of the operating system, as
 * far as that has room.
 */
public final class SpillRun {
  private static final int DISPLACED_PERCENT = 5;
  private static final int BATCH = 1000;
  private static final Duration REHEARSAL = Duration.ofSeconds(8);
  private static final long REHEARSAL_NANOS_PER_WRITE = 20_000;
  private static final long REHEARSAL_MEMORY_BYTES = 16 << 20;
  private static final long HIGHEST_LATENCY_NANOS = 600_000_000_000L;
  private static final long SEED = 42;

  private final BoundedEngineKind kind;
  private final SpillInput input;
  private final Workload workload;
  private final SyntheticEvents events;
  private final SplittableRandom random = new SplittableRandom(SEED);
  private CpuTally writer = new CpuTally(0);
  private long inputNanos;
  private long written;
  private long evictedBefore;
  private long scans;
  private long checksum;

  private SpillRun(BoundedEngineKind kind, SpillInput input) {
    this.kind = kind;
    this.input = input;
    this.workload =
        Workload.stream(input.keys(), input.valueBytes(), input.retention(), DISPLACED_PERCENT);
    this.events = new SyntheticEvents(workload);
  }

  /** Answers one {@link SpillInput} with a {@link SpillCost}. */
  public static void main(String[] args) {
    ChildJvm.answerFor(
        args, SpillInput.class, (id, input) -> measure(BoundedEngineKind.of(id), input));
  }

  /** Weighs the engine in a JVM of its own. */
  public static SpillCost inChild(ChildJvm jvm, BoundedEngineKind kind, SpillInput input) {
    return kind.needsFlinkRocksDb()
        ? jvm.runOnFlinkRocksDb(SpillRun.class, kind.id(), input, SpillCost.class)
        : child(jvm, kind).run(SpillRun.class, kind.id(), input, SpillCost.class);
  }

  private static ChildJvm child(ChildJvm jvm, BoundedEngineKind kind) {
    return kind.isRocksDb() ? jvm : jvm.keepingNativeMemory();
  }

  /** Weighs the engine, in this JVM. */
  public static SpillCost measure(BoundedEngineKind kind, SpillInput input) {
    Rehearsal.of(
        end -> {
          SpillInput less = input.rehearsal(REHEARSAL_MEMORY_BYTES);
          long seen = in(directory -> new SpillRun(kind, less).cost(directory).checksum(), kind);
          if (seen == 0) {
            throw new IllegalStateException("Nothing was read: engine=" + kind.id());
          }
        },
        input.weighedWrites(),
        REHEARSAL_NANOS_PER_WRITE,
        REHEARSAL);
    if (!kind.isRocksDb()) {
      NativeMemory.touch(input.memoryBytes());
    }
    return in(new SpillRun(kind, input)::cost, kind);
  }

  private static <R> R in(TemporaryDirectory.Use<R> use, BoundedEngineKind kind) {
    return TemporaryDirectory.emptied("engine=" + kind.id(), use);
  }

  private SpillCost cost(Path directory) {
    EngineSettings settings = new EngineSettings(input.valueBytes(), input.retention(), directory);
    try (KeyedEngine engine = kind.open(settings, input.memoryBytes())) {
      writeUntil(engine, input.retention());
      return weigh(engine, directory);
    }
  }

  private SpillCost weigh(KeyedEngine engine, Path directory) {
    writer = new CpuTally(CpuClock.overheadNanos());
    inputNanos = 0;
    long first = written;
    FileWrites filesBefore = FileWrites.now();
    long processBefore = CpuClock.processNanos();
    long start = System.nanoTime();
    writeUntil(engine, first + input.weighedWrites());
    long wall = System.nanoTime() - start - inputNanos;
    long process = CpuClock.processNanos() - processBefore - inputNanos;
    FileWrites files = FileWrites.now().since(filesBefore);
    long writes = written - first;
    ScanCost longScans = scan(engine, input.longScans(), written - evictedBefore);
    ScanCost shortScans = scan(engine, input.shortScans(), input.shortRange());
    return new SpillCost(
        kind.id(),
        input,
        writes,
        wall / 1e9,
        (double) writer.nanos() / writes,
        (double) process / writes,
        files,
        longScans,
        shortScans,
        MemoryUse.lengthOfFiles(directory),
        checksum);
  }

  private void writeUntil(KeyedEngine engine, long end) {
    while (written < end) {
      writeBatch(engine, (int) Math.min(BATCH, end - written));
    }
  }

  private void writeBatch(KeyedEngine engine, int size) {
    EventBatch batch = new EventBatch(size);
    long start = CpuClock.threadNanos();
    batch.fill(events, written);
    inputNanos += CpuClock.threadNanos() - start;

    start = CpuClock.threadNanos();
    batch.append(engine);
    writer.addSince(start, size);
    written += size;
    evict(engine);
  }

  private void evict(KeyedEngine engine) {
    long cutoff = (written - workload.retention()) / workload.evictEvery() * workload.evictEvery();
    if (cutoff <= evictedBefore) {
      return;
    }
    long start = CpuClock.threadNanos();
    engine.prepareEviction(cutoff, events);
    inputNanos += CpuClock.threadNanos() - start;

    start = CpuClock.threadNanos();
    engine.evictBefore(cutoff);
    writer.addSince(start, 0);
    evictedBefore = cutoff;
  }

  /** Of so many ticks, from anywhere in what is retained. */
  private ScanCost scan(KeyedEngine engine, int count, long range) {
    Histogram latency = new Histogram(HIGHEST_LATENCY_NANOS, 3);
    CpuTally cpu = new CpuTally(CpuClock.overheadNanos());
    long entriesBefore = engine.scannedEntries();
    long wall = 0;
    for (int i = 0; i < count; i++) {
      byte[] key = events.scanKey(scans++);
      long start = evictedBefore + random.nextLong(written - evictedBefore - range + 1);
      long cpuBefore = CpuClock.threadNanos();
      long before = System.nanoTime();
      long sum = engine.scan(key, start, start + range);
      long nanos = System.nanoTime() - before;
      cpu.addSince(cpuBefore, 1);
      latency.recordValue(nanos);
      wall += nanos;
      checksum = checksum * 31 + sum;
    }
    return new ScanCost(
        engine.scannedEntries() - entriesBefore, wall, cpu.nanos(), Percentiles.of(latency));
  }
}
