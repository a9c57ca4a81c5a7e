package io.timelog.flink.model;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.RunnableFuture;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.core.fs.CloseableRegistry;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.checkpoint.SavepointType;
import org.apache.flink.runtime.checkpoint.SnapshotType;
import org.apache.flink.runtime.operators.testutils.MockEnvironment;
import org.apache.flink.runtime.operators.testutils.MockEnvironmentBuilder;
import org.apache.flink.runtime.state.AbstractKeyedStateBackend;
import org.apache.flink.runtime.state.AbstractStateBackend;
import org.apache.flink.runtime.state.CheckpointStorageLocationReference;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.KeyedStateBackendParametersImpl;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.SavepointResources;
import org.apache.flink.runtime.state.SavepointSnapshotStrategy;
import org.apache.flink.runtime.state.SnapshotResult;
import org.apache.flink.runtime.state.SnapshotStrategyRunner;
import org.apache.flink.runtime.state.memory.MemCheckpointStreamFactory;
import org.apache.flink.runtime.state.ttl.TtlTimeProvider;

/** The keyed state of an operator with some parallelism, all subtasks in one thread. */
final class Subtasks implements Closeable {
  private static final int MAX_STATE_BYTES = 64 << 20;

  private final int keyGroups;
  private final MockEnvironment environment = new MockEnvironmentBuilder().build();
  private final List<AbstractKeyedStateBackend<String>> backends = new ArrayList<>();

  Subtasks(
      AbstractStateBackend backend,
      int keyGroups,
      int parallelism,
      List<? extends KeyedStateHandle> restored)
      throws Exception {
    this.keyGroups = keyGroups;
    for (int i = 0; i < parallelism; i++) {
      KeyGroupRange range =
          KeyGroupRangeAssignment.computeKeyGroupRangeForOperatorIndex(keyGroups, parallelism, i);
      backends.add(
          backend.createKeyedStateBackend(
                  new KeyedStateBackendParametersImpl<>(
                      environment,
                      new JobID(),
                      "operator-" + i,
                      StringSerializer.INSTANCE,
                      keyGroups,
                      range,
                      environment.getTaskKvStateRegistry(),
                      TtlTimeProvider.DEFAULT,
                      new UnregisteredMetricsGroup(),
                      (name, value) -> {},
                      partsOf(restored, range),
                      new CloseableRegistry(),
                      1.0 / parallelism)));
    }
  }

  /** What the job manager gives to a subtask. */
  private static List<KeyedStateHandle> partsOf(
      List<? extends KeyedStateHandle> handles, KeyGroupRange range) {
    return handles.stream()
        .map(handle -> handle.getIntersection(range))
        .filter(Objects::nonNull)
        .toList();
  }

  /** The backends, by subtask. */
  List<AbstractKeyedStateBackend<String>> backends() {
    return backends;
  }

  /** The backend that has the key, which is the current one then. */
  AbstractKeyedStateBackend<String> at(String key) {
    int subtask =
        KeyGroupRangeAssignment.assignKeyToParallelOperator(key, keyGroups, backends.size());
    AbstractKeyedStateBackend<String> backend = backends.get(subtask);
    backend.setCurrentKey(key);
    return backend;
  }

  /** A snapshot that was begun, and reads what it has to only when it is asked for its handles. */
  interface Begun {
    List<KeyedStateHandle> finish() throws Exception;
  }

  /** Begins a savepoint in the format that all backends read. */
  Begun savepoint(long id) throws Exception {
    List<RunnableFuture<SnapshotResult<KeyedStateHandle>>> parts = new ArrayList<>();
    for (AbstractKeyedStateBackend<String> backend : backends) {
      SavepointResources<String> resources = backend.savepoint();
      parts.add(
          new SnapshotStrategyRunner<>(
                  "savepoint",
                  new SavepointSnapshotStrategy<>(resources.getSnapshotResources()),
                  new CloseableRegistry(),
                  resources.getPreferredSnapshotExecutionType())
              .snapshot(
                  id,
                  id,
                  new MemCheckpointStreamFactory(MAX_STATE_BYTES),
                  options(SavepointType.savepoint(SavepointFormatType.CANONICAL))));
    }
    return () -> handles(parts);
  }

  /** Begins a checkpoint in the format of the backend. */
  Begun checkpoint(long id) throws Exception {
    List<RunnableFuture<SnapshotResult<KeyedStateHandle>>> parts = new ArrayList<>();
    for (AbstractKeyedStateBackend<String> backend : backends) {
      parts.add(
          backend.snapshot(
              id,
              id,
              new MemCheckpointStreamFactory(MAX_STATE_BYTES),
              CheckpointOptions.forCheckpointWithDefaultLocation()));
    }
    return () -> handles(parts);
  }

  private static CheckpointOptions options(SnapshotType type) {
    return new CheckpointOptions(type, CheckpointStorageLocationReference.getDefault());
  }

  private static List<KeyedStateHandle> handles(
      List<RunnableFuture<SnapshotResult<KeyedStateHandle>>> parts) throws Exception {
    List<KeyedStateHandle> handles = new ArrayList<>();
    for (RunnableFuture<SnapshotResult<KeyedStateHandle>> part : parts) {
      part.run();
      KeyedStateHandle handle = part.get().getJobManagerOwnedSnapshot();
      if (handle != null) {
        handles.add(handle);
      }
    }
    return handles;
  }

  @Override
  public void close() throws IOException {
    for (AbstractKeyedStateBackend<String> backend : backends) {
      backend.close();
      backend.dispose();
    }
    try {
      environment.close();
    } catch (Exception e) {
      throw new IOException(e);
    }
  }
}
