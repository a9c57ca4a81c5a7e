package io.timelog.kafka.internal.keyvalue;

import static io.timelog.kafka.internal.keyvalue.KeyValueStoreFixture.NAME;
import static io.timelog.kafka.internal.keyvalue.KeyValueStoreFixture.bytes;
import static io.timelog.kafka.internal.keyvalue.KeyValueStoreFixture.changelogRecord;
import static io.timelog.kafka.internal.keyvalue.KeyValueStoreFixture.entries;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.kafka.TimelogStoreConfig;
import io.timelog.kafka.TimelogStores;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.query.FailureReason;
import org.apache.kafka.streams.query.KeyQuery;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.RangeQuery;
import org.apache.kafka.streams.query.WindowKeyQuery;
import org.apache.kafka.streams.state.HeadersBytesStore;
import org.apache.kafka.streams.state.HeadersBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.TimestampedBytesStore;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is ours to promise beyond Kafka's own contract of a key-value store. */
final class TimelogKeyValueStoreTest {
  private final KeyValueStoreFixture entries =
      new KeyValueStoreFixture(TimelogStores.keyValueStore(NAME), Map.of());
  private final KeyValueStore<Bytes, byte[]> store = entries.store;

  @AfterEach
  void close() {
    entries.close();
  }

  @Test
  void keys_areOrderedAsUnsignedBytes() {
    byte[][] inOrder = {{}, {0}, {0, 0}, {1}, {127}, {-128}, {-1}, {-1, 0}, {-1, -1}};
    for (int i = inOrder.length - 1; i >= 0; i--) {
      store.put(Bytes.wrap(inOrder[i]), new byte[] {(byte) i});
    }
    try (KeyValueIterator<Bytes, byte[]> all = store.all()) {
      for (byte[] key : inOrder) {
        assertThat(all.next().key.get()).isEqualTo(key);
      }
      assertThat(all.hasNext()).isFalse();
    }
  }

  @Test
  void prefixOfLargestBytes_hasNoEnd() {
    for (byte[] key : new byte[][] {{-2}, {-1}, {-1, 5}, {-1, -1}, {-1, -1, 3}}) {
      store.put(Bytes.wrap(key), new byte[0]);
    }
    assertThat(prefixed(-1)).containsExactly("[-1]", "[-1, 5]", "[-1, -1]", "[-1, -1, 3]");
    assertThat(prefixed(-1, -1)).containsExactly("[-1, -1]", "[-1, -1, 3]");
    assertThat(prefixed(-2)).containsExactly("[-2]");
    assertThat(prefixed()).hasSize(5);
    assertThat(prefixed(7)).isEmpty();
  }

  private List<String> prefixed(int... prefix) {
    byte[] bytes = new byte[prefix.length];
    for (int i = 0; i < prefix.length; i++) {
      bytes[i] = (byte) prefix[i];
    }
    List<String> keys = new ArrayList<>();
    try (KeyValueIterator<Bytes, byte[]> found =
        store.prefixScan(bytes, new ByteArraySerializer())) {
      found.forEachRemaining(entry -> keys.add(Arrays.toString(entry.key.get())));
    }
    return keys;
  }

  @Test
  void keysThatComeAndGo_afterTheFirstReadInOrder_keepTheirOrder() {
    entries.put("b", "1");
    assertThat(entries.all()).containsExactly("b=1");

    entries.put("c", "2");
    entries.put("a", "3");
    entries.put("b", null);
    entries.put("c", "4");
    entries.put("never there", null);

    assertThat(entries.all()).containsExactly("a=3", "c=4");
    assertThat(store.approximateNumEntries()).isEqualTo(2);
  }

  @Test
  void iterator_seesTheMomentItIsFirstLookedAt() {
    entries.put("a", "1");
    entries.put("b", "1");
    try (KeyValueIterator<Bytes, byte[]> iterator = store.all()) {
      entries.put("c", "1");
      assertThat(iterator.hasNext()).isTrue();
      entries.put("b", "2");
      entries.put("c", null);
      entries.put("d", "1");
      assertThat(entries(iterator)).containsExactly("a=1", "b=1", "c=1");
    }
    assertThat(entries.all()).containsExactly("a=1", "b=2", "d=1");
  }

