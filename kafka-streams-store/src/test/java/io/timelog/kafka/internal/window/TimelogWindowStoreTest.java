package io.timelog.kafka.internal.window;

import static io.timelog.kafka.internal.window.StoreFixture.NAME;
import static io.timelog.kafka.internal.window.StoreFixture.RETENTION;
import static io.timelog.kafka.internal.window.StoreFixture.SEGMENT;
import static io.timelog.kafka.internal.window.StoreFixture.bytes;
import static io.timelog.kafka.internal.window.StoreFixture.changelogRecord;
import static io.timelog.kafka.internal.window.StoreFixture.starts;
import static io.timelog.kafka.internal.window.StoreFixture.windows;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.MemoryBudgetExceededException;
import io.timelog.kafka.TimelogStores;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.query.FailureReason;
import org.apache.kafka.streams.query.KeyQuery;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.query.WindowKeyQuery;
import org.apache.kafka.streams.query.WindowRangeQuery;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.WindowStoreIterator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the store promises beyond {@code AbstractWindowBytesStoreTest}. */
final class TimelogWindowStoreTest {
  private static final long DAY = 86_400_000;
  private static final TopicPartition CHANGELOG = new TopicPartition(NAME + "-changelog", 0);

  private StoreFixture fixture = StoreFixture.replacingDuplicates();

  @AfterEach
  void closeStore() {
    fixture.close();
  }

  private void use(StoreFixture other) {
    fixture.close();
    fixture = other;
  }

  // Bounds

  @Test
  void fetch_includesBothEndsOfTheRange() {
    fixture.put("a", 10, "ten");
    fixture.put("a", 20, "twenty");
    fixture.put("a", 30, "thirty");

    assertThat(starts(fixture.store.fetch(bytes("a"), 10, 30)))
        .containsExactly("10=ten", "20=twenty", "30=thirty");
    assertThat(starts(fixture.store.fetch(bytes("a"), 11, 29))).containsExactly("20=twenty");
    assertThat(starts(fixture.store.fetch(bytes("a"), 30, 10))).isEmpty();
  }

  @Test
  void fetch_reachesBothEdgesOfLong() {
    fixture.put("a", 0, "epoch");
    fixture.put("a", 10, "ten");

    assertThat(starts(fixture.store.fetch(bytes("a"), Long.MIN_VALUE, Long.MAX_VALUE)))
        .containsExactly("0=epoch", "10=ten");
    assertThat(starts(fixture.store.backwardFetch(bytes("a"), Long.MIN_VALUE, Long.MAX_VALUE)))
        .containsExactly("10=ten", "0=epoch");
    assertThat(windows(fixture.store.fetchAll(Long.MIN_VALUE, Long.MAX_VALUE)))
        .containsExactly("a@0=epoch", "a@10=ten");

    fixture.put("a", Long.MAX_VALUE - 1, "last window");
    fixture.put("a", Long.MAX_VALUE, "end of time");

    assertThat(fixture.fetch("a", Long.MAX_VALUE)).isEqualTo("end of time");
    assertThat(starts(fixture.store.fetch(bytes("a"), Long.MAX_VALUE, Long.MAX_VALUE)))
        .containsExactly(Long.MAX_VALUE + "=end of time");
    assertThat(windows(fixture.store.all()))
        .as("no window can start at the end of time")
        .containsExactly("a@" + (Long.MAX_VALUE - 1) + "=last window");
  }

  @Test
  void fetch_ofKeyRange_takesNullAsUnbounded() {
    fixture.put("a", 10, "1");
    fixture.put("b", 20, "2");
    fixture.put("c", 30, "3");

    assertThat(windows(fixture.store.fetch(null, bytes("b"), 0, 100)))
        .containsExactly("a@10=1", "b@20=2");
    assertThat(windows(fixture.store.fetch(bytes("b"), null, 0, 100)))
        .containsExactly("b@20=2", "c@30=3");
    assertThat(windows(fixture.store.backwardFetch(null, null, 0, 100)))
        .containsExactly("c@30=3", "b@20=2", "a@10=1");
    assertThat(windows(fixture.store.fetch(bytes("b"), bytes("b"), 0, 100)))
        .containsExactly("b@20=2");
  }

