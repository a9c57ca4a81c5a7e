package io.timelog.benchmarks.flink;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
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
import org.apache.flink.runtime.state.AbstractStateBackend;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.KeyedStateBackendParametersImpl;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.runtime.state.internal.InternalKvState;
import org.apache.flink.runtime.state.ttl.TtlTimeProvider;

/** The keyed state of one subtask; keys are longs. For one thread. */
public final class Subtask implements Closeable {
  /** Key groups of each job. */
  public static final int KEY_GROUPS = 128;

  private static final KeyGroupRange ALL_KEY_GROUPS = KeyGroupRange.of(0, KEY_GROUPS - 1);
  private static final long MANAGED_BYTES = 2L << 30;

  private final TaskSurroundings task;
  private final AbstractKeyedStateBackend<Long> backend;

  private Subtask(TaskSurroundings task, AbstractKeyedStateBackend<Long> backend) {
    this.task = task;
    this.backend = backend;
  }

  /** A subtask without state, of all key groups. */
  static Subtask open(BackendKind kind, Path directory) throws Exception {
    return open(kind.backend(directory), directory);
  }

  /** As {@link #open(BackendKind, Path)}, on a backend with settings of its own. */
  public static Subtask open(AbstractStateBackend backend, Path directory) throws Exception {
    return restore(backend, directory, MANAGED_BYTES, ALL_KEY_GROUPS, List.of());
  }

  /**
   * A subtask with what a checkpoint has of its key groups.
   *
   * @param directory for files
   * @param managedBytes of memory, all of them for state
   * @param checkpoint of all subtasks
   */
  public static Subtask restore(
      AbstractStateBackend backend,
      Path directory,
      long managedBytes,
      KeyGroupRange keyGroups,
      List<KeyedStateHandle> checkpoint)
      throws Exception {
    TaskSurroundings task = new TaskSurroundings(directory, managedBytes);
    return new Subtask(
        task,
        backend.createKeyedStateBackend(
            new KeyedStateBackendParametersImpl<>(
                task.environment(),
                new JobID(),
                "benchmark",
                LongSerializer.INSTANCE,
                KEY_GROUPS,
                keyGroups,
                new KvStateRegistry().createTaskRegistry(new JobID(), new JobVertexID()),
                TtlTimeProvider.DEFAULT,
                new UnregisteredMetricsGroup(),
                (name, value) -> {},
                partsOf(checkpoint, keyGroups),
                new CloseableRegistry(),
                1.0)));
  }

  private static List<KeyedStateHandle> partsOf(
      List<KeyedStateHandle> checkpoint, KeyGroupRange keyGroups) {
    return checkpoint.stream()
        .map(handle -> handle.getIntersection(keyGroups))
        .filter(Objects::nonNull)
        .toList();
  }

  /** The backend, for all that is not an access to state. */
  public AbstractKeyedStateBackend<Long> backend() {
    return backend;
  }

  /** Whether a key is in one of the key groups. */
  public boolean has(long key) {
    return backend
        .getKeyGroupRange()
        .contains(KeyGroupRangeAssignment.assignToKeyGroup(key, KEY_GROUPS));
  }

  /** Goes to a key, as for a record. */
  public void at(long key) {
    backend.setCurrentKey(key);
  }

  /** A state without a namespace. */
  @SuppressWarnings("TypeParameterUnusedInFormals")
  public <S extends State> S state(StateDescriptor<S, ?> descriptor) throws Exception {
    return backend.getPartitionedState(
        VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, descriptor);
  }

  /** A state with namespaces, as operators of windows have it. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // as Flink's own
  public <N, S extends State, I extends InternalKvState<Long, N, ?>> I state(
      TypeSerializer<N> namespaces, StateDescriptor<S, ?> descriptor) throws Exception {
    return (I) backend.getOrCreateKeyedState(namespaces, descriptor);
  }

  @Override
  public void close() throws IOException {
    backend.dispose();
    task.close();
  }
}