  @Test
  void iterator_atItsEnd_hasNoNext() {
    try (KeyValueIterator<Bytes, byte[]> iterator = store.all()) {
      assertThat(iterator.hasNext()).isFalse();
      for (ThrowingCallable use :
          List.<ThrowingCallable>of(iterator::next, iterator::peekNextKey)) {
        assertThatThrownBy(use)
            .isInstanceOf(NoSuchElementException.class)
            .hasMessageContainingAll("store=" + NAME, "task=0_0");
      }
    }
  }

  @Test
  void iterator_afterClose_saysSo() {
    entries.put("a", "1");
    KeyValueIterator<Bytes, byte[]> closed = store.all();
    assertThat(closed.hasNext()).isTrue();
    closed.close();
    closed.close();
    for (ThrowingCallable use :
        List.<ThrowingCallable>of(closed::hasNext, closed::next, closed::peekNextKey)) {
      assertThatThrownBy(use)
          .isInstanceOf(InvalidStateStoreException.class)
          .hasMessage("Iterator is closed: store=" + NAME + ", task=0_0");
    }
  }

  @Test
  void iterator_ofAClosedStore_saysSo() {
    entries.put("a", "1");
    KeyValueIterator<Bytes, byte[]> open = store.all();
    assertThat(open.hasNext()).isTrue();
    store.close();
    assertThatThrownBy(open::hasNext)
        .isInstanceOf(InvalidStateStoreException.class)
        .hasMessage("Store is closed: store=" + NAME + ", task=0_0");
    open.close();
  }

  @Test
  void deletesBehindAnIterator_areAllDone() {
    for (int i = 0; i < 1_000; i++) {
      entries.put(String.format("%04d", i), "v");
    }
    try (KeyValueIterator<Bytes, byte[]> iterator = store.all()) {
      while (iterator.hasNext()) {
        store.put(iterator.next().key, null);
      }
    }
    assertThat(entries.all()).isEmpty();
    assertThat(store.approximateNumEntries()).isZero();
  }

  @Test
  void queries_areAnswered() {
    entries.put("a", "1");
    entries.put("b", "2");
    entries.put("c", "3");

    assertThat(entries.ask(KeyQuery.<Bytes, byte[]>withKey(bytes("b"))).getResult())
        .isEqualTo("2".getBytes(UTF_8));
    assertThat(entries.ask(KeyQuery.<Bytes, byte[]>withKey(bytes("x"))).getResult()).isNull();
    assertThat(entries(entries.ask(RangeQuery.<Bytes, byte[]>withNoBounds()).getResult()))
        .containsExactly("a=1", "b=2", "c=3");
    assertThat(
            entries(
                entries
                    .ask(RangeQuery.<Bytes, byte[]>withLowerBound(bytes("b")).withDescendingKeys())
                    .getResult()))
        .containsExactly("c=3", "b=2");
    assertThat(
            entries(entries.ask(RangeQuery.<Bytes, byte[]>withUpperBound(bytes("b"))).getResult()))
        .containsExactly("a=1", "b=2");
    assertThat(
            entries
                .ask(
                    WindowKeyQuery.withKeyAndWindowStartRange(
                        bytes("a"), Instant.EPOCH, Instant.EPOCH))
                .getFailureReason())
        .isEqualTo(FailureReason.UNKNOWN_QUERY_TYPE);
  }

