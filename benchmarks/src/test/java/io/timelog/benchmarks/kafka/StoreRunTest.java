package io.timelog.benchmarks.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Stores of one shape find the same rows: what is compared is the same work. */
class StoreRunTest {
  private static final StoreInput INPUT = new StoreInput(2_000, 20, 600_000);

  @ParameterizedTest
  @EnumSource(StoreKind.Shape.class)
  void allStoresFindTheSame(StoreKind.Shape shape) {
    Map<String, Double> expected = new TreeMap<>();
    for (StoreKind kind : kinds(shape)) {
      for (StoreCost cost : StoreRun.measure(kind, INPUT, INPUT.rows())) {
        double first = expected.computeIfAbsent(cost.operation(), o -> cost.rowsPerOperation());
        assertThat(cost.rowsPerOperation()).as(kind + ", " + cost.operation()).isEqualTo(first);
      }
    }
    assertThat(expected).isNotEmpty();
  }

  private static StoreKind[] kinds(StoreKind.Shape shape) {
    return Arrays.stream(StoreKind.values())
        .filter(kind -> kind.shape() == shape)
        .toArray(StoreKind[]::new);
  }
}