  @Test
  void fetch_ofInvertedKeyRange_isEmpty() {
    fixture.put("a", 10, "1");

    assertThat(windows(fixture.store.fetch(bytes("b"), bytes("a"), 0, 100))).isEmpty();
    assertThat(windows(fixture.store.backwardFetch(bytes("b"), bytes("a"), 0, 100))).isEmpty();
  }

  @Test
  void nullKeys_areRefused_whereOneKeyIsMeant() {
    assertThatNullPointerException().isThrownBy(() -> fixture.put(null, 10, "1"));
    assertThatNullPointerException().isThrownBy(() -> fixture.fetch(null, 10));
    assertThatNullPointerException().isThrownBy(() -> fixture.store.fetch(null, 10, 20));
    assertThatNullPointerException().isThrownBy(() -> fixture.store.backwardFetch(null, 10, 20));
  }

  // Order

  @Test
  void scans_goBySegmentThenKeyThenStart() {
    fixture.put("b", 10, "1");
    fixture.put("a", SEGMENT - 1, "2");
    fixture.put("a", 20, "3");
    fixture.put("aa", 0, "4");
    fixture.put("a", SEGMENT, "5");

    List<String> expected =
        List.of("a@20=3", "a@" + (SEGMENT - 1) + "=2", "aa@0=4", "b@10=1", "a@" + SEGMENT + "=5");
    assertThat(windows(fixture.store.all())).isEqualTo(expected);
    assertThat(windows(fixture.store.fetchAll(0, DAY))).isEqualTo(expected);
    assertThat(windows(fixture.store.fetch(bytes("a"), bytes("b"), 0, DAY))).isEqualTo(expected);
  }

  @Test
  void backwardScans_areTheExactReverse() {
    fixture.put("b", 10, "1");
    fixture.put("a", SEGMENT - 1, "2");
    fixture.put("aa", 0, "3");
    fixture.put("a", SEGMENT, "4");

    List<String> reverse = windows(fixture.store.all());
    Collections.reverse(reverse);
    assertThat(windows(fixture.store.backwardAll())).isEqualTo(reverse);
    assertThat(windows(fixture.store.backwardFetchAll(0, DAY))).isEqualTo(reverse);
    assertThat(windows(fixture.store.backwardFetch(bytes("a"), bytes("b"), 0, DAY)))
        .isEqualTo(reverse);
  }

  @Test
  void keys_areOrderedAsUnsignedBytes() {
    Bytes low = Bytes.wrap(new byte[] {0x7f});
    Bytes high = Bytes.wrap(new byte[] {(byte) 0x80});
    fixture.store.put(high, new byte[0], 10);
    fixture.store.put(low, new byte[0], 10);

    try (KeyValueIterator<Windowed<Bytes>, byte[]> all = fixture.store.all()) {
      assertThat(all.next().key.key()).isEqualTo(low);
      assertThat(all.next().key.key()).isEqualTo(high);
      assertThat(all.hasNext()).isFalse();
    }
  }

  // Values

  @Test
  void put_replacesTheValueOfTheWindow_andNullRemovesIt() {
    fixture.put("a", 10, "one");
    fixture.put("a", 10, "two");
    assertThat(fixture.fetch("a", 10)).isEqualTo("two");

    fixture.put("a", 10, null);
    assertThat(fixture.fetch("a", 10)).isNull();
    assertThat(windows(fixture.store.all())).isEmpty();
  }

  @Test
  void put_ofAnEmptyValue_isNotARemoval() {
    fixture.put("a", 10, "");

    assertThat(fixture.fetch("a", 10)).isEmpty();
  }

