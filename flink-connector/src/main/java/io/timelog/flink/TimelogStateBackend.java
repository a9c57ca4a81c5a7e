package io.timelog.flink;

import io.timelog.flink.internal.async.AsyncBackend;
import io.timelog.flink.internal.checkpoint.CheckpointSettings;
import io.timelog.flink.internal.host.KeyedBackendBuilder;
import io.timelog.flink.internal.local.LocalDirectories;
import io.timelog.flink.internal.memory.MemorySettings;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.state.AbstractKeyedStateBackend;
import org.apache.flink.runtime.state.AbstractManagedMemoryStateBackend;
import org.apache.flink.runtime.state.AsyncKeyedStateBackend;
import org.apache.flink.runtime.state.BackendBuildingException;
import org.apache.flink.runtime.state.ConfigurableStateBackend;
import org.apache.flink.runtime.state.DefaultOperatorStateBackendBuilder;
import org.apache.flink.runtime.state.OperatorStateBackend;

/**
 * Keeps all keyed state of a job in tables of Timelog, outside the heap, within the managed memory
 * of the slot, and in files of the task manager if it does not fit there. Timers are on the heap or
 * in tables, as {@link TimelogOptions} say; operator state is on the heap, as in Flink's own
 * backends.
 *
 * <p>Made by {@link TimelogStateBackendFactory}, or by hand for tests and the State Processor API.
 */
public final class TimelogStateBackend extends AbstractManagedMemoryStateBackend
    implements ConfigurableStateBackend {
  private static final long serialVersionUID = 1L;

  private MemorySettings memory = new MemorySettings(null);
  private LocalDirectories directories = LocalDirectories.ofTaskManager();
  private CheckpointSettings checkpoints =
      new CheckpointSettings(
          CheckpointingOptions.INCREMENTAL_CHECKPOINTS.defaultValue(),
          TimelogOptions.TRANSFER_THREADS.defaultValue());
  private TimerService timerService = TimelogOptions.TIMER_SERVICE_FACTORY.defaultValue();

  /** A backend with default settings. */
  public TimelogStateBackend() {}

  /**
   * A backend like this one with the settings of a configuration; see {@link TimelogOptions}.
   *
   * @throws IllegalConfigurationException if a setting is out of bounds
   */
  @Override
  public TimelogStateBackend configure(ReadableConfig config, ClassLoader classLoader) {
    TimelogStateBackend configured = new TimelogStateBackend();
    MemorySize fixed = config.get(TimelogOptions.FIXED_MEMORY_PER_SLOT);
    if (fixed != null && fixed.getBytes() <= 0) {
      throw new IllegalConfigurationException(
          TimelogOptions.FIXED_MEMORY_PER_SLOT.key() + " must be positive: value=" + fixed);
    }
    configured.memory = fixed == null ? memory : new MemorySettings(fixed);
    configured.directories = directories(config);
    int threads =
        config.getOptional(TimelogOptions.TRANSFER_THREADS).orElse(checkpoints.transferThreads());
    if (threads <= 0) {
      throw new IllegalConfigurationException(
          TimelogOptions.TRANSFER_THREADS.key() + " must be positive: value=" + threads);
    }
    configured.checkpoints =
        new CheckpointSettings(
            config
                .getOptional(CheckpointingOptions.INCREMENTAL_CHECKPOINTS)
                .orElse(checkpoints.incremental()),
            threads);
    configured.timerService =
        config.getOptional(TimelogOptions.TIMER_SERVICE_FACTORY).orElse(timerService);
    configured.latencyTrackingConfigBuilder = latencyTrackingConfigBuilder.configure(config);
    configured.sizeTrackingConfigBuilder = sizeTrackingConfigBuilder.configure(config);
    return configured;
  }

  private LocalDirectories directories(ReadableConfig config) {
    String paths = config.get(TimelogOptions.LOCAL_DIRECTORIES);
    try {
      return paths == null ? directories : LocalDirectories.parse(paths);
    } catch (IllegalArgumentException e) {
      throw new IllegalConfigurationException(
          TimelogOptions.LOCAL_DIRECTORIES.key() + ": " + e.getMessage() + ", value=" + paths, e);
    }
  }

  @Override
  public boolean useManagedMemory() {
    return memory.fixedPerSlot() == null;
  }

  @Override
  public boolean supportsNoClaimRestoreMode() {
    return true;
  }

  @Override
  public boolean supportsSavepointFormat(SavepointFormatType format) {
    return true;
  }

  @Override
  public <K> AbstractKeyedStateBackend<K> createKeyedStateBackend(
      KeyedStateBackendParameters<K> parameters) throws BackendBuildingException {
    return new KeyedBackendBuilder(
            memory,
            directories,
            checkpoints,
            timerService,
            latencyTrackingConfigBuilder.setMetricGroup(parameters.getMetricGroup()).build(),
            sizeTrackingConfigBuilder.setMetricGroup(parameters.getMetricGroup()).build(),
            getCompressionDecorator(parameters.getEnv().getExecutionConfig()))
        .build(parameters);
  }

  @Override
  public boolean supportsAsyncKeyedStateBackend() {
    return true;
  }

  @Override
  public <K> AsyncKeyedStateBackend<K> createAsyncKeyedStateBackend(
      KeyedStateBackendParameters<K> parameters) throws BackendBuildingException {
    return new AsyncBackend<>(createKeyedStateBackend(parameters));
  }

  @Override
  public OperatorStateBackend createOperatorStateBackend(OperatorStateBackendParameters parameters)
      throws BackendBuildingException {
    return new DefaultOperatorStateBackendBuilder(
            parameters.getEnv().getUserCodeClassLoader().asClassLoader(),
            parameters.getEnv().getExecutionConfig(),
            true,
            parameters.getStateHandles(),
            parameters.getCancelStreamRegistry())
        .build();
  }
}
