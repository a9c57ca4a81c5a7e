package io.timelog.flink.conformance;

import io.timelog.flink.TimerService;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.state.AbstractStateBackend;
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
class MigrationConformanceTest extends StateBackendMigrationTestBase<AbstractStateBackend> {
  @Parameter public Snapshots snapshots;

  @Parameter(1)
  public TimerService timers;

  @Parameters(name = "snapshots={0}, timers={1}")
  static List<Object[]> combinations() {
    List<Object[]> combinations = new ArrayList<>();
    for (Snapshots snapshots : Snapshots.values()) {
      for (TimerService timers : TimerService.values()) {
        combinations.add(new Object[] {snapshots, timers});
      }
    }
    return combinations;
  }

  @Override
  protected AbstractStateBackend getStateBackend() {
    return snapshots.backend(timers);
  }

  @Override
  protected CheckpointStorage getCheckpointStorage() {
    return new FileSystemCheckpointStorage(tempFolder.resolve("checkpoints").toUri().toString());
  }
}