  @Test
  void duplicates_areRetainedInTheOrderOfPut() {
    use(StoreFixture.retainingDuplicates());
    fixture.put("a", 10, "one");
    fixture.put("a", 10, "two");
    fixture.put("a", 10, null);
    fixture.put("a", 10, "one");

    assertThat(starts(fixture.store.fetch(bytes("a"), 10, 10)))
        .containsExactly("10=one", "10=two", "10=one");
    assertThat(starts(fixture.store.backwardFetch(bytes("a"), 10, 10)))
        .containsExactly("10=one", "10=two", "10=one");
  }

  @Test
  void fetchOfOneWindow_withDuplicates_isTheNewest() {
    use(StoreFixture.retainingDuplicates());
    fixture.put("a", 10, "one");
    fixture.put("a", 10, "two");
    fixture.put("a", 11, "other");

    assertThat(fixture.fetch("a", 10)).isEqualTo("two");
    assertThat(fixture.fetch("a", 9)).isNull();
  }

  // Expiry

  @Test
  void window_expires_whenStreamTimeIsTheRetentionPastItsStart() {
    fixture.put("a", 10, "one");

    fixture.put("b", 10 + RETENTION.toMillis() - 1, "not yet");
    assertThat(fixture.fetch("a", 10)).isEqualTo("one");
    assertThat(starts(fixture.store.fetch(bytes("a"), 0, 20))).containsExactly("10=one");

    fixture.put("b", 10 + RETENTION.toMillis(), "now");
    assertThat(fixture.fetch("a", 10)).isNull();
    assertThat(starts(fixture.store.fetch(bytes("a"), 0, 20))).isEmpty();
    assertThat(windows(fixture.store.fetch(bytes("a"), bytes("a"), 0, 20))).isEmpty();
    assertThat(windows(fixture.store.fetchAll(0, 20))).isEmpty();
    assertThat(windows(fixture.store.all())).noneMatch(window -> window.startsWith("a"));
  }

  @Test
  void put_ofAnExpiredWindow_isDroppedAndCounted() {
    fixture.put("a", RETENTION.toMillis(), "now");
    assertThat(fixture.droppedRecords()).isZero();

    fixture.put("a", 0, "late by a millisecond");
    assertThat(fixture.droppedRecords()).isEqualTo(1);
    assertThat(fixture.fetch("a", 0)).isNull();

    fixture.put("a", 1, "just in time");
    assertThat(fixture.droppedRecords()).isEqualTo(1);
    assertThat(fixture.fetch("a", 1)).isEqualTo("just in time");
  }

  @Test
  void removalOfAnExpiredWindow_isDroppedAndCounted() {
    fixture.put("a", RETENTION.toMillis(), "now");

    fixture.put("a", 0, null);

    assertThat(fixture.droppedRecords()).isEqualTo(1);
  }

  @Test
  void streamTime_startsAnew_whenTheStoreIsOpenedAgain() {
    fixture.put("a", RETENTION.toMillis(), "now");
    fixture.store.close();
    fixture.store.init(fixture.context, fixture.store);

    fixture.put("a", 0, "first");

    assertThat(windows(fixture.store.all())).containsExactly("a@0=first");
  }

  // Iterators

  @Test
  void iterator_seesWhatIsPutBeforeItIsFirstLookedAt_andNothingLater() {
    fixture.put("a", 10, "before the call");
    try (KeyValueIterator<Windowed<Bytes>, byte[]> all = fixture.store.all()) {
      fixture.put("a", 20, "before the first look");
      assertThat(all.hasNext()).isTrue();
      fixture.put("a", 30, "after it");
      fixture.put("a", 20, "replaced after it");

      assertThat(windows(all))
          .containsExactly("a@10=before the call", "a@20=before the first look");
    }
  }

