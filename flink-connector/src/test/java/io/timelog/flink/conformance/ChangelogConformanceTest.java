package io.timelog.flink.conformance;

import io.timelog.flink.TimelogStateBackend;
import io.timelog.flink.TimerService;
import io.timelog.flink.fixture.Backends;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateChangelogOptions;
import org.apache.flink.runtime.state.CheckpointStorage;
import org.apache.flink.runtime.state.ConfigurableStateBackend;
import org.apache.flink.runtime.state.StateBackendLoader;
import org.apache.flink.runtime.state.StateBackendTestBase;
import org.apache.flink.runtime.state.TestTaskStateManager;
import org.apache.flink.runtime.state.changelog.inmemory.InMemoryStateChangelogStorage;
import org.apache.flink.runtime.state.storage.JobManagerCheckpointStorage;
import org.apache.flink.testutils.junit.extensions.parameterized.Parameter;
import org.apache.flink.testutils.junit.extensions.parameterized.ParameterizedTestExtension;
import org.apache.flink.testutils.junit.extensions.parameterized.Parameters;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;

/** What every keyed state backend has to do, with Flink's changelog on top of this one. */
@ExtendWith(ParameterizedTestExtension.class)
@Excluded(
    test = "testMapStateWithNullValue",
    because =
        "Flink's changelog serializes values of maps that are null, whatever the backend does")
@Tag("oldest-flink")
class ChangelogConformanceTest extends StateBackendTestBase<TimelogStateBackend> {
  @Parameter public TimerService timers;

  @Parameters(name = "timers={0}")
  static List<TimerService> timers() {
    return List.of(TimerService.values());
  }

  @Override
  protected ConfigurableStateBackend getStateBackend() throws Exception {
    Configuration configuration = new Configuration();
    configuration.set(StateChangelogOptions.ENABLE_STATE_CHANGE_LOG, true);
    return (ConfigurableStateBackend)
        StateBackendLoader.fromApplicationOrConfigOrDefault(
            Backends.with(timers),
            configuration,
            configuration,
            getClass().getClassLoader(),
            LoggerFactory.getLogger(getClass()));
  }

  @Override
  protected CheckpointStorage getCheckpointStorage() {
    return new JobManagerCheckpointStorage();
  }

  @Override
  protected TestTaskStateManager getTestTaskStateManager() {
    return TestTaskStateManager.builder()
        .setStateChangelogStorage(new InMemoryStateChangelogStorage())
        .build();
  }

  @Override
  protected boolean supportsAsynchronousSnapshots() {
    return true;
  }

  @Override
  protected boolean isSerializerPresenceRequiredOnRestore() {
    return true;
  }

  /** A checkpoint is in the changelog, and not in a stream of the backend. */
  @Override
  protected boolean snapshotUsesStreamFactory() {
    return false;
  }

  /** The changelog is read back before the job has said what it wants. */
  @Override
  protected boolean supportsMetaInfoVerification() {
    return false;
  }
}
