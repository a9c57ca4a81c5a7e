package io.timelog.flink.state;

import io.timelog.flink.fixture.Subtasks;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.runtime.state.AbstractKeyedStateBackend;
import org.apache.flink.runtime.state.DefaultKeyedStateStore;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.runtime.state.ttl.TtlTimeProvider;

/** Time-indexed state of strings in the subtasks of an operator. */
final class EventStates implements Closeable {
  private final Subtasks subtasks;
  private final MapStateDescriptor<Long, List<String>> descriptor;
  private final Map<AbstractKeyedStateBackend<String>, TimeIndexedState<String>> states =
      new HashMap<>();

  private EventStates(Subtasks subtasks, MapStateDescriptor<Long, List<String>> descriptor)
      throws Exception {
    this.subtasks = subtasks;
    this.descriptor = descriptor;
    for (AbstractKeyedStateBackend<String> backend : subtasks.backends()) {
      states.put(backend, TimeIndexedStates.of(backend, descriptor));
    }
  }

  /** Of one subtask, without state. */
  static EventStates open(
      Variant on, Path folder, MapStateDescriptor<Long, List<String>> descriptor) throws Exception {
    return open(on, folder, descriptor, 1, List.of());
  }

  static EventStates open(
      Variant on,
      Path folder,
      MapStateDescriptor<Long, List<String>> descriptor,
      int parallelism,
      List<KeyedStateHandle> restored)
      throws Exception {
    return open(on, folder, descriptor, parallelism, restored, TtlTimeProvider.DEFAULT);
  }

  static EventStates open(
      Variant on,
      Path folder,
      MapStateDescriptor<Long, List<String>> descriptor,
      int parallelism,
      List<KeyedStateHandle> restored,
      TtlTimeProvider clock)
      throws Exception {
    return new EventStates(
        Subtasks.of(on.backend(folder))
            .parallelism(parallelism)
            .restoring(restored)
            .clock(clock)
            .open(),
        descriptor);
  }

  Subtasks subtasks() {
    return subtasks;
  }

  /** The state of a key, as operators get it; the key is the current one then. */
  TimeIndexedState<String> at(String key) {
    return states.get(subtasks.at(key));
  }

  /** The state of a key, as functions get it. */
  TimeIndexedState<String> ofFunctionAt(String key) {
    return TimeIndexedStates.of(
        new DefaultKeyedStateStore(
            subtasks.at(key),
            new org.apache.flink.api.common.functions.SerializerFactory() {
              @Override
              public <T> org.apache.flink.api.common.typeutils.TypeSerializer<T> createSerializer(
                  org.apache.flink.api.common.typeinfo.TypeInformation<T> type) {
                throw new AssertionError("The descriptor has a serializer.");
              }
            }),
        descriptor);
  }

  /** The same state as the map that it is to Flink. */
  MapState<Long, List<String>> mapAt(String key) throws Exception {
    return subtasks
        .at(key)
        .getPartitionedState(VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, descriptor);
  }

  @Override
  public void close() throws IOException {
    subtasks.close();
  }
}
