package io.timelog.flink.internal.async;

import java.io.IOException;
import java.util.concurrent.RunnableFuture;
import org.apache.flink.api.common.state.v2.State;
import org.apache.flink.api.common.state.v2.StateDescriptor;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.runtime.asyncprocessing.RecordContext;
import org.apache.flink.runtime.asyncprocessing.StateExecutor;
import org.apache.flink.runtime.asyncprocessing.StateRequestHandler;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.checkpoint.SnapshotType;
import org.apache.flink.runtime.state.AbstractKeyedStateBackend;
import org.apache.flink.runtime.state.AsyncKeyedStateBackend;
import org.apache.flink.runtime.state.CheckpointStreamFactory;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupedInternalPriorityQueue;
import org.apache.flink.runtime.state.Keyed;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.PriorityComparable;
import org.apache.flink.runtime.state.SnapshotResult;
import org.apache.flink.runtime.state.heap.HeapPriorityQueueElement;
import org.apache.flink.runtime.state.v2.internal.InternalKeyedState;
import org.jspecify.annotations.Nullable;

/**
 * Flink's asynchronous state over a backend of synchronous state: the same states, under the same
 * names, with their time to live. An access is done at once, on the task's thread, and its future
 * is complete when the job gets it, since memory is not waited for.
 *
 * @param <K> type of the keys
 */
public final class AsyncBackend<K> implements AsyncKeyedStateBackend<K> {
  private final AbstractKeyedStateBackend<K> states;

  /** Over a backend that is closed and disposed of with this one. */
  public AsyncBackend(AbstractKeyedStateBackend<K> states) {
    this.states = states;
  }

  /** {@inheritDoc} No state hands its accesses to the controller. */
  @Override
  public void setup(StateRequestHandler handler) {}

  @Override
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // Flink's signature
  public <N, S extends State, V> S getOrCreateKeyedState(
      N namespace, TypeSerializer<N> namespaceSerializer, StateDescriptor<V> descriptor)
      throws Exception {
    return (S) AsyncStates.create(states, namespace, namespaceSerializer, descriptor);
  }

  @Override
  @SuppressWarnings({"unchecked", "rawtypes", "TypeParameterUnusedInFormals"}) // Flink's signature
  public <N, S extends InternalKeyedState, V> S createStateInternal(
      N namespace, TypeSerializer<N> namespaceSerializer, StateDescriptor<V> descriptor)
      throws Exception {
    return (S) AsyncStates.create(states, namespace, namespaceSerializer, descriptor);
  }

  @Override
  public StateExecutor createStateExecutor() {
    return new IdleExecutor();
  }

  @Override
  public KeyGroupRange getKeyGroupRange() {
    return states.getKeyGroupRange();
  }

  @Override
  public void switchContext(@Nullable RecordContext<K> context) {
    if (context != null) {
      states.setCurrentKeyAndKeyGroup(context.getKey(), context.getKeyGroup());
    }
  }

  @Override
  public <T extends HeapPriorityQueueElement & PriorityComparable<? super T> & Keyed<?>>
      KeyGroupedInternalPriorityQueue<T> create(String name, TypeSerializer<T> serializer) {
    return states.create(name, serializer);
  }

  @Override
  public <T extends HeapPriorityQueueElement & PriorityComparable<? super T> & Keyed<?>>
      KeyGroupedInternalPriorityQueue<T> create(
          String name, TypeSerializer<T> serializer, boolean allowFutureMetadataUpdates) {
    return states.create(name, serializer, allowFutureMetadataUpdates);
  }

  @Override
  public boolean requiresLegacySynchronousTimerSnapshots(SnapshotType type) {
    return states.requiresLegacySynchronousTimerSnapshots(type);
  }

  @Override
  public boolean isSafeToReuseKVState() {
    return states.isSafeToReuseKVState();
  }

  @Override
  public String getBackendTypeIdentifier() {
    return states.getBackendTypeIdentifier();
  }

  @Override
  public RunnableFuture<SnapshotResult<KeyedStateHandle>> snapshot(
      long checkpointId,
      long timestamp,
      CheckpointStreamFactory streamFactory,
      CheckpointOptions options)
      throws Exception {
    return states.snapshot(checkpointId, timestamp, streamFactory, options);
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) throws Exception {
    states.notifyCheckpointComplete(checkpointId);
  }

  @Override
  public void notifyCheckpointAborted(long checkpointId) throws Exception {
    states.notifyCheckpointAborted(checkpointId);
  }

  @Override
  public void notifyCheckpointSubsumed(long checkpointId) throws Exception {
    states.notifyCheckpointSubsumed(checkpointId);
  }

  @Override
  public void close() throws IOException {
    states.close();
  }

  @Override
  public void dispose() {
    states.dispose();
  }
}
