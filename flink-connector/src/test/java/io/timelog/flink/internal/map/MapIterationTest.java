package io.timelog.flink.internal.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.flink.TimelogStateBackend;
import io.timelog.flink.fixture.Subtasks;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class MapIterationTest {
  private static final TimeWindow EARLY = new TimeWindow(0, 10);
  private static final TimeWindow LATE = new TimeWindow(1_000_000, 1_000_010);

  private Subtasks subtasks;

  @BeforeEach
  void open() throws Exception {
    subtasks = Subtasks.of(new TimelogStateBackend()).open();
  }

  @AfterEach
  void close() throws Exception {
    subtasks.close();
  }

  private MapState<String, String> texts(String key, TimeWindow window) throws Exception {
    return subtasks
        .at(key)
        .getPartitionedState(
            window,
            new TimeWindow.Serializer(),
            new MapStateDescriptor<>(
                "texts", StringSerializer.INSTANCE, StringSerializer.INSTANCE));
  }

  private MapState<Long, String> longs() throws Exception {
    return subtasks
        .at("key")
        .getPartitionedState(
            EARLY,
            new TimeWindow.Serializer(),
            new MapStateDescriptor<>("longs", LongSerializer.INSTANCE, StringSerializer.INSTANCE));
  }

  @Test
  void entries_areThoseOfTheKeyAndNamespaceAtWhichTheyWereAskedFor() throws Exception {
    texts("one", EARLY).put("a", "early");
    texts("one", LATE).put("b", "late");
    texts("two", LATE).put("c", "other");

    Iterable<Map.Entry<String, String>> entries = texts("one", EARLY).entries();
    Iterable<String> keys = texts("one", LATE).keys();
    texts("two", LATE);

    assertThat(entries).containsExactly(Map.entry("a", "early"));
    assertThat(keys).containsExactly("b");
  }

  @Test
  void entriesOfLongKeys_comeInTheirOrder() throws Exception {
    List<Long> keys = new ArrayList<>();
    keys.add(Long.MIN_VALUE);
    for (long i = -500; i < 500; i++) {
      keys.add(i * 1_000_003);
    }
    keys.add(Long.MAX_VALUE);
    List<Long> shuffled = new ArrayList<>(keys);
    Collections.shuffle(shuffled, new Random(1));
    for (long key : shuffled) {
      longs().put(key, "value");
    }

    assertThat(longs().keys()).containsExactlyElementsOf(keys);
  }

  @Test
  void entries_stayAsTheyWereReadWhenTheIteratorGoesOn() throws Exception {
    Map<String, String> expected = new HashMap<>();
    for (int i = 0; i < 1_000; i++) {
      expected.put("key " + i, "value " + i);
    }
    texts("key", EARLY).putAll(expected);

    List<Map.Entry<String, String>> entries = new ArrayList<>();
    texts("key", EARLY).iterator().forEachRemaining(entries::add);
    texts("key", EARLY).clear();

    assertThat(entries).containsExactlyInAnyOrderElementsOf(expected.entrySet());
  }

  @Test
  void removal_needsAnEntryThatWasRead() throws Exception {
    longs().put(1L, "value");
    Iterator<Map.Entry<Long, String>> entries = longs().iterator();
    assertThatThrownBy(entries::remove).isInstanceOf(IllegalStateException.class);
    Map.Entry<Long, String> entry = entries.next();

    entries.remove();

    assertThatThrownBy(entries::remove).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> entry.setValue("other")).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(entries::next).isInstanceOf(NoSuchElementException.class);
    assertThat(longs().isEmpty()).isTrue();
  }
}
