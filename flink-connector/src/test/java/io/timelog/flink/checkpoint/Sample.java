package io.timelog.flink.checkpoint;

import io.timelog.flink.TimelogOptions;
import io.timelog.flink.TimelogStateBackend;
import io.timelog.flink.fixture.Subtasks;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.TimerHeapInternalTimer;

/** Some keys with a list, a map of times and a timer each: enough to have files of all kinds. */
final class Sample {
  static final int KEYS = 20;

  private Sample() {}

  static TimelogStateBackend backend(boolean incremental, int threads) {
    Configuration configuration = new Configuration();
    configuration.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, incremental);
    configuration.set(TimelogOptions.TRANSFER_THREADS, threads);
    return new TimelogStateBackend().configure(configuration, Sample.class.getClassLoader());
  }

  static String key(int number) {
    return "key " + number;
  }

  /** Adds something at each key. */
  static void write(Subtasks subtasks, int round) throws Exception {
    for (int i = 0; i < KEYS; i++) {
      list(subtasks, i).add("element " + round);
      map(subtasks, i).put(round * 1_000L, "value " + round);
      subtasks
          .timersAt(key(i))
          .add(new TimerHeapInternalTimer<>(round, key(i), VoidNamespace.INSTANCE));
    }
  }

  /** All that there is at all keys, and the times of timers. */
  static List<Object> content(Subtasks subtasks) throws Exception {
    List<Object> content = new ArrayList<>();
    for (int i = 0; i < KEYS; i++) {
      List<String> elements = new ArrayList<>();
      Iterable<String> stored = list(subtasks, i).get();
      if (stored != null) {
        stored.forEach(elements::add);
      }
      TreeMap<Long, String> entries = new TreeMap<>();
      map(subtasks, i).entries().forEach(e -> entries.put(e.getKey(), e.getValue()));
      content.add(List.of(elements, entries));
    }
    content.add(subtasks.timers());
    return content;
  }

  private static ListState<String> list(Subtasks subtasks, int key) throws Exception {
    return subtasks
        .at(key(key))
        .getPartitionedState(
            VoidNamespace.INSTANCE,
            VoidNamespaceSerializer.INSTANCE,
            new ListStateDescriptor<>("list", StringSerializer.INSTANCE));
  }

  private static MapState<Long, String> map(Subtasks subtasks, int key) throws Exception {
    return subtasks
        .at(key(key))
        .getPartitionedState(
            VoidNamespace.INSTANCE,
            VoidNamespaceSerializer.INSTANCE,
            new MapStateDescriptor<>("map", LongSerializer.INSTANCE, StringSerializer.INSTANCE));
  }
}
