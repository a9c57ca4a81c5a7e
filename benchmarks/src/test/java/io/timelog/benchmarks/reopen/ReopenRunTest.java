package io.timelog.benchmarks.reopen;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.benchmarks.durable.StateKind;
import io.timelog.benchmarks.workload.ChildJvm;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each run fails if something is not there that was committed. */
final class ReopenRunTest {
  private static final StateShape TINY = new StateShape(20, 96, 2_000);

  @ParameterizedTest
  @EnumSource(value = StateKind.class, mode = EnumSource.Mode.EXCLUDE, names = "TIMELOG_MEMORY")
  void whatWasCommittedIsThereAgain(StateKind kind) {
    ReopenCost cost = ReopenRun.measure(ReopenRunTest::take, kind, TINY);

    assertThat(cost.filled().entries()).isEqualTo(TINY.entries());
    assertThat(cost.exported().fileBytes()).isGreaterThan(TINY.bytes());
    assertThat(cost.keptPart() == 1).as(cost.toString()).isEqualTo(kind.keepsCommits());
  }

  /** Only what is killed needs a JVM to itself. */
  private static StepResult take(StateKind kind, StepInput input) throws IOException {
    return input.step() == Step.FILL_AND_LEAVE
        ? StepRun.inChild(new ChildJvm("64m"), kind, input)
        : input.step().take(kind, input);
  }
}