  @Test
  void iterator_keepsAWindowThatExpiresAfterTheFirstLook() {
    fixture.put("a", 10, "one");
    try (WindowStoreIterator<byte[]> iterator = fixture.store.fetch(bytes("a"), 0, 20)) {
      assertThat(iterator.hasNext()).isTrue();
      fixture.put("a", DAY, "two");

      assertThat(starts(iterator)).containsExactly("10=one");
    }
  }

  @Test
  void peekNextKey_doesNotMoveTheIterator() {
    fixture.put("a", 10, "one");
    fixture.put("a", 20, "two");

    try (KeyValueIterator<Windowed<Bytes>, byte[]> all = fixture.store.all()) {
      assertThat(all.peekNextKey().window().start()).isEqualTo(10);
      assertThat(all.peekNextKey()).isSameAs(all.peekNextKey());
      assertThat(all.next().key.window().start()).isEqualTo(10);
      assertThat(all.peekNextKey().window().start()).isEqualTo(20);
      assertThat(all.peekNextKey().window().end()).isEqualTo(30);
    }
    try (WindowStoreIterator<byte[]> one = fixture.store.fetch(bytes("a"), 0, 100)) {
      assertThat(one.peekNextKey()).isEqualTo(10);
      assertThat(one.next().key).isEqualTo(10);
      assertThat(one.peekNextKey()).isEqualTo(20);
    }
  }

  @Test
  void next_pastTheEnd_isRefused() {
    try (KeyValueIterator<Windowed<Bytes>, byte[]> all = fixture.store.all();
        WindowStoreIterator<byte[]> one = fixture.store.fetch(bytes("a"), 0, 100)) {
      assertThatThrownBy(all::next).isInstanceOf(NoSuchElementException.class);
      assertThatThrownBy(all::peekNextKey).isInstanceOf(NoSuchElementException.class);
      assertThatThrownBy(one::next).isInstanceOf(NoSuchElementException.class);
      assertThatThrownBy(one::peekNextKey).isInstanceOf(NoSuchElementException.class);
    }
  }

  @Test
  void iterator_isEmptyAfterClose() {
    fixture.put("a", 10, "one");
    KeyValueIterator<Windowed<Bytes>, byte[]> unread = fixture.store.all();
    WindowStoreIterator<byte[]> read = fixture.store.fetch(bytes("a"), 0, 100);
    assertThat(read.hasNext()).isTrue();

    unread.close();
    read.close();
    read.close();

    assertThat(unread.hasNext()).isFalse();
    assertThat(read.hasNext()).isFalse();
  }

  @Test
  void iterator_endsWhenTheStoreIsClosed_alsoIfItIsOpenedAgain() {
    fixture.put("a", 10, "one");
    KeyValueIterator<Windowed<Bytes>, byte[]> unread = fixture.store.all();
    WindowStoreIterator<byte[]> read = fixture.store.fetch(bytes("a"), 0, 100);
    assertThat(read.hasNext()).isTrue();

    fixture.store.close();
    fixture.store.init(fixture.context, fixture.store);
    fixture.put("a", 20, "two");

    assertThat(unread.hasNext()).isFalse();
    assertThat(read.hasNext()).isFalse();
    unread.close();
    read.close();
  }

  // Life cycle

  @Test
  void entryThatHasNextHasFound_isGiven_thoughTheStoreIsClosedMeanwhile() {
    fixture.put("a", 10, "one");
    try (WindowStoreIterator<byte[]> found = fixture.store.fetch(bytes("a"), 0, 100)) {
      assertThat(found.hasNext()).isTrue();

      fixture.store.close();

      assertThat(found.peekNextKey()).isEqualTo(10);
      assertThat(found.next().value).asString(UTF_8).isEqualTo("one");
      assertThat(found.hasNext()).isFalse();
    }
  }

