package io.timelog.flink.internal.timer;

import io.timelog.flink.internal.table.CanonicalEntries;
import java.io.IOException;
import java.util.Collections;
import java.util.Iterator;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.state.CompositeKeySerializationUtils;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.heap.HeapPriorityQueueStateSnapshot;
import org.apache.flink.util.FlinkRuntimeException;

/** The timers of a queue on the heap: key group and timer as key, and no value. */
final class HeapTimerEntries<T> implements CanonicalEntries {
  private static final byte[] NO_VALUE = {};

  private final HeapPriorityQueueStateSnapshot<T> queue;
  private final TypeSerializer<T> serializer;
  private final int prefixBytes;
  private final int lastKeyGroup;
  private final DataOutputSerializer out = new DataOutputSerializer(64);
  private int keyGroup;
  private Iterator<T> timers = Collections.emptyIterator();

  HeapTimerEntries(
      HeapPriorityQueueStateSnapshot<T> queue, KeyGroupRange keyGroups, int prefixBytes) {
    this.queue = queue;
    this.serializer = queue.getMetaInfo().getElementSerializer();
    this.prefixBytes = prefixBytes;
    this.keyGroup = keyGroups.getStartKeyGroup() - 1;
    this.lastKeyGroup = keyGroups.getEndKeyGroup();
  }

  @Override
  public boolean advance() {
    while (!timers.hasNext()) {
      if (keyGroup >= lastKeyGroup) {
        return false;
      }
      keyGroup++;
      timers = queue.getIteratorForKeyGroup(keyGroup);
    }
    try {
      out.clear();
      CompositeKeySerializationUtils.writeKeyGroup(keyGroup, prefixBytes, out);
      serializer.serialize(timers.next(), out);
      return true;
    } catch (IOException e) {
      throw new FlinkRuntimeException(
          "Could not serialize a timer: queue=" + queue.getMetaInfo().getName(), e);
    }
  }

  @Override
  public int keyGroup() {
    return keyGroup;
  }

  @Override
  public byte[] key() {
    return out.getCopyOfBuffer();
  }

  @Override
  public int compositeKeyLength() {
    return out.length();
  }

  @Override
  public byte[] value() {
    return NO_VALUE;
  }

  @Override
  public void close() {
    timers = Collections.emptyIterator();
  }
}