  @Test
  void position_followsEveryWrite() {
    entries.process("in", 0, 5);
    entries.put("a", "1");
    entries.process("in", 0, 6);
    entries.put("gone", null);
    entries.process("other", 0, 1);
    entries.putIfAbsent("a", "2");
    entries.putIfAbsent("b", "2");

    assertThat(store.getPosition())
        .isEqualTo(Position.fromMap(Map.of("in", Map.of(0, 6L), "other", Map.of(0, 1L))));
    assertThat(
            store
                .query(
                    KeyQuery.<Bytes, byte[]>withKey(bytes("a")),
                    PositionBound.at(Position.fromMap(Map.of("in", Map.of(0, 7L)))),
                    new QueryConfig(false))
                .getFailureReason())
        .isEqualTo(FailureReason.NOT_UP_TO_BOUND);
  }

  @Test
  void restore_putsAndDeletes() {
    assertThat(entries.all()).isEmpty();
    entries.restore(List.of(changelogRecord("a", "1"), changelogRecord("b", "2")));
    entries.restore(List.of(changelogRecord("a", null), changelogRecord("c", "")));
    assertThat(entries.all()).containsExactly("b=2", "c=");
  }

  @Test
  void restoreOfARecordWithoutAKey_saysWhere() {
    assertThatThrownBy(() -> entries.restore(List.of(changelogRecord(null, "1"))))
        .isInstanceOf(ProcessorStateException.class)
        .hasMessageContainingAll("store=" + NAME, "task=0_0", "no key", NAME + "-changelog-0");
  }

  @Test
  void restoreOfAForeignValue_namesTheRecord_andWhatHelps() {
    for (var supplier :
        List.of(
            TimelogStores.timestampedKeyValueStore(NAME),
            TimelogStores.keyValueStoreWithHeaders(NAME))) {
      try (KeyValueStoreFixture fixture = new KeyValueStoreFixture(supplier, Map.of())) {
        var foreign =
            new ConsumerRecord<>(NAME + "-changelog", 2, 43, new byte[] {1}, new byte[] {-1});

        assertThatThrownBy(
                () ->
                    fixture.restore(
                        List.of(
                            changelogRecord("a", "\0has all it needs"),
                            changelogRecord("b", null),
                            foreign,
                            changelogRecord("c", "\0has all it needs"))))
            .isInstanceOf(ProcessorStateException.class)
            .hasMessageContainingAll(
                "store=entries, task=0_0, partition=entries-changelog-2, offset=43, cause=Value ",
                "kafka-streams-application-reset");
        assertThat(fixture.all()).containsExactly("a=\0has all it needs");
      }
    }
  }

  @Test
  void restoreThatDoesNotFit_namesTheRecord_andSaysHowToMakeRoom() {
    try (KeyValueStoreFixture small =
        new KeyValueStoreFixture(
            TimelogStores.keyValueStore(NAME).inMemory(),
            Map.of(TimelogStoreConfig.MEMORY_BUDGET_BYTES, "200000"))) {
      var huge =
          new ConsumerRecord<>(NAME + "-changelog", 0, 44, new byte[] {1}, new byte[300_000]);

      assertThatThrownBy(() -> small.restore(List.of(changelogRecord("a", "1"), huge)))
          .isInstanceOf(ProcessorStateException.class)
          .hasMessageContainingAll(
              "partition=entries-changelog-0, offset=44, cause=The memory budget is exhausted",
              "Raise timelog.memory.budget.bytes");
      assertThat(small.all()).containsExactly("a=1");
    }
  }

  @Test
  void putThatDoesNotFit_isRefusedAndNothingIsLost() {
    try (KeyValueStoreFixture small =
        new KeyValueStoreFixture(
            TimelogStores.keyValueStore(NAME).inMemory(),
            Map.of(TimelogStoreConfig.MEMORY_BUDGET_BYTES, "200000"))) {
      small.put("a", "1");
      assertThatThrownBy(() -> small.store.put(bytes("b"), new byte[300_000]))
          .isInstanceOf(ProcessorStateException.class)
          .hasMessageContainingAll("Put failed", "store=" + NAME, "task=0_0");
      assertThat(small.all()).containsExactly("a=1");
    }
  }

