package io.timelog.flink.internal.timer;

import io.timelog.Table;
import io.timelog.flink.internal.table.CanonicalEntries;
import io.timelog.flink.internal.table.CanonicalSink;
import io.timelog.flink.internal.table.StateTables;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.runtime.state.HeapPriorityQueuesManager;
import org.apache.flink.runtime.state.KeyExtractorFunction;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupedInternalPriorityQueue;
import org.apache.flink.runtime.state.Keyed;
import org.apache.flink.runtime.state.PriorityComparable;
import org.apache.flink.runtime.state.RegisteredPriorityQueueStateBackendMetaInfo;
import org.apache.flink.runtime.state.heap.HeapPriorityQueueElement;
import org.apache.flink.runtime.state.heap.HeapPriorityQueueSetFactory;
import org.apache.flink.runtime.state.heap.HeapPriorityQueueSnapshotRestoreWrapper;
import org.apache.flink.runtime.state.heap.HeapPriorityQueueStateSnapshot;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot;

/**
 * Timers in Flink's own queues, on the heap. The fastest while there are not millions of them, and
 * copied as a whole for each snapshot.
 */
public final class HeapTimers implements Timers {
  private static final int FIRST_CAPACITY = 128;

  private final KeyGroupRange keyGroups;
  private final int numberOfKeyGroups;
  private final StateTables<?> tables;
  private final int prefixBytes;
  private final Map<String, HeapPriorityQueueSnapshotRestoreWrapper<?>> queues =
      new LinkedHashMap<>();
  private final HeapPriorityQueueSetFactory factory;
  private final HeapPriorityQueuesManager manager;

  /**
   * No queues.
   *
   * @param tables of the backend, which may have timers of a snapshot
   */
  public HeapTimers(StateTables<?> tables, KeyGroupRange keyGroups, int numberOfKeyGroups) {
    this.tables = tables;
    this.keyGroups = keyGroups;
    this.numberOfKeyGroups = numberOfKeyGroups;
    this.prefixBytes = tables.keyGroups().prefixBytes();
    factory = new HeapPriorityQueueSetFactory(keyGroups, numberOfKeyGroups, FIRST_CAPACITY);
    manager = new HeapPriorityQueuesManager(queues, factory, keyGroups, numberOfKeyGroups);
  }

  @Override
  public <T extends HeapPriorityQueueElement & PriorityComparable<? super T> & Keyed<?>>
      KeyGroupedInternalPriorityQueue<T> createOrUpdate(
          String name, TypeSerializer<T> serializer, boolean allowFutureMetadataUpdates) {
    return manager.createOrUpdate(name, serializer, allowFutureMetadataUpdates);
  }

  @Override
  public CanonicalSink restored(StateMetaInfoSnapshot meta) {
    return sink(queues.computeIfAbsent(meta.getName(), name -> empty(meta)));
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // what a timer is, is known to the job alone
  private HeapPriorityQueueSnapshotRestoreWrapper<?> empty(StateMetaInfoSnapshot snapshot) {
    RegisteredPriorityQueueStateBackendMetaInfo meta =
        new RegisteredPriorityQueueStateBackendMetaInfo<>(snapshot);
    return new HeapPriorityQueueSnapshotRestoreWrapper(
        factory.create(meta.getName(), meta.getElementSerializer()),
        meta,
        KeyExtractorFunction.forKeyedObjects(),
        keyGroups,
        numberOfKeyGroups);
  }

  private <T extends HeapPriorityQueueElement> CanonicalSink sink(
      HeapPriorityQueueSnapshotRestoreWrapper<T> queue) {
    TypeSerializer<T> serializer = queue.getMetaInfo().getElementSerializer();
    DataInputDeserializer in = new DataInputDeserializer();
    return (key, value) -> {
      in.setBuffer(key, prefixBytes, key.length - prefixBytes);
      queue.getPriorityQueue().add(serializer.deserialize(in));
    };
  }

  /** {@inheritDoc} Copies the timers to the heap and drops the table. */
  @Override
  public void adopt(StateMetaInfoSnapshot meta, Table table) throws IOException {
    TableTimerEntries.copy(table, prefixBytes, restored(meta));
    tables.store().dropTable(table.name());
  }

  @Override
  public List<TimersAtMoment> moment() {
    List<TimersAtMoment> moment = new ArrayList<>();
    for (HeapPriorityQueueSnapshotRestoreWrapper<?> queue : queues.values()) {
      moment.add(new Copied(queue.stateSnapshot()));
    }
    return moment;
  }

  private final class Copied implements TimersOnHeap {
    private final HeapPriorityQueueStateSnapshot<?> queue;

    Copied(HeapPriorityQueueStateSnapshot<?> queue) {
      this.queue = queue;
    }

    @Override
    public StateMetaInfoSnapshot meta() {
      return queue.getMetaInfoSnapshot();
    }

    @Override
    public CanonicalEntries entries() {
      return new HeapTimerEntries<>(queue, keyGroups, prefixBytes);
    }
  }
}