  @Test
  void closedStore_isNamedInTheError() {
    fixture.store.close();
    fixture.store.close();

    assertThat(fixture.store.isOpen()).isFalse();
    assertThatThrownBy(() -> fixture.put("a", 10, "one"))
        .isInstanceOf(InvalidStateStoreException.class)
        .hasMessage("Store is closed: store=windows, task=0_0");
    assertThatThrownBy(() -> fixture.fetch("a", 10)).isInstanceOf(InvalidStateStoreException.class);
    assertThatThrownBy(() -> fixture.store.fetch(bytes("a"), 0, 10))
        .isInstanceOf(InvalidStateStoreException.class);
    assertThatThrownBy(() -> fixture.store.all()).isInstanceOf(InvalidStateStoreException.class);
  }

  @Test
  void storeBeforeInit_isNotOpen_andIsNamedInTheError() {
    var store =
        WindowStoreSupplier.of(NAME, RETENTION, StoreFixture.WINDOW_SIZE, ValueFormat.PLAIN).get();

    assertThat(store.isOpen()).isFalse();
    assertThat(store.getPosition().getTopics()).isEmpty();
    assertThat(store.committedOffset(CHANGELOG)).isNull();
    assertThatThrownBy(store::all)
        .isInstanceOf(InvalidStateStoreException.class)
        .hasMessage("Store is not initialized: store=windows");
    store.close();
  }

  @Test
  void nullInAStoreThatRetainsDuplicates_isSkipped_andMovesNoTime() {
    use(StoreFixture.retainingDuplicates());
    long farAhead = 100 * RETENTION.toMillis();
    fixture.process("input", 0, 6);
    fixture.put("a", 1, "one");

    fixture.process("input", 0, 7);
    fixture.put("a", farAhead, null);
    fixture.put("a", 2, "two");

    assertThat(starts(fixture.store.fetch(bytes("a"), 0, farAhead)))
        .containsExactly("1=one", "2=two");
    assertThat(fixture.droppedRecords()).isZero();
    assertThat(fixture.store.getPosition())
        .isEqualTo(Position.emptyPosition().withComponent("input", 0, 7));
  }

  @Test
  void nullInAStoreThatRetainsDuplicates_isNotLate() {
    use(StoreFixture.retainingDuplicates());
    fixture.put("a", 100 * RETENTION.toMillis(), "one");

    fixture.put("a", 1, null);

    assertThat(fixture.droppedRecords()).isZero();
  }

  /** Kafka's layer above writes the null into the changelog all the same. */
  @Test
  void nullInTheChangelogOfAStoreThatRetainsDuplicates_movesNoTime() {
    use(StoreFixture.retainingDuplicates());
    long farAhead = 100 * RETENTION.toMillis();

    fixture.restore(
        List.of(
            StoreFixture.changelogRecord("a", 1, "one"),
            StoreFixture.changelogRecord("a", farAhead, null),
            StoreFixture.changelogRecord("a", 2, "two")));

    assertThat(starts(fixture.store.fetch(bytes("a"), 0, farAhead)))
        .containsExactly("1=one", "2=two");
  }

  @Test
  void offsets_areKeptAsCommitted_withTheirEntries() {
    long unknown = -4;
    assertThat(fixture.store.committedOffset(CHANGELOG)).isNull();

    fixture.put("a", 1, "one");
    fixture.store.commit(Map.of(CHANGELOG, 17L));
    assertThat(fixture.store.committedOffset(CHANGELOG)).isEqualTo(17);

    fixture.store.commit(Map.of(CHANGELOG, unknown));
    assertThat(fixture.store.committedOffset(CHANGELOG)).isEqualTo(unknown);

    Map<TopicPartition, Long> forgotten = new HashMap<>();
    forgotten.put(CHANGELOG, null);
    fixture.store.commit(forgotten);
    assertThat(fixture.store.committedOffset(CHANGELOG)).isNull();

    fixture.store.commit(Map.of(CHANGELOG, 18L));
    fixture.store.commit(Map.of());
    assertThat(fixture.store.committedOffset(CHANGELOG)).isNull();

    fixture.store.commit(Map.of(CHANGELOG, 19L));
    fixture.store.close();
    fixture.store.init(fixture.context, fixture.store);
    assertThat(fixture.store.committedOffset(CHANGELOG)).isEqualTo(19);
    assertThat(fixture.fetch("a", 1)).isEqualTo("one");
  }

