package io.timelog.benchmarks.workload;

import io.timelog.benchmarks.engine.EngineKind;
import io.timelog.benchmarks.engine.EngineSettings;
import io.timelog.benchmarks.engine.KeyedEngine;
import java.nio.file.Path;

/** Weighs one engine in this JVM: with its entries, some of which came and went, and without. */
public final class MemoryRun {
  private final EngineKind kind;
  private final Workload workload;
  private final SyntheticEvents events;

  private MemoryRun(EngineKind kind, Workload workload) {
    this.kind = kind;
    this.workload = workload;
    this.events = new SyntheticEvents(workload);
  }

  /** Answers to {@link ChildJvm#run}. */
  public static void main(String[] args) {
    ChildJvm.answer(args, Workload.class, MemoryRun::run);
  }

  /** Runs the workload on a new engine of that kind. */
  public static MemoryResult run(EngineKind kind, Workload workload) {
    return TemporaryDirectory.with(new MemoryRun(kind, workload)::run);
  }

  private MemoryResult run(Path directory) {
    EventBatch batch = new EventBatch(workload.batch());
    MemoryUse empty = MemoryUse.now(directory);
    try (KeyedEngine engine =
        kind.open(new EngineSettings(workload.valueBytes(), workload.retention(), directory))) {
      long cutoff = 0;
      for (long appended = 0; appended < workload.events(); ) {
        batch.fill(events, appended);
        batch.append(engine);
        appended += workload.batch();
        if (appended % workload.evictEvery() == 0 && appended > workload.retention()) {
          cutoff = appended - workload.retention();
          evict(engine, cutoff);
        }
      }
      MemoryUse live = MemoryUse.now(directory).minus(empty);
      long accounted = engine.accountedBytes().orElse(-1);

      evict(engine, workload.events());
      MemoryUse emptied = MemoryUse.now(directory).minus(empty);
      return new MemoryResult(
          kind.id(),
          workload,
          events.countSince(cutoff, workload.events()),
          live,
          accounted,
          emptied,
          engine.accountedBytes().orElse(-1));
    }
  }

  private void evict(KeyedEngine engine, long cutoff) {
    engine.prepareEviction(cutoff, events);
    engine.evictBefore(cutoff);
  }
}
