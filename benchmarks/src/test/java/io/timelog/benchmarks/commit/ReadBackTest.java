package io.timelog.benchmarks.commit;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.timelog.benchmarks.durable.DurableState;
import io.timelog.benchmarks.durable.StateKind;
import io.timelog.benchmarks.durable.StateSettings;
import io.timelog.benchmarks.workload.SyntheticEvents;
import io.timelog.benchmarks.workload.Workload;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReadBackTest {
  private static final long WRITTEN = 4_000;

  private final Workload workload = Workload.stream(1, 16, WRITTEN, 5);
  private final SyntheticEvents events = new SyntheticEvents(workload);

  @TempDir private Path directory;

  @Test
  void whatIsThere_isTheSame() {
    try (DurableState state = open()) {
      write(state, 0, WRITTEN);

      new ReadBack(workload, events, WRITTEN).requireSame(state);
    }
  }

  @Test
  void whatIsMissing_isNoticed() {
    try (DurableState state = open()) {
      write(state, 0, WRITTEN - 150);
      write(state, WRITTEN - 149, WRITTEN);

      assertThatIllegalStateException()
          .isThrownBy(() -> new ReadBack(workload, events, WRITTEN).requireSame(state));
    }
  }

  private DurableState open() {
    return StateKind.TIMELOG_MEMORY.open(new StateSettings(directory, 1, workload.retention()));
  }

  private void write(DurableState state, long first, long end) {
    for (long number = first; number < end; number++) {
      state.append(events.key(number), events.timestamp(number), events.value(number));
    }
  }
}
