package io.timelog.flink.conformance;

import io.timelog.flink.TimelogStateBackend;
import java.util.List;
import org.apache.flink.runtime.state.CheckpointStorage;
import org.apache.flink.runtime.state.StateBackendMigrationTestBase;
import org.apache.flink.runtime.state.storage.FileSystemCheckpointStorage;
import org.apache.flink.testutils.junit.extensions.parameterized.ParameterizedTestExtension;
import org.apache.flink.testutils.junit.extensions.parameterized.Parameters;
import org.junit.jupiter.api.extension.ExtendWith;

/** What becomes of state whose serializers have changed. */
@ExtendWith(ParameterizedTestExtension.class)
class MigrationConformanceTest extends StateBackendMigrationTestBase<TimelogStateBackend> {
  @Parameters
  static List<Object[]> once() {
    return List.<Object[]>of(new Object[] {});
  }

  @Override
  protected TimelogStateBackend getStateBackend() {
    return new TimelogStateBackend();
  }

  @Override
  protected CheckpointStorage getCheckpointStorage() {
    return new FileSystemCheckpointStorage(tempFolder.resolve("checkpoints").toUri().toString());
  }
}
