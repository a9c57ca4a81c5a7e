package io.timelog.flink.async;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.flink.TimelogStateBackend;
import io.timelog.flink.fixture.Subtasks;
import io.timelog.flink.internal.async.AsyncBackend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.functions.ReduceFunction;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.StateTtlConfig.UpdateType;
import org.apache.flink.api.common.state.v2.AggregatingState;
import org.apache.flink.api.common.state.v2.AggregatingStateDescriptor;
import org.apache.flink.api.common.state.v2.ListState;
import org.apache.flink.api.common.state.v2.ListStateDescriptor;
import org.apache.flink.api.common.state.v2.MapState;
import org.apache.flink.api.common.state.v2.MapStateDescriptor;
import org.apache.flink.api.common.state.v2.ReducingState;
import org.apache.flink.api.common.state.v2.ReducingStateDescriptor;
import org.apache.flink.api.common.state.v2.State;
import org.apache.flink.api.common.state.v2.StateDescriptor;
import org.apache.flink.api.common.state.v2.ValueState;
import org.apache.flink.api.common.state.v2.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.runtime.state.ttl.MockTtlTimeProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Asynchronous state has the time to live that its descriptor asks for. */
final class AsyncTimeToLiveTest {
  private static final Duration TIME_TO_LIVE = Duration.ofMillis(100);

  private final MockTtlTimeProvider time = new MockTtlTimeProvider();
  private final List<Object> seen = new ArrayList<>();
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
  void value_expires() throws Exception {
    ValueState<String> state =
        state(new ValueStateDescriptor<>("state", StringSerializer.INSTANCE));
    state.asyncUpdate("value");
    time.time = 99;
    state.asyncValue().thenAccept(seen::add);
    time.time = 100;
    state.asyncValue().thenAccept(seen::add);

    assertThat(seen).containsExactly("value", null);
    assertThat(state.value()).isNull();
  }

  @Test
  void elementsOfAList_expireOneByOne() throws Exception {
    ListState<String> state = state(new ListStateDescriptor<>("state", StringSerializer.INSTANCE));
    state.asyncAdd("old");
    time.time = 60;
    state.asyncAdd("new");
    time.time = 120;
    state.asyncGet().thenAccept(elements -> elements.onNext(this::see));

    assertThat(seen).containsExactly("new");
  }

  @Test
  void entriesOfAMap_expireOneByOne() throws Exception {
    MapState<String, String> state =
        state(
            new MapStateDescriptor<>(
                "state", StringSerializer.INSTANCE, StringSerializer.INSTANCE));
    state.asyncPut("old", "one");
    time.time = 60;
    state.asyncPutAll(Map.of("new", "two"));
    time.time = 120;
    state.asyncGet("old").thenAccept(seen::add);
    state.asyncContains("new").thenAccept(seen::add);
    state.asyncKeys().thenAccept(keys -> keys.onNext(this::see));

    assertThat(seen).containsExactly(null, true, "new");
  }

  @Test
  void sum_expires() throws Exception {
    ReducingState<Long> state =
        state(
            new ReducingStateDescriptor<>(
                "state", (ReduceFunction<Long>) Long::sum, LongSerializer.INSTANCE));
    state.asyncAdd(1L);
    state.asyncAdd(2L);
    state.asyncGet().thenAccept(seen::add);
    time.time = 100;
    state.asyncAdd(4L);
    state.asyncGet().thenAccept(seen::add);

    assertThat(seen).containsExactly(3L, 4L);
  }

  @Test
  void aggregate_expires() throws Exception {
    AggregatingState<Long, String> state =
        state(new AggregatingStateDescriptor<>("state", new Sum(), LongSerializer.INSTANCE));
    state.asyncAdd(1L);
    state.asyncAdd(2L);
    state.asyncGet().thenAccept(seen::add);
    time.time = 100;
    state.asyncGet().thenAccept(seen::add);

    assertThat(seen).containsExactly("3", null);
  }

  @Test
  void value_livesOnWithEachReadIfItIsToldSo() throws Exception {
    ValueStateDescriptor<String> descriptor =
        new ValueStateDescriptor<>("state", StringSerializer.INSTANCE);
    descriptor.enableTimeToLive(
        StateTtlConfig.newBuilder(TIME_TO_LIVE).setUpdateType(UpdateType.OnReadAndWrite).build());
    ValueState<String> state = create(descriptor);
    state.asyncUpdate("value");
    for (int i = 1; i <= 5; i++) {
      time.time = i * 90L;
      state.asyncValue().thenAccept(seen::add);
    }

    assertThat(seen).hasSize(5).containsOnly("value");
  }

  private void see(Object what) {
    seen.add(what);
  }

  @SuppressWarnings("TypeParameterUnusedInFormals") // as in Flink, the descriptor does not know it
  private <S extends State, V> S state(StateDescriptor<V> descriptor) throws Exception {
    descriptor.enableTimeToLive(StateTtlConfig.newBuilder(TIME_TO_LIVE).build());
    return create(descriptor);
  }

  @SuppressWarnings("TypeParameterUnusedInFormals") // as in Flink, the descriptor does not know it
  private <S extends State, V> S create(StateDescriptor<V> descriptor) throws Exception {
    return new AsyncBackend<>(subtasks.at("key"))
        .getOrCreateKeyedState(
            VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, descriptor);
  }

  private static final class Sum implements AggregateFunction<Long, Long, String> {
    private static final long serialVersionUID = 1L;

    @Override
    public Long createAccumulator() {
      return 0L;
    }

    @Override
    public Long add(Long value, Long sum) {
      return sum + value;
    }

    @Override
    public String getResult(Long sum) {
      return sum.toString();
    }

    @Override
    public Long merge(Long left, Long right) {
      return left + right;
    }
  }
}
