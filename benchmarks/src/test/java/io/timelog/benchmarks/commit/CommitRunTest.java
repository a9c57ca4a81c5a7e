package io.timelog.benchmarks.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.benchmarks.durable.StateKind;
import io.timelog.benchmarks.workload.FileWrites;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each run reads back some of what it wrote, and fails if that is something else. */
final class CommitRunTest {
  @ParameterizedTest
  @EnumSource(StateKind.class)
  void everyKind_takesWritesAndCommits(StateKind kind) {
    CommitInput input = new CommitInput(3, 20, 10_000, Pace.UNBOUND, 400, 200);

    CommitCost cost = CommitRun.measure(kind, input);

    assertThat(cost.writes()).isPositive();
    assertThat(cost.processNanos()).isPositive();
    assertThat(cost.commit().samples() > 0).isEqualTo(kind.commits());
    if (kind.keepsCommits() && FileWrites.now().handedOverBytes() > 0) {
      assertThat(cost.writtenPerByte()).isPositive();
    }
  }

  @Test
  void writesAreNeverAheadOfTheirRate() {
    CommitInput input = new CommitInput(1, 20, 10_000, Pace.AT_RATE, 400, 200);

    CommitCost cost = CommitRun.measure(StateKind.TIMELOG_MEMORY, input);

    assertThat(cost.writesPerSecond()).isPositive().isLessThanOrEqualTo((double) input.perSecond());
  }
}
