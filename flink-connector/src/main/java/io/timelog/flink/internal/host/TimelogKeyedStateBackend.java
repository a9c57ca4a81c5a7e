package io.timelog.flink.internal.host;

import io.timelog.ConcurrentWriterException;
import io.timelog.flink.internal.checkpoint.NativeStrategy;
import io.timelog.flink.internal.key.CurrentKey;
import io.timelog.flink.internal.map.MapStates;
import io.timelog.flink.internal.schema.StateRegistration;
import io.timelog.flink.internal.snapshot.CanonicalResources;
import io.timelog.flink.internal.state.ElementaryStates;
import io.timelog.flink.internal.state.KeyContext;
import io.timelog.flink.internal.state.TableState;
import io.timelog.flink.internal.table.StateTable;
import io.timelog.flink.internal.table.StateTables;
import io.timelog.flink.internal.timer.Timers;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RunnableFuture;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.State;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.state.AbstractKeyedStateBackend;
import org.apache.flink.runtime.state.CheckpointStreamFactory;
import org.apache.flink.runtime.state.InternalKeyContextImpl;
import org.apache.flink.runtime.state.KeyGroupedInternalPriorityQueue;
import org.apache.flink.runtime.state.Keyed;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.PriorityComparable;
import org.apache.flink.runtime.state.SavepointResources;
import org.apache.flink.runtime.state.SnapshotExecutionType;
import org.apache.flink.runtime.state.SnapshotResult;
import org.apache.flink.runtime.state.StateSnapshotTransformer.StateSnapshotTransformFactory;
import org.apache.flink.runtime.state.heap.HeapPriorityQueueElement;

/**
 * A keyed state backend that keeps all state in tables of one store, and timers in Flink's queues.
 *
 * @param <K> type of the keys
 */
public final class TimelogKeyedStateBackend<K> extends AbstractKeyedStateBackend<K> {
  private final StateTables<K> tables;
  private final Timers timers;
  private final BackendResources resources;
  private final CurrentKey<K> currentKey;
  private final KeyContext<K> keys;
  private final StateRegistration<K> registration;
  private final NativeStrategy<K> snapshots;
  private final Map<String, TableState<K, ?, ?>> states = new HashMap<>();
  private final Object releasing = new Object();

  TimelogKeyedStateBackend(
      TaskContext<K> task,
      StateTables<K> tables,
      Timers timers,
      NativeStrategy<K> snapshots,
      BackendResources resources) {
    super(
        task.kvStateRegistry(),
        task.keySerializer().currentSchemaSerializer(),
        task.userCode(),
        task.executionConfig(),
        task.ttlTime(),
        task.latencyTracking(),
        task.sizeTracking(),
        task.streams(),
        task.compression(),
        new InternalKeyContextImpl<>(task.keyGroups(), task.numberOfKeyGroups()));
    this.tables = tables;
    this.timers = timers;
    this.snapshots = snapshots;
    this.resources = resources;
    this.currentKey = new CurrentKey<>(keySerializer, tables.keyGroups().prefixBytes());
    this.keys = new KeyContext<>(currentKey, keySerializer, keyGroupRange, numberOfKeyGroups);
    this.registration = new StateRegistration<>(tables, ttlTimeProvider);
  }

  @Override
  public void setCurrentKey(K key) {
    super.setCurrentKey(key);
    currentKey.set(key, getCurrentKeyGroupIndex());
  }

  @Override
  public void setCurrentKeyAndKeyGroup(K key, int keyGroup) {
    super.setCurrentKeyAndKeyGroup(key, keyGroup);
    currentKey.set(key, keyGroup);
  }

  @Override
  @SuppressWarnings("TypeParameterUnusedInFormals") // Flink's signature
  public <N, SV, SEV, S extends State, IS extends S> IS createOrUpdateInternalState(
      TypeSerializer<N> namespaceSerializer,
      StateDescriptor<S, SV> descriptor,
      StateSnapshotTransformFactory<SEV> transformers)
      throws Exception {
    return createOrUpdateInternalState(namespaceSerializer, descriptor, transformers, false);
  }

  @Override
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // Flink's signature
  public <N, SV, SEV, S extends State, IS extends S> IS createOrUpdateInternalState(
      TypeSerializer<N> namespaceSerializer,
      StateDescriptor<S, SV> descriptor,
      StateSnapshotTransformFactory<SEV> transformers,
      boolean allowFutureMetadataUpdates)
      throws Exception {
    StateTable<K, N, SV> registered = registration.register(namespaceSerializer, descriptor);
    if (allowFutureMetadataUpdates) {
      registered.allowFutureMetadataUpdates();
    }
    registered.setTransformers(transformers);
    registered.setTimeToLive(descriptor.getTtlConfig());
    TableState<K, N, SV> state = (TableState<K, N, SV>) states.get(descriptor.getName());
    if (state != null && isLaidOutAs(registered, state)) {
      state.register(registered, descriptor);
    } else {
      state = create(registered, descriptor);
      states.put(descriptor.getName(), state);
    }
    return (IS) state;
  }

