package io.timelog.benchmarks.flink.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.benchmarks.flink.BackendKind;
import io.timelog.benchmarks.workload.ChildJvm;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Backends store and restore the same: what is compared is the same work. */
final class CheckpointRunTest {
  private static final int ENTRIES = 2_000;

  @ParameterizedTest
  @EnumSource(CheckpointShape.class)
  void allBackendsRestoreTheSame(CheckpointShape shape) {
    CheckpointInput input = new CheckpointInput(shape, ENTRIES, false);
    CheckpointCost heap = CheckpointRun.measure(BackendKind.HEAP, input);

    requireEqual(heap, CheckpointRun.measure(BackendKind.TIMELOG, input));
    requireEqual(heap, CheckpointRun.inChild(new ChildJvm("256m"), BackendKind.ROCKSDB, input));
  }

  private static void requireEqual(CheckpointCost expected, CheckpointCost found) {
    assertThat(found.isOfTheSameWork(expected)).isTrue();
    assertThat(found.checksum()).as(found.toString()).isEqualTo(expected.checksum());
  }
}
