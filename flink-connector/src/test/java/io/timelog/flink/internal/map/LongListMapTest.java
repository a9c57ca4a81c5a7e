package io.timelog.flink.internal.map;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.timelog.flink.TimelogStateBackend;
import io.timelog.flink.fixture.Subtasks;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.ListSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.api.common.typeutils.base.StringValueSerializer;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.types.StringValue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Maps from longs to lists, with lists short enough to be copied at once, and with longer ones. */
final class LongListMapTest {
  private static final long AT = 1_000;
  private static final int LONG = 100_000;
  private static final int ROUNDS = 3_000;

  private Subtasks subtasks;

  @BeforeEach
  void open() throws Exception {
    subtasks = Subtasks.of(new TimelogStateBackend()).open();
  }

  @AfterEach
  void close() throws Exception {
    subtasks.close();
  }

  private MapState<Long, List<String>> map() throws Exception {
    return map("map", StringSerializer.INSTANCE);
  }

  private <E> MapState<Long, List<E>> map(String name, TypeSerializer<E> elements)
      throws Exception {
    return subtasks
        .at("key")
        .getPartitionedState(
            VoidNamespace.INSTANCE,
            VoidNamespaceSerializer.INSTANCE,
            new MapStateDescriptor<>(
                name, LongSerializer.INSTANCE, new ListSerializer<>(elements)));
  }

