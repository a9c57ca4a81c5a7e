package io.timelog.flink.internal.host;

import io.timelog.flink.TimerService;
import io.timelog.flink.internal.checkpoint.CheckpointSettings;
import io.timelog.flink.internal.checkpoint.NativeMoment;
import io.timelog.flink.internal.checkpoint.NativeStrategy;
import io.timelog.flink.internal.checkpoint.RestoredSnapshots;
import io.timelog.flink.internal.checkpoint.TransferThreads;
import io.timelog.flink.internal.checkpoint.Upkeep;
import io.timelog.flink.internal.local.LocalDirectories;
import io.timelog.flink.internal.memory.MemorySettings;
import io.timelog.flink.internal.memory.SlotMemory;
import io.timelog.flink.internal.metrics.BackendMetrics;
import io.timelog.flink.internal.metrics.RestoreTimings;
import io.timelog.flink.internal.table.StateTables;
import io.timelog.flink.internal.timer.HeapTimers;
import io.timelog.flink.internal.timer.TableTimers;
import io.timelog.flink.internal.timer.Timers;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.fs.CloseableRegistry;
import org.apache.flink.runtime.memory.OpaqueMemoryResource;
import org.apache.flink.runtime.state.BackendBuildingException;
import org.apache.flink.runtime.state.StateBackend.KeyedStateBackendParameters;
import org.apache.flink.runtime.state.StateSerializerProvider;
import org.apache.flink.runtime.state.StreamCompressionDecorator;
import org.apache.flink.runtime.state.metrics.LatencyTrackingStateConfig;
import org.apache.flink.runtime.state.metrics.SizeTrackingStateConfig;
import org.apache.flink.util.IOUtils;

/** Puts a backend together for a task, and restores it. */
public final class KeyedBackendBuilder {
  private final MemorySettings memorySettings;
  private final LocalDirectories directories;
  private final CheckpointSettings checkpointSettings;
  private final TimerService timerService;
  private final LatencyTrackingStateConfig latencyTracking;
  private final SizeTrackingStateConfig sizeTracking;
  private final StreamCompressionDecorator compression;

  public KeyedBackendBuilder(
      MemorySettings memorySettings,
      LocalDirectories directories,
      CheckpointSettings checkpointSettings,
      TimerService timerService,
      LatencyTrackingStateConfig latencyTracking,
      SizeTrackingStateConfig sizeTracking,
      StreamCompressionDecorator compression) {
    this.memorySettings = memorySettings;
    this.directories = directories;
    this.checkpointSettings = checkpointSettings;
    this.timerService = timerService;
    this.latencyTracking = latencyTracking;
    this.sizeTracking = sizeTracking;
    this.compression = compression;
  }

  /**
   * A backend with what the snapshots of the parameters have for its key groups.
   *
   * @throws BackendBuildingException if there is no memory or no directory, or a snapshot cannot be
   *     restored; then nothing is left behind
   */
  public <K> TimelogKeyedStateBackend<K> build(KeyedStateBackendParameters<K> parameters)
      throws BackendBuildingException {
    BackendResources resources = resources(parameters);
    TransferThreads threads =
        new TransferThreads(
            checkpointSettings.transferThreads(), parameters.getOperatorIdentifier());
    try {
      return restored(task(parameters), parameters, threads, resources);
    } catch (Exception e) {
      threads.close();
      resources.close();
      throw new BackendBuildingException(
          "Keyed state could not be restored: operator="
              + parameters.getOperatorIdentifier()
              + ", keyGroups="
              + parameters.getKeyGroupRange()
              + ", cause="
              + e.getMessage(),
          e);
    }
  }

  private BackendResources resources(KeyedStateBackendParameters<?> parameters)
      throws BackendBuildingException {
    OpaqueMemoryResource<SlotMemory> memory;
    try {
      memory = memorySettings.acquire(parameters.getEnv(), parameters.getManagedMemoryFraction());
    } catch (Exception e) {
      throw new BackendBuildingException(
          "There is no memory for keyed state: operator="
              + parameters.getOperatorIdentifier()
              + ", cause="
              + e.getMessage(),
          e);
    }
    try {
      return new BackendResources(
          directories.create(
              parameters.getEnv().getTaskManagerInfo(),
              parameters.getOperatorIdentifier(),
              memory.getResourceHandle().budget()),
          memory);
    } catch (IOException e) {
      IOUtils.closeQuietly(memory);
      throw new BackendBuildingException(
          "There is no directory for keyed state: operator="
              + parameters.getOperatorIdentifier()
              + ", cause="
              + e.getMessage(),
          e);
    }
  }

  private <K> TimelogKeyedStateBackend<K> restored(
      TaskContext<K> task,
      KeyedStateBackendParameters<K> parameters,
      TransferThreads threads,
      BackendResources resources)
      throws Exception {
    RestoreTimings timings = new RestoreTimings(System::nanoTime);
    RestoredSnapshots<K> restored =
        new SnapshotRestore<>(
                task,
                (StateTables<K> tables) -> timers(task, tables),
                threads,
                parameters.getCancelStreamRegistry(),
                timings)
            .restore(parameters.getStateHandles(), resources.directory());
    try {
      if (!parameters.getStateHandles().isEmpty()) {
        timings.report(parameters.getCustomInitializationMetrics());
      }
      BackendMetrics.register(parameters.getMetricGroup(), restored.states().store());
      return new TimelogKeyedStateBackend<>(
          task,
          restored.states(),
          restored.timers(),
          snapshots(task, parameters, restored, threads),
          resources);
    } catch (Exception | Error e) {
      restored.states().close();
      throw e;
    }
  }

  private <K> Timers timers(TaskContext<K> task, StateTables<K> tables) {
    return switch (timerService) {
      case HEAP -> new HeapTimers(tables, task.keyGroups(), task.numberOfKeyGroups());
      case TIMELOG -> new TableTimers(tables, task.keyGroups(), task.numberOfKeyGroups());
    };
  }

  private <K> NativeStrategy<K> snapshots(
      TaskContext<K> task,
      KeyedStateBackendParameters<K> parameters,
      RestoredSnapshots<K> restored,
      TransferThreads threads) {
    TypeSerializer<K> keySerializer = task.keySerializer().currentSchemaSerializer();
    return new NativeStrategy<>(
        () -> new NativeMoment<>(restored.states(), restored.timers(), keySerializer),
        checkpointSettings.incremental(),
        task.keyGroups(),
        restored.lineage(),
        threads,
        parameters.getEnv().getTaskStateManager().createLocalRecoveryConfig(),
        new Upkeep(
            restored.states().store(), parameters.getEnv().getIOManager().getExecutorService()));
  }

  private <K> TaskContext<K> task(KeyedStateBackendParameters<K> parameters) {
    return new TaskContext<>(
        parameters.getKvStateRegistry(),
        StateSerializerProvider.fromNewRegisteredSerializer(parameters.getKeySerializer()),
        parameters.getKeyGroupRange(),
        parameters.getNumberOfKeyGroups(),
        parameters.getEnv().getUserCodeClassLoader().asClassLoader(),
        parameters.getEnv().getExecutionConfig(),
        parameters.getTtlTimeProvider(),
        latencyTracking,
        sizeTracking,
        new CloseableRegistry(),
        compression);
  }
}
