package io.timelog.flink.internal.timer;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.api.common.typeutils.TypeSerializer;
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
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot;

/** The timer queues of a backend: Flink's own, on the heap. For the task's thread. */
public final class Timers {
  private static final int FIRST_CAPACITY = 128;

  private final KeyGroupRange keyGroups;
  private final int numberOfKeyGroups;
  private final Map<String, HeapPriorityQueueSnapshotRestoreWrapper<?>> queues =
      new LinkedHashMap<>();
  private final HeapPriorityQueueSetFactory factory;
  private final HeapPriorityQueuesManager manager;

  public Timers(KeyGroupRange keyGroups, int numberOfKeyGroups) {
    this.keyGroups = keyGroups;
    this.numberOfKeyGroups = numberOfKeyGroups;
    factory = new HeapPriorityQueueSetFactory(keyGroups, numberOfKeyGroups, FIRST_CAPACITY);
    manager = new HeapPriorityQueuesManager(queues, factory, keyGroups, numberOfKeyGroups);
  }

  /** The queue of this name; a new one if there is none. */
  public <T extends HeapPriorityQueueElement & PriorityComparable<? super T> & Keyed<?>>
      KeyGroupedInternalPriorityQueue<T> createOrUpdate(
          String name, TypeSerializer<T> serializer, boolean allowFutureMetadataUpdates) {
    return manager.createOrUpdate(name, serializer, allowFutureMetadataUpdates);
  }

  /** The queue that a snapshot has, without its timers if it is not there already. */
  public HeapPriorityQueueSnapshotRestoreWrapper<?> restored(StateMetaInfoSnapshot meta) {
    return queues.computeIfAbsent(meta.getName(), name -> empty(meta));
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

  /** All queues, in the order in which they were made. */
  public Collection<HeapPriorityQueueSnapshotRestoreWrapper<?>> all() {
    return Collections.unmodifiableCollection(queues.values());
  }
}