  @Test
  void memoryBudget_thatIsExhausted_failsThePutWithStoreAndTask() {
    use(StoreFixture.withMemoryBudget(4 << 20));
    String value = "x".repeat(1 << 16);

    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 100; i++) {
                fixture.put("a", i, value);
              }
            })
        .isInstanceOf(ProcessorStateException.class)
        .hasMessageStartingWith("Put failed: store=windows, task=0_0, cause=")
        .hasMessageContaining("Raise timelog.memory.budget.bytes");
    assertThat(fixture.fetch("a", 0)).isEqualTo(value);
  }

  @Test
  void memoryBudget_thatIsNoPositiveNumber_isRefused() {
    assertThatThrownBy(() -> StoreFixture.withMemoryBudget(0))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "Invalid value 0 for configuration timelog.memory.budget.bytes: must be a number of"
                + " bytes from 1 on");
  }

  // Restore

  @Test
  void restore_bringsBackWhatTheChangelogSays() {
    fixture.restore(
        List.of(
            changelogRecord("a", 10, "one"),
            changelogRecord("a", 20, "two"),
            changelogRecord("a", 10, "three")));
    fixture.restore(List.of(changelogRecord("b", 10, "four"), changelogRecord("a", 20, null)));

    assertThat(windows(fixture.store.all())).containsExactly("a@10=three", "b@10=four");
  }

  @Test
  void restore_withDuplicates_keepsThem() {
    use(StoreFixture.retainingDuplicates());

    fixture.restore(
        List.of(
            changelogRecord("a", 10, "one"),
            changelogRecord("a", 10, "two"),
            changelogRecord("a", 10, null)));

    assertThat(starts(fixture.store.fetch(bytes("a"), 0, 100))).containsExactly("10=one", "10=two");
  }

  @Test
  void restore_skipsWhatIsExpiredAtTheEndOfTheBatch_andCountsNothing() {
    fixture.restore(
        List.of(
            changelogRecord("a", 0, "expired by the last record of its batch"),
            changelogRecord("a", 1, "live"),
            changelogRecord("a", RETENTION.toMillis(), "newest")));

    assertThat(windows(fixture.store.all()))
        .containsExactly("a@1=live", "a@" + RETENTION.toMillis() + "=newest");
    assertThat(fixture.droppedRecords()).isZero();
  }

  @Test
  void restore_movesStreamTimeOn() {
    fixture.restore(List.of(changelogRecord("a", RETENTION.toMillis(), "newest")));

    fixture.put("a", 0, "late");

    assertThat(fixture.droppedRecords()).isEqualTo(1);
  }

  /** Keys that the cache orders otherwise than the table: the store has to have seen them. */
  @Test
  void restore_seesTheShapesOfKeys_asAPutDoes() {
    fixture.put("a", 10, "one");
    fixture.put("a\0", 5, "two");
    List<String> inTheOrderOfTheCache = windows(fixture.store.all());
    assertThat(inTheOrderOfTheCache).containsExactly("a\0@5=two", "a@10=one");

    use(StoreFixture.replacingDuplicates());
    fixture.restore(List.of(changelogRecord("a", 10, "one")));
    fixture.restore(List.of(changelogRecord("a\0", 5, "two")));

    assertThat(windows(fixture.store.all())).isEqualTo(inTheOrderOfTheCache);
  }

  @Test
  void restore_ofAKeyThatIsNoWindowKey_namesTheRecord_andWhatHelps() {
    ConsumerRecord<byte[], byte[]> wrong =
        new ConsumerRecord<>(NAME + "-changelog", 0, 7, new byte[11], new byte[1]);

    assertThatThrownBy(() -> fixture.restore(List.of(wrong)))
        .isInstanceOf(ProcessorStateException.class)
        .hasMessage(
            "Restore from the changelog failed: store=windows, task=0_0,"
                + " partition=windows-changelog-0, offset=7, cause=Changelog key is too short for a"
                + " window store: length=11, minimum=12"
                + ". This store cannot have written the record, and wiping the state directory would"
                + " only have it read again. If another version of the application wrote it, run"
                + " that version; if the topic belongs to another store, name this one otherwise;"
                + " if the topic is damaged, delete it with kafka-streams-application-reset and the"
                + " state is built anew from the input.");
  }

  @Test
  void restore_ofABatchWithOneForeignRecord_namesIt_andChangesNothing() {
    for (ValueFormat format : List.of(ValueFormat.TIMESTAMPED, ValueFormat.HEADERS)) {
      use(
          StoreFixture.of(
              WindowStoreSupplier.of(NAME, RETENTION, StoreFixture.WINDOW_SIZE, format)));
      List<ConsumerRecord<byte[], byte[]>> batch =
          List.of(
              changelogRecord("a", RETENTION.toMillis(), "(a value that has all it needs)"),
              changelogRecord("b", 20, null),
              foreignValue(43, 20),
              changelogRecord("c", 10, "(a value that has all it needs)"));

      assertThatThrownBy(() -> fixture.restore(batch))
          .as(format.name())
          .isInstanceOf(ProcessorStateException.class)
          .hasMessageContainingAll(
              "store=windows, task=0_0, partition=windows-changelog-3, offset=43, cause=Value ",
              "length=1")
          .hasCauseInstanceOf(IllegalArgumentException.class);

      assertThat(windows(fixture.store.all())).isEmpty();
      fixture.put("a", 0, "(so stream time has not moved)");
      assertThat(fixture.droppedRecords()).isZero();
    }
  }

  private static ConsumerRecord<byte[], byte[]> foreignValue(long offset, long windowStart) {
    return new ConsumerRecord<>(
        NAME + "-changelog",
        3,
        offset,
        changelogRecord("a", windowStart, null).key(),
        new byte[] {-1});
  }

  @Test
  void restore_thatDoesNotFit_namesTheRecord_andSaysHowToMakeRoom() {
    use(StoreFixture.withMemoryBudget(200_000));
    var huge =
        new ConsumerRecord<>(
            NAME + "-changelog", 0, 44, changelogRecord("b", 10, null).key(), new byte[300_000]);

    assertThatThrownBy(
            () ->
                fixture.restore(
                    List.of(
                        changelogRecord("a", 10, "one"), huge, changelogRecord("c", 10, "three"))))
        .isInstanceOf(ProcessorStateException.class)
        .hasMessageContainingAll(
            "partition=windows-changelog-0, offset=44, cause=The memory budget is exhausted",
            "store=windows-0_0",
            "Raise timelog.memory.budget.bytes")
        .hasCauseInstanceOf(MemoryBudgetExceededException.class);
    assertThat(windows(fixture.store.all())).containsExactly("a@10=one");
  }

  // Position and interactive queries

  @Test
  void position_followsTheRecordsThatAreWritten() {
    fixture.process("flights", 0, 5);
    fixture.put("a", 10, "one");
    fixture.process("flights", 0, 8);
    fixture.put("a", 10, "two");
    fixture.process("airports", 0, 2);
    fixture.put("a", 20, "three");

    assertThat(fixture.store.getPosition())
        .isEqualTo(
            Position.emptyPosition()
                .withComponent("flights", 0, 8)
                .withComponent("airports", 0, 2));
  }

  // Through Kafka's metering layer: WindowKeyQuery swaps its ends, and the layer swaps them back.
  @Test
  void windowKeyQuery_answersWithTheWindowsOfTheKey() {
    WindowStore<String, String> store =
        Stores.windowStoreBuilder(
                TimelogStores.windowStore("typed", RETENTION, StoreFixture.WINDOW_SIZE),
                Serdes.String(),
                Serdes.String())
            .withLoggingDisabled()
            .build();
    store.init(fixture.context, store);
    store.put("a", "one", 10);
    store.put("a", "two", 21);
    store.put("b", "three", 10);

    QueryResult<WindowStoreIterator<String>> result =
        store.query(
            WindowKeyQuery.withKeyAndWindowStartRange(
                "a", Instant.ofEpochMilli(10), Instant.ofEpochMilli(20)),
            PositionBound.unbounded(),
            new QueryConfig(false));

    try (WindowStoreIterator<String> windows = result.getResult()) {
      assertThat(windows).toIterable().containsExactly(KeyValue.pair(10L, "one"));
    }
    store.close();
  }

  @Test
  void windowRangeQuery_answersWithTheWindowsOfAllKeys() {
    fixture.put("a", 10, "one");
    fixture.put("b", 20, "two");
    fixture.put("b", 30, "three");

    var result =
        fixture.store.query(
            WindowRangeQuery.<Bytes, byte[]>withWindowStartRange(
                Instant.ofEpochMilli(0), Instant.ofEpochMilli(20)),
            PositionBound.unbounded(),
            new QueryConfig(true));

    assertThat(windows(result.getResult())).containsExactly("a@10=one", "b@20=two");
    assertThat(result.getExecutionInfo()).hasSize(1);
  }

  @Test
  void query_reportsThePositionItSaw_andWaitsForABound() {
    fixture.process("flights", 0, 5);
    fixture.put("a", 10, "one");
    var query =
        WindowRangeQuery.<Bytes, byte[]>withWindowStartRange(
            Instant.ofEpochMilli(0), Instant.ofEpochMilli(20));

    QueryResult<?> reached =
        fixture.store.query(query, PositionBound.at(flights(5)), new QueryConfig(false));
    QueryResult<?> tooEarly =
        fixture.store.query(query, PositionBound.at(flights(6)), new QueryConfig(false));

    assertThat(reached.isSuccess()).isTrue();
    assertThat(reached.getPosition()).isEqualTo(flights(5));
    assertThat(tooEarly.isFailure()).isTrue();
    assertThat(tooEarly.getFailureReason()).isEqualTo(FailureReason.NOT_UP_TO_BOUND);
  }

  private static Position flights(long offset) {
    return Position.emptyPosition().withComponent("flights", 0, offset);
  }

  @Test
  void query_thatTheStoreDoesNotKnow_isAFailedResult() {
    QueryResult<?> result =
        fixture.store.query(
            KeyQuery.withKey(bytes("a")), PositionBound.unbounded(), new QueryConfig(false));

    assertThat(result.isFailure()).isTrue();
    assertThat(result.getFailureReason()).isEqualTo(FailureReason.UNKNOWN_QUERY_TYPE);
  }

  @Test
  void query_ofAClosedStore_isAFailedResult() {
    fixture.store.close();

    QueryResult<?> result =
        fixture.store.query(
            WindowRangeQuery.<Bytes, byte[]>withWindowStartRange(
                Instant.ofEpochMilli(0), Instant.ofEpochMilli(20)),
            PositionBound.unbounded(),
            new QueryConfig(false));

    assertThat(result.isFailure()).isTrue();
    assertThat(result.getFailureReason()).isEqualTo(FailureReason.STORE_EXCEPTION);
    assertThat(result.getFailureMessage()).contains("store=windows");
  }

  // What the layers above look at

  @Test
  void store_isPersistentAndManagesItsOffsets() {
    assertThat(fixture.store.persistent()).isTrue();
    assertThat(managesOffsets()).isTrue();
    assertThat(fixture.store.name()).isEqualTo("windows");
  }

  @SuppressWarnings("deprecation")
  private boolean managesOffsets() {
    return fixture.store.managesOffsets();
  }
}
