package io.timelog.flink.internal.timer;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.runtime.state.HeapPriorityQueuesManager;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupedInternalPriorityQueue;
import org.apache.flink.runtime.state.Keyed;
import org.apache.flink.runtime.state.PriorityComparable;
import org.apache.flink.runtime.state.heap.HeapPriorityQueueElement;
import org.apache.flink.runtime.state.heap.HeapPriorityQueueSetFactory;
import org.apache.flink.runtime.state.heap.HeapPriorityQueueSnapshotRestoreWrapper;

/** The timer queues of a backend: Flink's own, on the heap. For the task's thread. */
public final class Timers {
  private static final int FIRST_CAPACITY = 128;

  private final Map<String, HeapPriorityQueueSnapshotRestoreWrapper<?>> queues =
      new LinkedHashMap<>();
  private final HeapPriorityQueuesManager manager;

  public Timers(KeyGroupRange keyGroups, int numberOfKeyGroups) {
    manager =
        new HeapPriorityQueuesManager(
            queues,
            new HeapPriorityQueueSetFactory(keyGroups, numberOfKeyGroups, FIRST_CAPACITY),
            keyGroups,
            numberOfKeyGroups);
  }

  /** The queue of this name; a new one if there is none. */
  public <T extends HeapPriorityQueueElement & PriorityComparable<? super T> & Keyed<?>>
      KeyGroupedInternalPriorityQueue<T> createOrUpdate(
          String name, TypeSerializer<T> serializer, boolean allowFutureMetadataUpdates) {
    return manager.createOrUpdate(name, serializer, allowFutureMetadataUpdates);
  }

  /** All queues, in the order in which they were made. */
  public Collection<HeapPriorityQueueSnapshotRestoreWrapper<?>> all() {
    return Collections.unmodifiableCollection(queues.values());
  }
}
