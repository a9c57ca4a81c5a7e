package io.timelog.flink.conformance;

import io.timelog.flink.TimelogStateBackend;
import io.timelog.flink.TimerService;
import io.timelog.flink.fixture.Backends;
import java.util.List;
import org.apache.flink.runtime.state.CheckpointStorage;
import org.apache.flink.runtime.state.StateBackendMigrationTestBase;
import org.apache.flink.runtime.state.storage.FileSystemCheckpointStorage;
import org.apache.flink.testutils.junit.extensions.parameterized.Parameter;
import org.apache.flink.testutils.junit.extensions.parameterized.ParameterizedTestExtension;
import org.apache.flink.testutils.junit.extensions.parameterized.Parameters;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** What becomes of state whose serializers have changed. */
@ExtendWith(ParameterizedTestExtension.class)
@Tag("oldest-flink")
class MigrationConformanceTest extends StateBackendMigrationTestBase<TimelogStateBackend> {
  @Parameter public TimerService timers;

  @Parameters(name = "timers={0}")
  static List<TimerService> timers() {
    return List.of(TimerService.values());
  }

  @Override
  protected TimelogStateBackend getStateBackend() {
    return Backends.with(timers);
  }

  @Override
  protected CheckpointStorage getCheckpointStorage() {
    return new FileSystemCheckpointStorage(tempFolder.resolve("checkpoints").toUri().toString());
  }
}
