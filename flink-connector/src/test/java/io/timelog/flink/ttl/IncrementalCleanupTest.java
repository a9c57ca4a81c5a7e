package io.timelog.flink.ttl;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.flink.TimelogStateBackend;
import io.timelog.flink.fixture.Subtasks;
import java.time.Duration;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.State;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.runtime.state.ttl.MockTtlTimeProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each access to a state looks at a few entries, and removes those whose time is over. */
final class IncrementalCleanupTest {
  private static final int KEYS = 50;
  private static final int LOOKED_AT = 5;

  private final MockTtlTimeProvider time = new MockTtlTimeProvider();
  private Subtasks subtasks;

  @BeforeEach
  void open() throws Exception {
    time.time = 0;
    subtasks = Subtasks.of(new TimelogStateBackend()).clock(time).open();
  }

  @AfterEach
  void close() throws Exception {
    subtasks.close();
  }

  @Test
  void accesses_removeExpiredValues() throws Exception {
    ValueStateDescriptor<String> descriptor =
        expiring(new ValueStateDescriptor<>("state", StringSerializer.INSTANCE));
    for (int key = 0; key < KEYS; key++) {
      ValueState<String> state = at(key, descriptor);
      state.update("value");
    }
    time.time = 101;
    ValueState<String> fresh = at(KEYS, descriptor);
    fresh.update("fresh");

    for (int i = 0; i < KEYS; i++) {
      fresh.value();
    }

    assertThat(entries()).isEqualTo(1);
    assertThat(fresh.value()).isEqualTo("fresh");
  }

  @Test
  void accesses_removeExpiredElements() throws Exception {
    ListStateDescriptor<String> descriptor =
        expiring(new ListStateDescriptor<>("state", StringSerializer.INSTANCE));
    for (int key = 0; key < KEYS; key++) {
      ListState<String> state = at(key, descriptor);
      state.add("old");
    }
    time.time = 60;
    at(0, descriptor).add("young");
    time.time = 101;
    ListState<String> other = at(KEYS, descriptor);
    other.add("fresh");

    for (int i = 0; i < KEYS; i++) {
      other.get();
    }

    assertThat(entries()).isEqualTo(2);
    ListState<String> first = at(0, descriptor);
    assertThat(first.get()).containsExactly("young");
  }

  @Test
  void accesses_removeExpiredEntriesOfAMapAFewAtATime() throws Exception {
    MapStateDescriptor<Long, String> descriptor =
        expiring(
            new MapStateDescriptor<>("state", LongSerializer.INSTANCE, StringSerializer.INSTANCE));
    MapState<Long, String> map = at(0, descriptor);
    for (long i = 0; i < 1_000; i++) {
      map.put(i, "old");
    }
    time.time = 60;
    map.put(500L, "young");
    time.time = 101;
    MapState<Long, String> other = at(1, descriptor);
    other.put(0L, "fresh");

    for (int i = 0; i < 1_000; i++) {
      other.get(0L);
    }

    // Nothing is over at that time, so what does not show then is gone.
    time.time = 60;
    MapState<Long, String> cleaned = at(0, descriptor);
    assertThat(cleaned.keys()).containsExactly(500L);
  }

  private long entries() {
    return subtasks.backends().get(0).numKeyValueStateEntries();
  }

  private <S extends State> S at(int key, StateDescriptor<S, ?> descriptor) throws Exception {
    return subtasks
        .at("key" + key)
        .getPartitionedState(VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, descriptor);
  }

  private static <D extends StateDescriptor<?, ?>> D expiring(D descriptor) {
    descriptor.enableTimeToLive(
        StateTtlConfig.newBuilder(Duration.ofMillis(100))
            .cleanupIncrementally(LOOKED_AT, false)
            .build());
    return descriptor;
  }
}
