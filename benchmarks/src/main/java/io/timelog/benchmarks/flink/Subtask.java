package io.timelog.benchmarks.flink;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.state.State;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.core.fs.CloseableRegistry;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.runtime.jobgraph.JobVertexID;
import org.apache.flink.runtime.query.KvStateRegistry;
import org.apache.flink.runtime.state.AbstractKeyedStateBackend;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyedStateBackendParametersImpl;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.runtime.state.internal.InternalKvState;
import org.apache.flink.runtime.state.ttl.TtlTimeProvider;

/** The keyed state of one subtask, of all key groups; keys are longs. For one thread. */
final class Subtask implements Closeable {
  private static final int KEY_GROUPS = 128;
  private static final long MANAGED_BYTES = 2L << 30;

  private final TaskSurroundings task;
  private final AbstractKeyedStateBackend<Long> backend;

  private Subtask(TaskSurroundings task, AbstractKeyedStateBackend<Long> backend) {
    this.task = task;
    this.backend = backend;
  }

  /** A subtask without state. */
  static Subtask open(BackendKind kind, Path directory) throws Exception {
    TaskSurroundings task = new TaskSurroundings(directory, MANAGED_BYTES);
    return new Subtask(
        task,
        kind.backend(directory)
            .createKeyedStateBackend(
                new KeyedStateBackendParametersImpl<>(
                    task.environment(),
                    new JobID(),
                    "benchmark",
                    LongSerializer.INSTANCE,
                    KEY_GROUPS,
                    KeyGroupRange.of(0, KEY_GROUPS - 1),
                    new KvStateRegistry().createTaskRegistry(new JobID(), new JobVertexID()),
                    TtlTimeProvider.DEFAULT,
                    new UnregisteredMetricsGroup(),
                    (name, value) -> {},
                    List.of(),
                    new CloseableRegistry(),
                    1.0)));
  }

  /** Goes to a key, as for a record. */
  void at(long key) {
    backend.setCurrentKey(key);
  }

  /** A state without a namespace. */
  @SuppressWarnings("TypeParameterUnusedInFormals")
  <S extends State> S state(StateDescriptor<S, ?> descriptor) throws Exception {
    return backend.getPartitionedState(
        VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, descriptor);
  }

  /** A state with namespaces, as operators of windows have it. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // as Flink's own
  <N, S extends State, I extends InternalKvState<Long, N, ?>> I state(
      TypeSerializer<N> namespaces, StateDescriptor<S, ?> descriptor) throws Exception {
    return (I) backend.getOrCreateKeyedState(namespaces, descriptor);
  }

  @Override
  public void close() throws IOException {
    backend.dispose();
    task.close();
  }
}