  /** The store that the sides of a left join share: keys come in order and go in order. */
  @Test
  void queue_takesMemoryForWhatIsInItOnly() {
    try (KeyValueStoreFixture small =
        new KeyValueStoreFixture(
            TimelogStores.keyValueStore(NAME).inMemory(),
            Map.of(TimelogStoreConfig.MEMORY_BUDGET_BYTES, "1000000"))) {
      for (int i = 0; i < 100_000; i++) {
        small.store.put(queueKey(i), "not joined".getBytes(UTF_8));
        if (i >= 1_000) {
          small.store.put(queueKey(i - 1_000), null);
        }
        if (i % 1_000 == 0) {
          try (KeyValueIterator<Bytes, byte[]> head = small.store.all()) {
            KeyValue<Bytes, byte[]> first = head.next();
            assertThat(first.key).isEqualTo(queueKey(Math.max(0, i - 999)));
          }
        }
      }
      assertThat(small.store.approximateNumEntries()).isEqualTo(1_000);
    }
  }

  @Test
  void sortedKeys_countIntoTheBudget_untilTheyAreGone() {
    KeyValueBytesStoreSupplier supplier = TimelogStores.keyValueStore(NAME).inMemory();
    // A budget of its own, and all that is counted into it.
    Map<String, String> config = Map.of(TimelogStoreConfig.MEMORY_BUDGET_BYTES, "7654321");
    KeyValueStoreFixture counted = new KeyValueStoreFixture(supplier, config);
    for (int i = 0; i < 1_000; i++) {
      counted.store.put(queueKey(i), new byte[0]);
    }
    long unsorted = budgetUsedBytes(counted);
    counted.all();
    long sorted = budgetUsedBytes(counted);
    assertThat(sorted).isBetween(unsorted + 1_000 * 13, unsorted + 1_000 * 64);

    counted.store.put(queueKey(1_000), new byte[0]);
    counted.store.put(queueKey(1_000), new byte[0]);
    assertThat(budgetUsedBytes(counted)).isGreaterThan(sorted);
    counted.store.put(queueKey(1_000), null);
    counted.store.put(queueKey(1_000), null);
    assertThat(budgetUsedBytes(counted)).isEqualTo(sorted);

    counted.close();
    try (KeyValueStoreFixture again = new KeyValueStoreFixture(supplier, config)) {
      assertThat(budgetUsedBytes(again)).isZero();
    }
  }

  @Test
  void keysThatCannotBeSorted_areStillFound() {
    try (KeyValueStoreFixture small =
        new KeyValueStoreFixture(
            TimelogStores.keyValueStore(NAME).inMemory(),
            Map.of(TimelogStoreConfig.MEMORY_BUDGET_BYTES, "1000000"))) {
      int size = fill(small);
      assertThatThrownBy(small::all)
          .isInstanceOf(ProcessorStateException.class)
          .hasMessageContainingAll("Sorting the keys failed", "store=" + NAME, "task=0_0");
      assertThat(small.store.get(queueKey(size - 1))).isEmpty();
    }
  }

  /** Puts entries until the budget is full; returns how many. */
  private static int fill(KeyValueStoreFixture small) {
    int size = 0;
    try {
      while (size < 200_000) {
        small.store.put(queueKey(size), new byte[0]);
        size++;
      }
    } catch (ProcessorStateException full) {
      return size;
    }
    throw new AssertionError("The budget is larger than this test needs: size=" + size);
  }

  private static long budgetUsedBytes(KeyValueStoreFixture fixture) {
    return fixture.context.metrics().metrics().values().stream()
        .filter(metric -> metric.metricName().name().equals("budget-used-bytes"))
        .mapToLong(metric -> ((Number) metric.metricValue()).longValue())
        .findAny()
        .orElseThrow();
  }

  private static Bytes queueKey(int i) {
    return Bytes.wrap(ByteBuffer.allocate(13).putLong(i).put((byte) (i & 1)).putInt(i).array());
  }

