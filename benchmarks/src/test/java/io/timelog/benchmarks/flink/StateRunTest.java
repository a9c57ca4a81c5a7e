package io.timelog.benchmarks.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.benchmarks.workload.ChildJvm;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Backends read the same: what is compared is the same work. */
final class StateRunTest {
  private static final List<Integer> SIZES = List.of(1, 3, 300);
  private static final int ENTRIES = 1_000;

  @ParameterizedTest
  @EnumSource(StateShape.class)
  void allBackendsReadTheSame(StateShape shape) {
    StateInput input = new StateInput(shape, SIZES, ENTRIES, false);
    List<StateCost> heap = StateRun.measure(BackendKind.HEAP, input).costs();

    requireEqual(heap, StateRun.measure(BackendKind.TIMELOG, input).costs());
    requireEqual(heap, StateRun.inChild(new ChildJvm("256m"), BackendKind.ROCKSDB, input).costs());
  }

  private static void requireEqual(List<StateCost> expected, List<StateCost> found) {
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < found.size(); i++) {
      assertThat(found.get(i).isOfTheSameWork(expected.get(i))).isTrue();
      assertThat(found.get(i).checksum())
          .as(found.get(i).toString())
          .isEqualTo(expected.get(i).checksum());
    }
  }
}
