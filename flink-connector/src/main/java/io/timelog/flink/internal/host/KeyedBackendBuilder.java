package io.timelog.flink.internal.host;

import io.timelog.BusyPolicy;
import io.timelog.Maintenance;
import io.timelog.TimelogStore;
import io.timelog.flink.TimerService;
import io.timelog.flink.internal.key.CompositeKeyFormat;
import io.timelog.flink.internal.memory.MemorySettings;
import io.timelog.flink.internal.memory.SlotMemory;
import io.timelog.flink.internal.metrics.BackendMetrics;
import io.timelog.flink.internal.snapshot.CanonicalRestore;
import io.timelog.flink.internal.table.StateTables;
import io.timelog.flink.internal.timer.HeapTimers;
import io.timelog.flink.internal.timer.TableTimers;
import io.timelog.flink.internal.timer.Timers;
import java.util.concurrent.TimeUnit;
import org.apache.flink.core.fs.CloseableRegistry;
import org.apache.flink.runtime.memory.OpaqueMemoryResource;
import org.apache.flink.runtime.metrics.MetricNames;
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
  private final TimerService timerService;
  private final LatencyTrackingStateConfig latencyTracking;
  private final SizeTrackingStateConfig sizeTracking;
  private final StreamCompressionDecorator compression;

  public KeyedBackendBuilder(
      MemorySettings memorySettings,
      TimerService timerService,
      LatencyTrackingStateConfig latencyTracking,
      SizeTrackingStateConfig sizeTracking,
      StreamCompressionDecorator compression) {
    this.memorySettings = memorySettings;
    this.timerService = timerService;
    this.latencyTracking = latencyTracking;
    this.sizeTracking = sizeTracking;
    this.compression = compression;
  }

  /**
   * A backend with what the snapshots of the parameters have for its key groups.
   *
   * @throws BackendBuildingException if there is no memory, or a snapshot cannot be restored; then
   *     nothing is left behind
   */
  public <K> TimelogKeyedStateBackend<K> build(KeyedStateBackendParameters<K> parameters)
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
    TaskContext<K> task = task(parameters);
    StateTables<K> tables = tables(task, parameters.getOperatorIdentifier(), memory);
    long start = System.nanoTime();
    try {
      Timers timers = timers(task, tables);
      new CanonicalRestore<>(
              tables, timers, task.keyGroups(), task.keySerializer(), task.userCode())
          .restore(parameters.getStateHandles(), parameters.getCancelStreamRegistry());
      parameters
          .getCustomInitializationMetrics()
          .addMetric(
              MetricNames.RESTORE_STATE_DURATION,
              TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
      BackendMetrics.register(parameters.getMetricGroup(), tables.store());
      return new TimelogKeyedStateBackend<>(task, tables, timers, memory);
    } catch (Exception e) {
      tables.close();
      IOUtils.closeQuietly(memory);
      throw new BackendBuildingException(
          "Keyed state could not be restored: operator="
              + parameters.getOperatorIdentifier()
              + ", keyGroups="
              + task.keyGroups()
              + ", cause="
              + e.getMessage(),
          e);
    }
  }

  private <K> Timers timers(TaskContext<K> task, StateTables<K> tables) {
    return switch (timerService) {
      case HEAP -> new HeapTimers(tables, task.keyGroups(), task.numberOfKeyGroups());
      case TIMELOG -> new TableTimers(tables, task.keyGroups(), task.numberOfKeyGroups());
    };
  }

  private static <K> StateTables<K> tables(
      TaskContext<K> task, String operator, OpaqueMemoryResource<SlotMemory> memory) {
    TimelogStore store =
        TimelogStore.builder()
            .name(operator)
            .memoryBudget(memory.getResourceHandle().budget())
            .maintenance(Maintenance.DISABLED)
            .busyPolicy(BusyPolicy.FLUSH)
            .build();
    return new StateTables<>(
        store,
        task.keySerializer(),
        CompositeKeyFormat.keyGroups(task.numberOfKeyGroups()),
        task.ttlTime());
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