  /** A map of lists is laid out otherwise once it has a time to live, and works otherwise. */
  private static boolean isLaidOutAs(StateTable<?, ?, ?> registered, TableState<?, ?, ?> state) {
    return state.state().layout().kind() == registered.layout().kind();
  }

  private <N, V> TableState<K, N, V> create(
      StateTable<K, N, V> registered, StateDescriptor<?, V> descriptor) {
    return descriptor.getType() == StateDescriptor.Type.MAP
        ? MapStates.create(keys, registered)
        : ElementaryStates.create(keys, registered, descriptor);
  }

  @Override
  public <T extends HeapPriorityQueueElement & PriorityComparable<? super T> & Keyed<?>>
      KeyGroupedInternalPriorityQueue<T> create(String name, TypeSerializer<T> serializer) {
    return create(name, serializer, false);
  }

  @Override
  public <T extends HeapPriorityQueueElement & PriorityComparable<? super T> & Keyed<?>>
      KeyGroupedInternalPriorityQueue<T> create(
          String name, TypeSerializer<T> serializer, boolean allowFutureMetadataUpdates) {
    return timers.createOrUpdate(name, serializer, allowFutureMetadataUpdates);
  }

  @Override
  @SuppressWarnings("unchecked")
  public <N> Stream<K> getKeys(String state, N namespace) {
    StateTable<K, N, ?> table = (StateTable<K, N, ?>) tables.find(state);
    return table == null ? Stream.empty() : KeyIteration.keys(table, namespace).stream();
  }

  @Override
  public <N> Stream<K> getKeys(List<String> states, N namespace) {
    return states.stream().flatMap(state -> getKeys(state, namespace)).distinct();
  }

  @Override
  @SuppressWarnings("unchecked")
  public <N> Stream<Tuple2<K, N>> getKeysAndNamespaces(String state) {
    StateTable<K, N, ?> table = (StateTable<K, N, ?>) tables.find(state);
    return table == null ? Stream.empty() : KeyIteration.keysAndNamespaces(table).stream();
  }

  /** {@inheritDoc} Of a list or a map that is one entry. O(entries), for tests. */
  @Override
  public int numKeyValueStateEntries() {
    long entries = tables.all().stream().mapToLong(KeyIteration::count).sum();
    return (int) Math.min(entries, Integer.MAX_VALUE);
  }

  /**
   * Whether operators may use one object for all keys. They may not: values are bytes here, but a
   * timer on the heap keeps the very key that it was registered for.
   */
  @Override
  public boolean isSafeToReuseKVState() {
    return false;
  }

  @Override
  public String getBackendTypeIdentifier() {
    return MapStates.BACKEND_TYPE;
  }

  @Override
  public RunnableFuture<SnapshotResult<KeyedStateHandle>> snapshot(
      long checkpointId,
      long timestamp,
      CheckpointStreamFactory streamFactory,
      CheckpointOptions options)
      throws Exception {
    return snapshots.snapshot(
        checkpointId, timestamp, streamFactory, options, cancelStreamRegistry);
  }

  @Override
  public SavepointResources<K> savepoint() {
    return new SavepointResources<>(
        new CanonicalResources<>(
            tables, timers, keyGroupRange, keySerializer, keyGroupCompressionDecorator),
        SnapshotExecutionType.ASYNCHRONOUS);
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) {
    snapshots.completed(checkpointId);
  }

  @Override
  public void notifyCheckpointAborted(long checkpointId) {
    snapshots.aborted(checkpointId);
  }

  @Override
  public void notifyCheckpointSubsumed(long checkpointId) {
    snapshots.subsumed(checkpointId);
  }

  /**
   * {@inheritDoc} If the task is cancelled, another thread calls this while the task is at work,
   * and may dispose of the backend at the same moment.
   */
  @Override
  public void close() throws IOException {
    super.close();
    try {
      release();
    } catch (ConcurrentWriterException atWork) {
      // In the middle of a write. The task disposes of the backend when it notices.
    }
  }

  @Override
  public void dispose() {
    super.dispose();
    release();
  }

  /** Flink closes some backends, disposes of others, and does both to most. */
  private void release() {
    synchronized (releasing) {
      snapshots.close();
      tables.close();
      resources.close();
    }
  }
}