  @Test
  void closedStore_namesItselfAndItsTask() {
    store.close();
    store.close();
    assertThat(store.isOpen()).isFalse();
    for (ThrowingCallable use :
        List.<ThrowingCallable>of(
            () -> entries.put("a", "1"),
            () -> entries.get("a"),
            () -> entries.delete("a"),
            store::all,
            store::reverseAll,
            store::approximateNumEntries)) {
      assertThatThrownBy(use)
          .isInstanceOf(InvalidStateStoreException.class)
          .hasMessage("Store is closed: store=" + NAME + ", task=0_0");
    }
    assertThat(entries.ask(KeyQuery.<Bytes, byte[]>withKey(bytes("a"))).getFailureReason())
        .isEqualTo(FailureReason.STORE_EXCEPTION);
  }

  @Test
  void storeThatIsOpenedAgain_isEmpty() {
    entries.put("a", "1");
    assertThat(entries.all()).hasSize(1);
    store.close();
    store.init(entries.context, store);
    assertThat(entries.all()).isEmpty();
    assertThat(entries.get("a")).isNull();
  }

  @Test
  void nullPrefix_isRefused() {
    assertThatNullPointerException()
        .isThrownBy(() -> store.prefixScan(null, new ByteArraySerializer()));
    assertThatNullPointerException().isThrownBy(() -> store.prefixScan(new byte[0], null));
  }

  @Test
  void putAll_withANullKey_changesNothing() {
    assertThatNullPointerException()
        .isThrownBy(
            () ->
                store.putAll(
                    List.of(
                        KeyValue.pair(KeyValueStoreFixture.bytes("a"), new byte[1]),
                        KeyValue.pair(null, new byte[1]))));
    assertThat(entries.get("a")).isNull();
  }

  @Test
  void store_managesTheOffsetsOfItsEntries() {
    TopicPartition partition = new TopicPartition("changelog", 0);
    entries.put("a", "one");
    store.commit(Map.of(partition, 5L));
    assertThat(store.committedOffset(partition)).isEqualTo(5L);
    assertThat(managesOffsets()).isTrue();
  }

  @SuppressWarnings("deprecation") // Until Kafka assumes it of every store.
  private boolean managesOffsets() {
    return store.managesOffsets();
  }

  @Test
  void formatsAndKinds_areToldByTheType() {
    assertThat(store).isNotInstanceOfAny(TimestampedBytesStore.class, HeadersBytesStore.class);
    assertThat(store.persistent()).isTrue();
    assertThat(TimelogStores.keyValueStore(NAME).inMemory().get().persistent()).isFalse();
    assertThat(TimelogStores.timestampedKeyValueStore(NAME).get())
        .isInstanceOf(TimestampedBytesStore.class)
        .isNotInstanceOf(HeadersBytesStore.class);
    assertThat(TimelogStores.timestampedKeyValueStore(NAME).inMemory().get().persistent())
        .isFalse();
    assertThat(TimelogStores.keyValueStoreWithHeaders(NAME))
        .isInstanceOf(HeadersBytesStoreSupplier.class);
    assertThat(TimelogStores.keyValueStoreWithHeaders(NAME).inMemory())
        .isInstanceOf(HeadersBytesStoreSupplier.class);
    assertThat(TimelogStores.keyValueStoreWithHeaders(NAME).get())
        .isInstanceOf(HeadersBytesStore.class);
  }

  @Test
  void readOnly_isTheStoreItself() {
    TimelogKeyValueStore ours = (TimelogKeyValueStore) store;
    assertThat(ours.readOnly(IsolationLevel.READ_COMMITTED)).isSameAs(store);
    assertThat(ours.approximateNumUncommittedBytes()).isZero();
  }

  @Test
  void badName_isRefusedAtOnce() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TimelogStores.keyValueStore("../x"))
        .withMessageContaining("../x");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TimelogStores.timestampedKeyValueStore("x".repeat(300)))
        .withMessageContaining("length=300");
  }
}
