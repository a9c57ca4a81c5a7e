package io.timelog.flink.conformance;

import io.timelog.flink.TimerService;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.state.AbstractStateBackend;
import org.apache.flink.runtime.state.CheckpointStorage;
import org.apache.flink.runtime.state.ConfigurableStateBackend;
import org.apache.flink.runtime.state.StateBackendTestBase;
import org.apache.flink.runtime.state.storage.FileSystemCheckpointStorage;
import org.apache.flink.runtime.state.storage.JobManagerCheckpointStorage;
import org.apache.flink.testutils.junit.extensions.parameterized.Parameter;
import org.apache.flink.testutils.junit.extensions.parameterized.ParameterizedTestExtension;
import org.apache.flink.testutils.junit.extensions.parameterized.Parameters;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What every keyed state backend of Flink has to do. */
@ExtendWith(ParameterizedTestExtension.class)
@Tag("oldest-flink")
class StateBackendConformanceTest extends StateBackendTestBase<AbstractStateBackend> {
  @TempDir Path folder;

  @Parameter public Snapshots snapshots;

  @Parameter(1)
  public Variant variant;

  enum Variant {
    CHECKPOINTS_AT_JOB_MANAGER,
    CHECKPOINTS_IN_FILES,
    TIMERS_IN_TABLES
  }

  @Parameters(name = "snapshots={0}, {1}")
  static List<Object[]> combinations() {
    List<Object[]> combinations = new ArrayList<>();
    for (Snapshots snapshots : Snapshots.values()) {
      for (Variant variant : Variant.values()) {
        combinations.add(new Object[] {snapshots, variant});
      }
    }
    return combinations;
  }

  @Override
  protected ConfigurableStateBackend getStateBackend() {
    return (ConfigurableStateBackend)
        snapshots.backend(
            variant == Variant.TIMERS_IN_TABLES ? TimerService.TIMELOG : TimerService.HEAP);
  }

  @Override
  protected CheckpointStorage getCheckpointStorage() {
    return variant == Variant.CHECKPOINTS_AT_JOB_MANAGER
        ? new JobManagerCheckpointStorage()
        : new FileSystemCheckpointStorage(folder.toUri().toString());
  }

  @Override
  protected boolean supportsAsynchronousSnapshots() {
    return true;
  }

  /** How a state is laid out is read from its serializers, so they must be there. */
  @Override
  protected boolean isSerializerPresenceRequiredOnRestore() {
    return true;
  }
}
