package io.timelog.flink.conformance;

import io.timelog.flink.TimelogStateBackend;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.RunnableFuture;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.State;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.state.AbstractKeyedStateBackend;
import org.apache.flink.runtime.state.AbstractManagedMemoryStateBackend;
import org.apache.flink.runtime.state.BackendBuildingException;
import org.apache.flink.runtime.state.CheckpointStreamFactory;
import org.apache.flink.runtime.state.ConfigurableStateBackend;
import org.apache.flink.runtime.state.KeyGroupedInternalPriorityQueue;
import org.apache.flink.runtime.state.Keyed;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.OperatorStateBackend;
import org.apache.flink.runtime.state.PriorityComparable;
import org.apache.flink.runtime.state.SavepointResources;
import org.apache.flink.runtime.state.SavepointSnapshotStrategy;
import org.apache.flink.runtime.state.SnapshotResult;
import org.apache.flink.runtime.state.SnapshotStrategyRunner;
import org.apache.flink.runtime.state.StateSnapshotTransformer.StateSnapshotTransformFactory;
import org.apache.flink.runtime.state.heap.HeapPriorityQueueElement;

/**
 * Timelog, with checkpoints that are what its canonical savepoints are: what Flink asks of both.
 */
final class CanonicalBackend extends AbstractManagedMemoryStateBackend
    implements ConfigurableStateBackend {
  private static final long serialVersionUID = 1L;

  private final TimelogStateBackend timelog;

  CanonicalBackend(TimelogStateBackend timelog) {
    this.timelog = timelog;
  }

  @Override
  public CanonicalBackend configure(ReadableConfig config, ClassLoader classLoader) {
    return new CanonicalBackend(timelog.configure(config, classLoader));
  }

  @Override
  public <K> AbstractKeyedStateBackend<K> createKeyedStateBackend(
      KeyedStateBackendParameters<K> parameters) throws IOException {
    return new CanonicalKeyed<>(timelog.createKeyedStateBackend(parameters));
  }

  @Override
  public OperatorStateBackend createOperatorStateBackend(OperatorStateBackendParameters parameters)
      throws BackendBuildingException {
    return timelog.createOperatorStateBackend(parameters);
  }

  private static final class CanonicalKeyed<K> extends AbstractKeyedStateBackend<K> {
    private final AbstractKeyedStateBackend<K> timelog;

    CanonicalKeyed(AbstractKeyedStateBackend<K> timelog) {
      super(timelog);
      this.timelog = timelog;
    }

    @Override
    public RunnableFuture<SnapshotResult<KeyedStateHandle>> snapshot(
        long checkpointId,
        long timestamp,
        CheckpointStreamFactory streamFactory,
        CheckpointOptions options)
        throws Exception {
      SavepointResources<K> resources = savepoint();
      return new SnapshotStrategyRunner<>(
              "canonical",
              new SavepointSnapshotStrategy<>(resources.getSnapshotResources()),
              cancelStreamRegistry,
              resources.getPreferredSnapshotExecutionType())
          .snapshot(checkpointId, timestamp, streamFactory, options);
    }

    @Override
    public SavepointResources<K> savepoint() throws Exception {
      return timelog.savepoint();
    }

    @Override
    public void setCurrentKey(K key) {
      super.setCurrentKey(key);
      timelog.setCurrentKey(key);
    }

    @Override
    public void setCurrentKeyAndKeyGroup(K key, int keyGroup) {
      super.setCurrentKeyAndKeyGroup(key, keyGroup);
      timelog.setCurrentKeyAndKeyGroup(key, keyGroup);
    }

    @Override
    @SuppressWarnings("TypeParameterUnusedInFormals") // Flink's signature
    public <N, SV, SEV, S extends State, IS extends S> IS createOrUpdateInternalState(
        TypeSerializer<N> namespaceSerializer,
        StateDescriptor<S, SV> descriptor,
        StateSnapshotTransformFactory<SEV> transformers)
        throws Exception {
      return timelog.createOrUpdateInternalState(namespaceSerializer, descriptor, transformers);
    }

    @Override
    @SuppressWarnings("TypeParameterUnusedInFormals") // Flink's signature
    public <N, SV, SEV, S extends State, IS extends S> IS createOrUpdateInternalState(
        TypeSerializer<N> namespaceSerializer,
        StateDescriptor<S, SV> descriptor,
        StateSnapshotTransformFactory<SEV> transformers,
        boolean allowFutureMetadataUpdates)
        throws Exception {
      return timelog.createOrUpdateInternalState(
          namespaceSerializer, descriptor, transformers, allowFutureMetadataUpdates);
    }

    @Override
    public <T extends HeapPriorityQueueElement & PriorityComparable<? super T> & Keyed<?>>
        KeyGroupedInternalPriorityQueue<T> create(String name, TypeSerializer<T> serializer) {
      return timelog.create(name, serializer);
    }

    @Override
    public <T extends HeapPriorityQueueElement & PriorityComparable<? super T> & Keyed<?>>
        KeyGroupedInternalPriorityQueue<T> create(
            String name, TypeSerializer<T> serializer, boolean allowFutureMetadataUpdates) {
      return timelog.create(name, serializer, allowFutureMetadataUpdates);
    }

    @Override
    public <N> Stream<K> getKeys(String state, N namespace) {
      return timelog.getKeys(state, namespace);
    }

    @Override
    public <N> Stream<K> getKeys(List<String> states, N namespace) {
      return timelog.getKeys(states, namespace);
    }

    @Override
    public <N> Stream<Tuple2<K, N>> getKeysAndNamespaces(String state) {
      return timelog.getKeysAndNamespaces(state);
    }

    @Override
    public int numKeyValueStateEntries() {
      return timelog.numKeyValueStateEntries();
    }

    @Override
    public boolean isSafeToReuseKVState() {
      return timelog.isSafeToReuseKVState();
    }

    @Override
    public String getBackendTypeIdentifier() {
      return timelog.getBackendTypeIdentifier();
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) throws Exception {
      timelog.notifyCheckpointComplete(checkpointId);
    }

    @Override
    public void notifyCheckpointAborted(long checkpointId) throws Exception {
      timelog.notifyCheckpointAborted(checkpointId);
    }

    @Override
    public void close() throws IOException {
      super.close();
      timelog.close();
    }

    @Override
    public void dispose() {
      super.dispose();
      timelog.dispose();
    }
  }
}
