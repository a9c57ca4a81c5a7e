package io.timelog.benchmarks.churn;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.benchmarks.workload.ChildJvm;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Engines read the same and end with the same entries: what is compared is the same work. */
final class ChurnRunTest {
  private static final ChurnInput TINY =
      new ChurnInput(Arrays.asList(ChurnPattern.values()), 0, false);

  @Test
  void allEnginesReadTheSameAndHoldTheSame() {
    ChildJvm jvm = new ChildJvm("64m");
    Map<String, Long> expected = new TreeMap<>();
    for (ChurnEngineKind kind : List.of(ChurnEngineKind.TREE_MAP, ChurnEngineKind.TIMELOG)) {
      requireEqual(expected, ChurnRun.measure(kind, TINY));
    }
    requireEqual(expected, ChurnRun.inChild(jvm, ChurnEngineKind.ROCKSDB, TINY));

    assertThat(expected).hasSize(4 * ChurnPattern.values().length);
  }

  private static void requireEqual(Map<String, Long> expected, ChurnCosts costs) {
    for (ChurnCost cost : costs.costs()) {
      String work = cost.pattern() + ", size=" + cost.size();
      assertThat(cost.checksum())
          .as(cost.engine() + ", " + work)
          .isEqualTo(expected.computeIfAbsent(work, unused -> cost.checksum()));
      assertThat(cost.didAll()).as(cost.engine() + ", " + work).isTrue();
    }
  }
}
