package io.timelog.flink.internal.timer;

import io.timelog.TimelogStore;
import io.timelog.flink.internal.key.CompositeKeyFormat;
import io.timelog.flink.internal.table.StateLayouts;
import io.timelog.flink.internal.table.StateTables;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.runtime.state.InternalPriorityQueue;
import org.apache.flink.runtime.state.InternalPriorityQueueTestBase;
import org.apache.flink.runtime.state.StateSerializerProvider;
import org.apache.flink.runtime.state.ttl.TtlTimeProvider;
import org.junit.jupiter.api.AfterEach;

/** What every queue of timers has to do. */
class TableTimerQueueConformanceTest extends InternalPriorityQueueTestBase {
  private final TimelogStore store = TimelogStore.builder().build();

  @AfterEach
  void close() {
    store.close();
  }

  @Override
  protected InternalPriorityQueue<TestElement> newPriorityQueue(int initialCapacity) {
    int keyGroups = KEY_GROUP_RANGE.getNumberOfKeyGroups();
    StateTables<Long> tables =
        new StateTables<>(
            store,
            new StateLayouts<>(
                StateSerializerProvider.fromNewRegisteredSerializer(LongSerializer.INSTANCE),
                CompositeKeyFormat.keyGroups(keyGroups),
                TtlTimeProvider.DEFAULT),
            TimelogStore.builder()::build);
    return new TableTimers(tables, KEY_GROUP_RANGE, keyGroups)
        .createOrUpdate("timers", TestElementSerializer.INSTANCE, false);
  }

  @Override
  protected boolean testSetSemanticsAgainstDuplicateElements() {
    return true;
  }
}
