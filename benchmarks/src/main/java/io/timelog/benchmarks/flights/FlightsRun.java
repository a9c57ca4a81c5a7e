package io.timelog.benchmarks.flights;

import io.timelog.benchmarks.engine.EngineKind;
import io.timelog.benchmarks.engine.EngineSettings;
import io.timelog.benchmarks.engine.KeyedEngine;
import io.timelog.benchmarks.workload.ChildJvm;
import io.timelog.benchmarks.workload.CpuClock;
import io.timelog.benchmarks.workload.CpuTally;
import io.timelog.benchmarks.workload.EventBatch;
import io.timelog.benchmarks.workload.TemporaryDirectory;
import java.nio.file.Path;

/**
 * Feeds flights to one engine in this JVM: appends, every thousand of them a scan over the last day
 * of one airport, every ten thousand an eviction of what is older than three days.
 */
public final class FlightsRun {
  private static final int BATCH = 1_000;
  private static final int EVICT_EVERY = Flights.MULTIPLE;
  private static final long DAY = 24L * 60 * 60 * 1000;
  private static final long RETENTION = 3 * DAY;
  private static final int VALUE_BYTES = 16;

  private final EngineKind kind;
  private final Input input;
  private final Flights flights;
  private CpuTally append = new CpuTally(0);
  private CpuTally scan = new CpuTally(0);
  private CpuTally evict = new CpuTally(0);
  private long scannedBefore;
  private long inputCpuNanos;
  private long newest = Long.MIN_VALUE;
  private long outOfOrder;
  private long checksum;

  /**
   * What to run.
   *
   * @param file gzipped CSV, see {@link Flights}
   * @param arrival the order
   * @param events how many at least; the first fifth is warm-up
   */
  public record Input(String file, Arrival arrival, long events) {}

  private FlightsRun(EngineKind kind, Input input) {
    this.kind = kind;
    this.input = input;
    this.flights = Flights.read(Path.of(input.file()), input.arrival(), input.events());
  }

  /** Answers to {@link ChildJvm#run}. */
  public static void main(String[] args) {
    ChildJvm.answer(args, Input.class, FlightsRun::run);
  }

  /** Feeds the flights to a new engine of that kind. */
  public static FlightsResult run(EngineKind kind, Input input) {
    return TemporaryDirectory.with(new FlightsRun(kind, input)::run);
  }

  private FlightsResult run(Path directory) {
    EventBatch batch = new EventBatch(BATCH);
    long events = flights.events();
    long warmup = events / 5 / EVICT_EVERY * EVICT_EVERY;
    try (KeyedEngine engine = kind.open(new EngineSettings(VALUE_BYTES, RETENTION, directory))) {
      long appended = 0;
      for (; appended < warmup; appended += BATCH) {
        step(engine, batch, appended);
      }
      forgetWarmup(engine);

      long startProcess = CpuClock.processNanos();
      for (; appended < events; appended += BATCH) {
        step(engine, batch, appended);
      }
      long processNanos = CpuClock.processNanos() - startProcess - inputCpuNanos;
      long scanned = engine.scannedEntries() - scannedBefore;
      return new FlightsResult(
          kind.id(),
          input.arrival(),
          events,
          100.0 * outOfOrder / events,
          append.nanosPerOperation(),
          (double) scan.nanos() / Math.max(1, scanned),
          evict.nanosPerOperation(),
          (double) processNanos / (events - warmup),
          checksum,
          checksumOfAll(engine));
    }
  }

  private void step(KeyedEngine engine, EventBatch batch, long first) {
    long start = CpuClock.threadNanos();
    batch.fill(flights, first);
    for (long number = first; number < first + BATCH; number++) {
      long timestamp = flights.timestamp(number);
      if (timestamp < newest) {
        outOfOrder++;
      }
      newest = Math.max(newest, timestamp);
    }
    inputCpuNanos += CpuClock.threadNanos() - start;

    start = CpuClock.threadNanos();
    batch.append(engine);
    append.addSince(start, BATCH);

    byte[] key = flights.key(first);
    start = CpuClock.threadNanos();
    checksum = checksum * 31 + engine.scan(key, newest - DAY, newest + 1);
    scan.addSince(start, 1);

    if ((first + BATCH) % EVICT_EVERY == 0) {
      start = CpuClock.threadNanos();
      engine.prepareEviction(newest - RETENTION, flights);
      inputCpuNanos += CpuClock.threadNanos() - start;
      start = CpuClock.threadNanos();
      engine.evictBefore(newest - RETENTION);
      evict.addSince(start, 1);
    }
  }

  private long checksumOfAll(KeyedEngine engine) {
    long sum = 0;
    for (byte[] key : flights.keys()) {
      sum = sum * 31 + engine.scan(key, newest - RETENTION, newest + 1);
    }
    return sum;
  }

  private void forgetWarmup(KeyedEngine engine) {
    long overheadNanos = CpuClock.overheadNanos();
    append = new CpuTally(overheadNanos);
    scan = new CpuTally(overheadNanos);
    evict = new CpuTally(overheadNanos);
    scannedBefore = engine.scannedEntries();
    inputCpuNanos = 0;
  }
}
