package io.timelog.flink.conformance;

import io.timelog.flink.TimelogStateBackend;
import io.timelog.flink.TimerService;
import io.timelog.flink.fixture.Backends;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.runtime.execution.Environment;
import org.apache.flink.runtime.state.AsyncKeyedStateBackend;
import org.apache.flink.runtime.state.CheckpointStorage;
import org.apache.flink.runtime.state.ConfigurableStateBackend;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.storage.JobManagerCheckpointStorage;
import org.apache.flink.runtime.state.v2.StateBackendTestV2Base;
import org.apache.flink.testutils.junit.extensions.parameterized.Parameter;
import org.apache.flink.testutils.junit.extensions.parameterized.ParameterizedTestExtension;
import org.apache.flink.testutils.junit.extensions.parameterized.Parameters;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** What every backend of asynchronous state has to do. */
@ExtendWith(ParameterizedTestExtension.class)
@Tag("oldest-flink")
class AsyncStateConformanceTest extends StateBackendTestV2Base<TimelogStateBackend> {
  @Parameter public TimerService timers;

  @Parameters(name = "timers={0}")
  static List<TimerService> timers() {
    return List.of(TimerService.values());
  }

  @Override
  protected ConfigurableStateBackend getStateBackend() {
    return Backends.with(timers);
  }

  @Override
  protected CheckpointStorage getCheckpointStorage() {
    return new JobManagerCheckpointStorage();
  }

  @Override
  protected <K> AsyncKeyedStateBackend<K> createAsyncKeyedBackend(
      int subtask,
      int parallelism,
      TypeSerializer<K> keySerializer,
      KeyGroupRange keyGroups,
      Environment environment)
      throws Exception {
    return ToldOfKeys.backend(
        super.createAsyncKeyedBackend(subtask, parallelism, keySerializer, keyGroups, environment));
  }

  @Override
  protected <K> AsyncKeyedStateBackend<K> restoreAsyncKeyedBackend(
      int subtask,
      int parallelism,
      TypeSerializer<K> keySerializer,
      KeyGroupRange keyGroups,
      List<KeyedStateHandle> handles,
      Environment environment)
      throws Exception {
    return ToldOfKeys.backend(
        super.restoreAsyncKeyedBackend(
            subtask, parallelism, keySerializer, keyGroups, handles, environment));
  }

  /** Nothing of a job outlives its backends. */
  @Override
  protected void restoreJob() {}
}
