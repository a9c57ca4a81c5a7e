package io.timelog.benchmarks.spill;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.benchmarks.engine.BoundedEngineKind;
import io.timelog.benchmarks.workload.ChildJvm;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SpillRunTest {
  private static final SpillInput TINY = new SpillInput(16_000_000, 1.5, 20, 96, 20, 40);

  @Test
  void everyEngine_readsTheSameEntries_ofStateLargerThanItsMemory() {
    List<SpillCost> costs = new ArrayList<>();
    for (BoundedEngineKind kind : BoundedEngineKind.values()) {
      costs.add(measure(kind));
    }

    assertThat(costs)
        .allSatisfy(
            cost -> {
              assertThat(cost.checksum()).isEqualTo(costs.get(0).checksum());
              assertThat(cost.longScans().entries())
                  .isBetween(TINY.retention() * 9 / 10, TINY.retention() * 11 / 10);
              assertThat(cost.shortScans().entries()).isPositive();
              assertThat(cost.shortScans().latency().samples()).isEqualTo(40);
              assertThat(cost.writes()).isEqualTo(TINY.weighedWrites());
              assertThat(cost.processNanos()).isPositive();
              assertThat(cost.fileBytes()).isGreaterThan(TINY.memoryBytes() / 8);
            });
  }

  /** Flink's build of RocksDB cannot be loaded where that of Kafka Streams is. */
  private static SpillCost measure(BoundedEngineKind kind) {
    return kind.needsFlinkRocksDb()
        ? SpillRun.inChild(new ChildJvm("64m"), kind, TINY)
        : SpillRun.measure(kind, TINY);
  }
}
