package io.timelog.benchmarks.flink.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.benchmarks.workload.ChildJvm;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Operators come to the same results: what is compared is the same work. */
final class StreamRunTest {
  @ParameterizedTest
  @EnumSource
  void operators_comeToTheSameResults(StreamShape shape) {
    StreamInput input = new StreamInput(shape, 20_000, 2_000, false);
    StreamCost heap = StreamRun.measure(StreamContender.HEAP, input);

    requireEqual(heap, StreamRun.measure(StreamContender.TIMELOG, input));
    if (shape != StreamShape.INTERVAL_JOIN_AHEAD) {
      requireEqual(heap, StreamRun.inChild(new ChildJvm("256m"), StreamContender.ROCKSDB, input));
    }
  }

  private static void requireEqual(StreamCost expected, StreamCost found) {
    assertThat(found.isOfTheSameWork(expected)).isTrue();
    assertThat(found.results()).isEqualTo(expected.results()).isGreaterThan(2_000);
    assertThat(found.checksum()).isEqualTo(expected.checksum());
  }
}
