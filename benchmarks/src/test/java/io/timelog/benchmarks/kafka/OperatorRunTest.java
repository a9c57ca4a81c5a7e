package io.timelog.benchmarks.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An operator gives the same results on all stores, the floor among them. */
class OperatorRunTest {
  @ParameterizedTest
  @EnumSource(OperatorKind.class)
  void allStoresGiveTheSameResults(OperatorKind operator) {
    OperatorInput input = new OperatorInput(operator, 2_000, 20, 60_000);
    List<Long> results =
        List.of("floor", "rocksdb", "in-memory", "timelog").stream()
            .map(stores -> OperatorRun.measure(stores, input).results())
            .distinct()
            .toList();

    assertThat(results).hasSize(1).first().isNotEqualTo(0L);
  }
}
