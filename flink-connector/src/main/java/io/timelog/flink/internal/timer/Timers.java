package io.timelog.flink.internal.timer;

import io.timelog.Table;
import io.timelog.flink.internal.table.CanonicalSink;
import java.io.IOException;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.runtime.state.KeyGroupedInternalPriorityQueue;
import org.apache.flink.runtime.state.Keyed;
import org.apache.flink.runtime.state.PriorityComparable;
import org.apache.flink.runtime.state.heap.HeapPriorityQueueElement;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot;

/** The timer queues of a backend, wherever they are kept. For the task's thread. */
public interface Timers {
  /**
   * The queue of this name; a new one if there is none. One that was restored gets the serializer
   * of the job.
   *
   * @throws org.apache.flink.util.FlinkRuntimeException if that cannot read what was restored
   */
  <T extends HeapPriorityQueueElement & PriorityComparable<? super T> & Keyed<?>>
      KeyGroupedInternalPriorityQueue<T> createOrUpdate(
          String name, TypeSerializer<T> serializer, boolean allowFutureMetadataUpdates);

  /** Takes timers of a snapshot into the queue that it has; a new one if there is none. */
  CanonicalSink restored(StateMetaInfoSnapshot meta);

  /**
   * Takes in a queue of a snapshot whose timers are in a table of the store already. The table
   * belongs to the queue from then on.
   */
  void adopt(StateMetaInfoSnapshot meta, Table table) throws IOException;

  /**
   * All queues as they are now, in the order in which they were made. To be called before the
   * snapshot of the store that they are read from is taken, with no write in between.
   */
  List<TimersAtMoment> moment();
}
