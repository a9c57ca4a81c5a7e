package io.timelog.benchmarks.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.benchmarks.engine.EngineKind;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class WorkloadRunTest {
  private static final Workload TINY =
      new Workload(20, 16, 20_000, 5_000, 100, 5, 200, 4_000, 500, 2, 4_000, 42);

  @Test
  void everyEngine_readsTheSameEntries() {
    Map<EngineKind, WorkloadResult> results = new EnumMap<>(EngineKind.class);
    for (EngineKind kind : EngineKind.values()) {
      results.put(kind, run(kind, TINY));
    }

    WorkloadResult expected = results.get(EngineKind.TREE_MAP);
    assertThat(expected.scannedEntries()).isGreaterThan(50_000);
    assertThat(results)
        .allSatisfy(
            (kind, result) -> {
              assertThat(result.checksum()).as(kind.id()).isEqualTo(expected.checksum());
              assertThat(result.scannedEntries()).isEqualTo(expected.scannedEntries());
            });
  }

  @Test
  void result_hasAFigureForEveryCost() {
    WorkloadResult result = run(EngineKind.SKIP_LIST, TINY);

    assertThat(result.appendCpuNanos()).isPositive();
    assertThat(result.scanCpuNanos()).isPositive();
    assertThat(result.evictCpuNanos()).isPositive();
    assertThat(result.processCpuNanos()).isPositive();
    assertThat(result.append().samples()).isBetween(2_000L, 6_000L);
    assertThat(result.evict().samples()).isEqualTo(30);
    assertThat(result.liveEntries()).isBetween(4_000L - 200, 4_000L);
  }

  @Test
  void memory_isWeighedWithTheEntriesAndWithoutThem() {
    MemoryResult result = MemoryRun.run(EngineKind.TREE_MAP, Workload.memory(100, 40_000));

    assertThat(result.live().heapBytes() / result.liveEntries()).isBetween(100L, 250L);
    assertThat(result.emptied().heapBytes()).isLessThan(result.live().heapBytes() / 2);
  }

  /** Flink's build of RocksDB cannot be loaded where that of Kafka Streams is. */
  private static WorkloadResult run(EngineKind kind, Workload workload) {
    return kind.needsFlinkRocksDb()
        ? new ChildJvm("64m").run(WorkloadRun.class, kind, workload, WorkloadResult.class)
        : WorkloadRun.run(kind, workload);
  }
}
