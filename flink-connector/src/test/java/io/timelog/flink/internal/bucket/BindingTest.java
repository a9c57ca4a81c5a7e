package io.timelog.flink.internal.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.flink.TimelogStateBackend;
import io.timelog.flink.fixture.Backends;
import io.timelog.flink.fixture.Subtasks;
import io.timelog.flink.internal.async.AsyncBackend;
import io.timelog.flink.internal.map.MapStates;
import io.timelog.flink.state.TimeIndexedStateDescriptor;
import io.timelog.flink.state.TimeIndexedStates;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.functions.SerializerFactory;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.ListSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateLatencyTrackOptions;
import org.apache.flink.runtime.state.AbstractKeyedStateBackend;
import org.apache.flink.runtime.state.DefaultKeyedStateStore;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Full speed where nothing of Flink has to see each access, the map everywhere else. */
@Tag("oldest-flink")
final class BindingTest {
  private final MapStateDescriptor<Long, List<String>> descriptor =
      new TimeIndexedStateDescriptor<>("events", StringSerializer.INSTANCE);

  private MapState<Long, List<String>> map(AbstractKeyedStateBackend<String> backend)
      throws Exception {
    return backend.getPartitionedState(
        VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, descriptor);
  }

  private static KeyedStateStore store(AbstractKeyedStateBackend<String> backend) {
    return new DefaultKeyedStateStore(
        backend,
        new SerializerFactory() {
          @Override
          public <T> TypeSerializer<T> createSerializer(TypeInformation<T> type) {
            throw new AssertionError("The descriptor has a serializer.");
          }
        });
  }

  @Test
  void stateOfTheBackend_isBoundToItsTable() throws Exception {
    try (Subtasks subtasks = Subtasks.of(new TimelogStateBackend()).open()) {
      AbstractKeyedStateBackend<String> backend = subtasks.at("key");
      Object stored = MapStates.timeIndexed(map(backend));

      assertThat(stored).isNotNull();
      assertThat(TimeIndexedStates.of(backend, descriptor)).isSameAs(stored);
      assertThat(TimeIndexedStates.of(store(backend), descriptor)).isSameAs(stored);
    }
  }

  /** Operators with asynchronous state have the same tables. */
  @Test
  void asynchronousState_isBoundToItsTable() throws Exception {
    try (Subtasks subtasks = Subtasks.of(new TimelogStateBackend()).open()) {
      AbstractKeyedStateBackend<String> backend = subtasks.at("key");
      org.apache.flink.api.common.state.v2.MapState<Long, List<String>> map =
          new AsyncBackend<>(backend)
              .getOrCreateKeyedState(
                  VoidNamespace.INSTANCE,
                  VoidNamespaceSerializer.INSTANCE,
                  new org.apache.flink.api.common.state.v2.MapStateDescriptor<>(
                      "events",
                      LongSerializer.INSTANCE,
                      new ListSerializer<>(StringSerializer.INSTANCE)));

      assertThat(Binding.bind(map)).isSameAs(MapStates.timeIndexed(map(backend)));
    }
  }

  @Test
  void stateWithATimeToLive_isBoundToTheMap() throws Exception {
    descriptor.enableTimeToLive(StateTtlConfig.newBuilder(Duration.ofDays(1)).build());
    requireMap(Subtasks.of(new TimelogStateBackend()));
  }

  @Test
  void stateThatIsMeasured_isBoundToTheMap() throws Exception {
    Configuration measured = new Configuration();
    measured.set(StateLatencyTrackOptions.LATENCY_TRACK_ENABLED, true);
    requireMap(Subtasks.of(Backends.configured(measured)));
  }

  @Test
  void stateOfAnotherBackend_isBoundToTheMap() throws Exception {
    requireMap(Subtasks.of(new HashMapStateBackend()));
  }

  private void requireMap(Subtasks.Builder builder) throws Exception {
    try (Subtasks subtasks = builder.open()) {
      AbstractKeyedStateBackend<String> backend = subtasks.at("key");
      assertThat(TimeIndexedStates.of(backend, descriptor)).isInstanceOf(BucketedState.class);
      assertThat(TimeIndexedStates.of(store(backend), descriptor))
          .isInstanceOf(BucketedState.class);
    }
  }

  /** Whatever a later Flink puts around a state: what it is for is not known, so it stays. */
  @Test
  @SuppressWarnings("unchecked")
  void wrapperThatIsNotKnown_isBoundAsAMap() throws Exception {
    try (Subtasks subtasks = Subtasks.of(new TimelogStateBackend()).open()) {
      MapState<Long, List<String>> map = map(subtasks.at("key"));
      MapState<Long, List<String>> wrapped =
          (MapState<Long, List<String>>)
              Proxy.newProxyInstance(
                  getClass().getClassLoader(),
                  new Class<?>[] {MapState.class},
                  (proxy, method, arguments) -> method.invoke(map, arguments));

      assertThat(TimeIndexedStates.over(wrapped)).isInstanceOf(BucketedState.class);
      TimeIndexedStates.over(wrapped).append(10, "value");
      assertThat(TimeIndexedStates.over(map).at(10)).containsExactly("value");
    }
  }
}
