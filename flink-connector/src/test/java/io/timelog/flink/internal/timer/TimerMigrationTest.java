package io.timelog.flink.internal.timer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.Snapshot;
import io.timelog.TimelogStore;
import io.timelog.flink.internal.key.CompositeKeyFormat;
import io.timelog.flink.internal.table.CanonicalEntries;
import io.timelog.flink.internal.table.CanonicalSink;
import io.timelog.flink.internal.table.StateLayouts;
import io.timelog.flink.internal.table.StateTables;
import java.io.IOException;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupedInternalPriorityQueue;
import org.apache.flink.runtime.state.StateSerializerProvider;
import org.apache.flink.runtime.state.ttl.TtlTimeProvider;
import org.apache.flink.runtime.testutils.statemigration.TestType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A queue in a table whose elements the job writes in another way than before. */
final class TimerMigrationTest {
  private static final int KEY_GROUPS = 16;
  private static final List<TestType> ELEMENTS =
      List.of(new TestType("one", 10), new TestType("two", 5), new TestType("three", 20));

  private final TimelogStore store = TimelogStore.builder().build();
  private final TableTimers timers = timers(store);

  private static TableTimers timers(TimelogStore store) {
    return new TableTimers(
        new StateTables<>(
            store,
            new StateLayouts<>(
                StateSerializerProvider.fromNewRegisteredSerializer(StringSerializer.INSTANCE),
                CompositeKeyFormat.keyGroups(KEY_GROUPS),
                TtlTimeProvider.DEFAULT),
            TimelogStore.builder()::build),
        KeyGroupRange.of(0, KEY_GROUPS - 1),
        KEY_GROUPS);
  }

  @AfterEach
  void close() {
    store.close();
  }

  /** What a restore does, and then the job. */
  private KeyGroupedInternalPriorityQueue<TestType> restoredWith(TypeSerializer<TestType> after)
      throws IOException {
    try (TimelogStore old = TimelogStore.builder().build()) {
      TableTimers before = timers(old);
      before.createOrUpdate("timers", new TestType.V1TestTypeSerializer(), false).addAll(ELEMENTS);
      TimersAtMoment moment = before.moment().get(0);
      CanonicalSink sink = timers.restored(moment.meta());
      try (Snapshot snapshot = old.snapshot();
          CanonicalEntries entries = moment.entries(snapshot)) {
        while (entries.advance()) {
          sink.accept(entries.key(), entries.value());
        }
      }
    }
    return timers.createOrUpdate("timers", after, false);
  }

  @Test
  void elements_areWrittenAnewIfTheirSerializerWantsIt() throws IOException {
    KeyGroupedInternalPriorityQueue<TestType> queue =
        restoredWith(new TestType.V2TestTypeSerializer());
    queue.add(new TestType("four", 15));

    assertThat(store.tables()).hasSize(1);
    assertThat(queue.size()).isEqualTo(4);
    assertThat(queue.poll()).isEqualTo(new TestType("two", 5));
    assertThat(queue.poll()).isEqualTo(new TestType("one", 10));
    assertThat(queue.poll()).isEqualTo(new TestType("four", 15));
    assertThat(queue.poll()).isEqualTo(new TestType("three", 20));
    assertThat(queue.poll()).isNull();
  }

  @Test
  void elements_areReadByAnotherSerializerThatIsCompatible() throws IOException {
    KeyGroupedInternalPriorityQueue<TestType> queue =
        restoredWith(new TestType.ReconfigurationRequiringTestTypeSerializer());

    assertThat(queue.size()).isEqualTo(3);
    assertThat(queue.peek()).isEqualTo(new TestType("two", 5));
  }

  @Test
  void serializerThatIsIncompatible_isRefusedWithTheNameOfTheQueue() {
    assertThatThrownBy(() -> restoredWith(new TestType.IncompatibleTestTypeSerializer()))
        .hasMessageContaining("must not be incompatible")
        .hasMessageContaining("queue=timers");
  }
}