  private static List<String> texts(int from, int to) {
    return new ArrayList<>(IntStream.range(from, to).mapToObj(i -> "text " + i).toList());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 255, 256, 257, 1_000})
  void list_thatIsPutBackWithMoreElements_hasThem(int size) throws Exception {
    MapState<Long, List<String>> map = map();
    map.put(AT, texts(0, size));

    for (int i = size; i < size + 5; i++) {
      List<String> list = map.get(AT);
      list.add("text " + i);
      map.put(AT, list);
    }

    assertThat(map.get(AT)).isEqualTo(texts(0, size + 5));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 1_000})
  void list_thatIsPutBackTwice_hasEachElementOnce(int size) throws Exception {
    MapState<Long, List<String>> map = map();
    map.put(AT, texts(0, size));

    List<String> list = map.get(AT);
    list.add("first");
    map.put(AT, list);
    map.put(AT, list);
    list.add("second");
    map.put(AT, list);

    List<String> expected = texts(0, size);
    expected.addAll(List.of("first", "second"));
    assertThat(map.get(AT)).isEqualTo(expected);
    assertThat(list).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 1_000})
  void list_thatIsPutWhereNoneWasFound_isThere(int size) throws Exception {
    MapState<Long, List<String>> map = map();

    assertThat(map.get(AT)).isNull();
    map.put(AT, texts(0, size));

    assertThat(map.get(AT)).isEqualTo(texts(0, size));
    assertThat(map.get(AT - 1)).isNull();
  }

  @Test
  void list_thatIsPutAfterAMiss_replacesWhatWasPutInBetween() throws Exception {
    MapState<Long, List<String>> map = map();

    assertThat(map.get(AT)).isNull();
    map.put(AT, texts(0, 1));
    map.put(AT, texts(1, 2));

    assertThat(map.get(AT)).isEqualTo(texts(1, 2));
  }

  @Test
  void list_thatIsPutAfterAMissElsewhere_replacesWhatIsThere() throws Exception {
    MapState<Long, List<String>> map = map();
    map.put(AT, texts(0, 1));

    assertThat(map.get(AT + 1)).isNull();
    map.put(AT, texts(1, 2));
    assertThat(map.get(AT)).isEqualTo(texts(1, 2));

    subtasks.at("other key");
    assertThat(map.get(AT)).isNull();
    subtasks.at("key");
    map.put(AT, texts(2, 3));
    assertThat(map.get(AT)).isEqualTo(texts(2, 3));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 1_000})
  void list_thatWasChangedInside_isPutBackAsAWhole(int size) throws Exception {
    MapState<Long, List<String>> map = map();
    map.put(AT, texts(0, size));

    List<String> list = map.get(AT);
    list.set(0, "replaced");
    list.remove(1);
    list.add(0, "before");
    list.add("behind");
    map.put(AT, list);

    List<String> expected = texts(0, size);
    expected.set(0, "replaced");
    expected.remove(1);
    expected.add(0, "before");
    expected.add("behind");
    assertThat(map.get(AT)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 1_000})
  void list_showsWhatWasThereWhenItWasAskedFor(int size) throws Exception {
    MapState<Long, List<String>> map = map();
    map.put(AT, texts(0, size));

    List<String> removed = map.get(AT);
    map.remove(AT);
    assertThat(removed).isEqualTo(texts(0, size));

    map.put(AT, texts(0, size));
    List<String> replaced = map.get(AT);
    map.put(AT, List.of("other"));
    assertThat(replaced).isEqualTo(texts(0, size));

    map.put(AT, texts(0, size));
    List<String> cleared = map.get(AT);
    map.clear();
    assertThat(cleared).isEqualTo(texts(0, size));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 1_000})
  void lastOfTwoLists_thatIsPutBack_counts(int size) throws Exception {
    MapState<Long, List<String>> map = map();
    map.put(AT, texts(0, size));

    List<String> one = map.get(AT);
    List<String> two = map.get(AT);
    one.add("one");
    two.add("two");
    map.put(AT, one);
    map.put(AT, two);

    List<String> expected = texts(0, size);
    expected.add("two");
    assertThat(map.get(AT)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 1_000})
  void list_canBePutElsewhere(int size) throws Exception {
    MapState<Long, List<String>> map = map();
    map.put(AT, texts(0, size));

    List<String> list = map.get(AT);
    list.add("more");
    map.put(AT + 1, list);

    List<String> expected = texts(0, size);
    assertThat(map.get(AT)).isEqualTo(expected);
    expected.add("more");
    assertThat(map.get(AT + 1)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 1_000})
  void elementsThatWereChangedInPlace_areStoredAsTheyAre(int size) throws Exception {
    MapState<Long, List<StringValue>> map = map("values", StringValueSerializer.INSTANCE);
    List<StringValue> values = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      values.add(new StringValue("value " + i));
    }
    map.put(AT, values);

    List<StringValue> list = map.get(AT);
    list.get(1).setValue("changed");
    StringValue added = new StringValue("added");
    list.add(added);
    map.put(AT, list);
    assertThat(map.get(AT)).hasSize(size + 1).contains(new StringValue("changed"), added);

    list = map.get(AT);
    StringValue later = new StringValue("later");
    list.add(later);
    map.put(AT, list);
    later.setValue("changed later");
    map.put(AT, list);
    assertThat(map.get(AT)).hasSize(size + 2).endsWith(new StringValue("changed later"));
  }

  @Test
  void longList_isNotReadWhenItIsAddedTo() throws Exception {
    MapState<Long, List<String>> map = map();
    map.put(AT, texts(0, LONG));
    map.put(AT + 1, texts(0, LONG));
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < ROUNDS; i++) {
      List<String> list = map.get(AT + i % 2);
      list.add("text " + (LONG + i / 2));
      map.put(AT + i % 2, list);
    }
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;

    assertThat(allocated / ROUNDS).isLessThan(LONG);
    assertThat(map.get(AT)).isEqualTo(texts(0, LONG + ROUNDS / 2));
    assertThat(map.get(AT + 1)).isEqualTo(texts(0, LONG + ROUNDS / 2));
  }

  @Test
  void listsThatWereHandedOut_stayAsTheyWere_whateverIsAddedAndRemoved() throws Exception {
    MapState<Long, List<String>> map = map();
    map.put(AT, texts(0, 1_000));
    List<List<String>> handedOut = new ArrayList<>();

    for (int i = 0; i < ROUNDS; i++) {
      List<String> list = map.get(AT);
      handedOut.add(map.get(AT));
      list.add("text " + (1_000 + i));
      map.put(AT, list);
    }
    map.remove(AT);

    for (int i = 0; i < ROUNDS; i += 100) {
      assertThat(handedOut.get(i)).isEqualTo(texts(0, 1_000 + i));
    }
  }

  @Test
  void emptyList_isThere() throws Exception {
    MapState<Long, List<String>> map = map();

    map.put(AT, List.of());

    assertThat(map.contains(AT)).isTrue();
    assertThat(map.get(AT)).isEmpty();
    assertThat(map.isEmpty()).isFalse();
    List<String> list = map.get(AT);
    list.add("text");
    map.put(AT, list);
    assertThat(map.get(AT)).containsExactly("text");
  }

  @Test
  void null_isAValue() throws Exception {
    MapState<Long, List<String>> map = map();

    map.put(AT, null);

    assertThat(map.contains(AT)).isTrue();
    assertThat(map.get(AT)).isNull();
    assertThat(map.values()).containsExactly((List<String>) null);
  }

  @Test
  void iterator_comesByKeysAndHasWholeLists() throws Exception {
    MapState<Long, List<String>> map = map();
    long[] keys = {Long.MIN_VALUE, -5, 0, 7, 1_000_000, Long.MAX_VALUE};
    int[] sizes = {3, 200, 1, 127, 1_000, 300};
    for (int i = keys.length - 1; i >= 0; i--) {
      map.put(keys[i], texts(0, sizes[i]));
    }

    Iterator<Map.Entry<Long, List<String>>> entries = map.iterator();

    for (int i = 0; i < keys.length; i++) {
      Map.Entry<Long, List<String>> entry = entries.next();
      assertThat(entry.getKey()).isEqualTo(keys[i]);
      assertThat(entry.getValue()).isEqualTo(texts(0, sizes[i]));
    }
    assertThat(entries.hasNext()).isFalse();
  }
}
