package io.timelog.kafka.internal.eventlog;

import static io.timelog.kafka.internal.eventlog.EventLogFixture.entries;
import static io.timelog.kafka.internal.eventlog.EventLogFixture.eventLog;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.TimeRange;
import io.timelog.kafka.TimelogStoreConfig;
import io.timelog.kafka.TimelogStores;
import io.timelog.kafka.eventlog.EventLogIterator;
import io.timelog.kafka.eventlog.EventLogStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.StreamsConfig.InternalConfig;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.internals.ChangelogRecordDeserializationHelper;
import org.apache.kafka.streams.query.Position;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The contract of an event-log store in the hands of a processor. */
final class EventLogStoreTest {
  private final EventLogFixture fixture = new EventLogFixture();
  private final EventLogStore<String, String> store = fixture.store;

  @AfterEach
  void close() {
    fixture.close();
  }

  private void appendSome() {
    store.append("a", 10, "one");
    store.append("b", 20, "two");
    store.append("a", 30, "three");
    store.append("a", 20, "late");
  }

  @Test
  void scan_isOfOneKey_oldestFirst_andExcludesTheEnd() {
    appendSome();

    assertThat(entries(store.scan("a", TimeRange.of(10, 30))))
        .containsExactly("10 a=one", "20 a=late");
    assertThat(entries(store.scan("a", TimeRange.all())))
        .containsExactly("10 a=one", "20 a=late", "30 a=three");
    assertThat(entries(store.scan("c", TimeRange.all()))).isEmpty();
    assertThat(entries(store.scan("a", TimeRange.empty()))).isEmpty();
  }

  @Test
  void scanBackward_isTheReverse() {
    appendSome();

    assertThat(entries(store.scanBackward("a", TimeRange.of(10, 31))))
        .containsExactly("30 a=three", "20 a=late", "10 a=one");
  }

  @Test
  void scanAll_isOfAllKeys_inTimeOrder() {
    appendSome();

    assertThat(entries(store.scanAll(TimeRange.of(10, 30))))
        .containsExactly("10 a=one", "20 a=late", "20 b=two");
    assertThat(entries(store.scanAllBackward(TimeRange.since(20))))
        .containsExactly("30 a=three", "20 b=two", "20 a=late");
  }

  @Test
  void equalKeysAndTimestamps_areAllKept_inTheOrderOfArrival() {
    store.append("a", 10, "one");
    store.append("a", 10, "two");
    store.append("a", 10, "one");

    assertThat(entries(store.scan("a", TimeRange.at(10))))
        .containsExactly("10 a=one", "10 a=two", "10 a=one");
  }

  @Test
  void everyLong_isATimestamp() {
    store.append("a", Long.MIN_VALUE, "first");
    store.append("a", -1, "before");
    store.append("a", Long.MAX_VALUE, "last");

    assertThat(store.count("a", TimeRange.all())).isEqualTo(3);
    assertThat(store.minTimestamp()).hasValue(Long.MIN_VALUE);
    assertThat(store.maxTimestamp()).hasValue(Long.MAX_VALUE);
    store.deleteBefore(Long.MAX_VALUE);
    assertThat(fixture.contents()).containsExactly(Long.MAX_VALUE + " a=last");
  }

  @Test
  void count_isOfOneKeyOrOfAll() {
    appendSome();

    assertThat(store.count("a", TimeRange.of(10, 30))).isEqualTo(2);
    assertThat(store.count(TimeRange.of(10, 30))).isEqualTo(3);
    assertThat(store.count("c", TimeRange.all())).isZero();
  }

  @Test
  void minAndMaxTimestamp_areOfAllKeys_andEmptyWithoutEntries() {
    assertThat(store.minTimestamp()).isEmpty();
    assertThat(store.maxTimestamp()).isEmpty();

    appendSome();

    assertThat(store.minTimestamp()).hasValue(10);
    assertThat(store.maxTimestamp()).hasValue(30);
  }

  @Test
  void iterator_seesTheMomentInWhichItWasOpened() {
    appendSome();
    try (EventLogIterator<String, String> iterator = store.scan("a", TimeRange.all())) {
      store.append("a", 15, "new");
      store.deleteBefore(100);

      assertThat(entries(iterator)).containsExactly("10 a=one", "20 a=late", "30 a=three");
    }
    assertThat(fixture.contents()).isEmpty();
  }

  @Test
  void iterator_thatIsExhausted_saysSo() {
    EventLogIterator<String, String> iterator = store.scan("a", TimeRange.all());

    assertThat(iterator.hasNext()).isFalse();
    assertThat(iterator.hasNext()).isFalse();
    assertThatThrownBy(iterator::next)
        .isInstanceOf(NoSuchElementException.class)
        .hasMessage("The iterator has no next entry: store=events, task=0_0");
    iterator.close();
  }

  @Test
  void iterator_thatIsClosed_isAnError() {
    appendSome();
    EventLogIterator<String, String> iterator = store.scan("a", TimeRange.all());
    iterator.close();
    iterator.close();

    assertThatThrownBy(iterator::hasNext)
        .isInstanceOf(InvalidStateStoreException.class)
        .hasMessage("Iterator is closed: store=events, task=0_0");
    assertThatThrownBy(iterator::next).isInstanceOf(InvalidStateStoreException.class);
  }

  @Test
  void iterator_whoseStoreIsClosed_isAnError_andNotShort() {
    appendSome();
    EventLogIterator<String, String> iterator = store.scanAll(TimeRange.all());
    iterator.next();

    store.close();

    assertThatThrownBy(iterator::hasNext)
        .isInstanceOf(InvalidStateStoreException.class)
        .hasMessage("Store is closed: store=events, task=0_0");
    iterator.close();
  }

  @Test
  void deleteBefore_isOfAllKeys_andKeepsItsTimestamp() {
    appendSome();

    store.deleteBefore(20);

    assertThat(fixture.contents()).containsExactly("20 a=late", "20 b=two", "30 a=three");
  }

  @Test
  void deletes_hideWhatCameBefore_andNothingThatComesAfter() {
    appendSome();

    store.deleteBefore(25);
    store.append("a", 5, "again");
    store.deleteRange(TimeRange.since(30));
    store.append("b", 40, "again");

    assertThat(fixture.contents()).containsExactly("5 a=again", "40 b=again");
  }

  @Test
  void deleteRange_isOfAllKeys_orOfOne() {
    appendSome();

    store.deleteRange("a", TimeRange.of(20, 30));
    assertThat(fixture.contents()).containsExactly("10 a=one", "20 b=two", "30 a=three");
    store.deleteRange(TimeRange.of(10, 30));
    assertThat(fixture.contents()).containsExactly("30 a=three");
    store.deleteRange(TimeRange.empty());
    store.deleteRange("a", TimeRange.empty());
    assertThat(fixture.contents()).containsExactly("30 a=three");
  }

  @Test
  void retention_forgetsWhatLiesThatFarBehindTheNewestEntry_toTheMillisecond() {
    try (EventLogFixture expiring =
        new EventLogFixture(eventLog().withRetention(Duration.ofMillis(100)))) {
      expiring.store.append("a", 10, "one");
      expiring.store.append("a", 11, "two");
      expiring.store.append("a", 109, "three");
      assertThat(expiring.contents()).hasSize(3);

      expiring.store.append("a", 110, "four");

      assertThat(expiring.contents()).containsExactly("11 a=two", "109 a=three", "110 a=four");
      assertThat(expiring.store.count("a", TimeRange.all())).isEqualTo(3);
      assertThat(expiring.store.count(TimeRange.all())).isEqualTo(3);
      assertThat(expiring.store.minTimestamp()).hasValue(11);
      assertThat(expiring.store.append("a", 10, "late")).isFalse();
      assertThat(expiring.store.append("a", 11, "just in time")).isTrue();
      assertThat(expiring.metric("dropped-records-total")).isEqualTo(1);
      assertThat(expiring.changelog()).hasSize(5);
    }
  }

  @Test
  void retention_givesMemoryBack() {
    try (EventLogFixture expiring =
        new EventLogFixture(eventLog().withRetention(Duration.ofMillis(800)))) {
      for (int i = 0; i < 10_000; i++) {
        expiring.store.append("a", i, "value");
      }

      assertThat(expiring.metric("live-windows")).isBetween(8.0, 9.0);
      assertThat(expiring.metric("entries-dropped-total")).isGreaterThan(9_000);
    }
  }

  @Test
  void everyWrite_isOneRecordOfTheChangelog_withTheTimestampOfWhatIsProcessed() {
    appendSome();
    store.deleteBefore(20);
    store.deleteRange(TimeRange.of(0, 25));
    store.deleteRange("a", TimeRange.of(0, 25));

    assertThat(fixture.changelog()).hasSize(7);
    assertThat(fixture.changelogTimestamps()).containsOnly(EventLogFixture.RECORD_TIMESTAMP);
  }

  @Test
  void deleteBefore_thatCannotFindAnything_isNotWritten() {
    store.deleteBefore(100);
    store.append("a", 200, "one");
    store.deleteBefore(200);
    assertThat(fixture.changelog()).hasSize(1);

    store.deleteBefore(201);
    store.deleteBefore(201);
    store.deleteBefore(150);

    assertThat(fixture.changelog()).hasSize(2);
  }

  @Test
  void storeWithoutLogging_writesNoChangelog() {
    try (EventLogFixture unlogged = new EventLogFixture(eventLog().withLoggingDisabled())) {
      unlogged.store.append("a", 10, "one");
      unlogged.store.deleteBefore(11);

      assertThat(unlogged.changelog()).isEmpty();
    }
  }

  @Test
  void storeWithoutLogging_worksWithAMockOfTheContext_andWithLoggingSaysWhatToDo() {
    MockProcessorContext<Void, Void> mock = new MockProcessorContext<>();
    EventLogStore<String, String> unlogged = eventLog().inMemory().withLoggingDisabled().build();
    unlogged.init(mock.getStateStoreContext(), unlogged);
    unlogged.append("a", 10, "one");
    assertThat(entries(unlogged.scan("a", TimeRange.all()))).containsExactly("10 a=one");
    unlogged.close();

    EventLogStore<String, String> logged = eventLog().inMemory().build();
    logged.init(mock.getStateStoreContext(), logged);
    assertThatThrownBy(() -> logged.append("a", 10, "one"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageEndingWith(
            "With a mock of the context, call withLoggingDisabled() on the builder of the store.");
    assertThat(logged.count(TimeRange.all())).isZero();
    logged.close();
  }

  @Test
  void write_whileNothingIsProcessed_isRefused_andChangesNothing() {
    fixture.context.setRecordContext(null);

    assertThatThrownBy(() -> store.append("a", 10, "one"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "A store with a changelog can be written to only while Kafka Streams processes a record"
                + " or a punctuation: store=events, task=0_0. With a mock of the context, call"
                + " withLoggingDisabled() on the builder of the store.");
    assertThat(fixture.contents()).isEmpty();
  }

  @Test
  void restore_bringsBackEverything_withoutWritingItAgain() {
    appendSome();
    store.deleteBefore(15);
    store.append("a", 5, "again");
    store.deleteRange("b", TimeRange.all());

    try (EventLogFixture restored = new EventLogFixture()) {
      restored.restore(fixture.changelog());

      assertThat(restored.contents()).isEqualTo(fixture.contents()).hasSize(3);
      assertThat(restored.changelog()).isEmpty();
    }
  }

  @Test
  void restore_skipsWhatTheSameBatchDeletes() {
    for (int i = 0; i < 1_000; i++) {
      store.append("a", i, "value");
    }
    store.deleteBefore(999);

    try (EventLogFixture restored = new EventLogFixture()) {
      restored.restore(fixture.changelog());

      assertThat(restored.contents()).containsExactly("999 a=value");
      assertThat(restored.metric("entries-estimate")).isEqualTo(1);
    }
  }

  @Test
  void restore_skipsWhatHasExpired() {
    Duration retention = Duration.ofMillis(100);
    try (EventLogFixture expiring = new EventLogFixture(eventLog().withRetention(retention));
        EventLogFixture restored = new EventLogFixture(eventLog().withRetention(retention))) {
      for (int i = 0; i < 1_000; i++) {
        expiring.store.append("a", i, "value");
      }

      restored.restore(expiring.changelog());

      assertThat(restored.contents()).isEqualTo(expiring.contents()).hasSize(100);
      assertThat(restored.metric("entries-estimate")).isEqualTo(100);
    }
  }

  @Test
  void restoreOfForeignBytes_namesRecordStoreTaskAndCause() {
    var foreign =
        new ConsumerRecord<>("app-events-changelog", 3, 42, new byte[] {9, 9}, new byte[] {1});

    assertThatThrownBy(() -> fixture.restore(List.of(foreign)))
        .isInstanceOf(ProcessorStateException.class)
        .hasMessage(
            "Restore from the changelog failed: store=events, task=0_0,"
                + " partition=app-events-changelog-3, offset=42, cause=Not a changelog record of an"
                + " event-log store, unknown kind of record: kind=9, keyLength=2, valueLength=1"
                + ". This store cannot have written the record, and wiping the state directory would"
                + " only have it read again. If another version of the application wrote it, run"
                + " that version; if the topic belongs to another store, name this one otherwise;"
                + " if the topic is damaged, delete it with kafka-streams-application-reset and the"
                + " state is built anew from the input.");
  }

  @Test
  void restoreOfABatchWithOneForeignRecord_namesIt_andChangesNothing() {
    byte[] inverted = new byte[16];
    inverted[7] = 1;
    try (EventLogFixture expiring =
        new EventLogFixture(eventLog().withRetention(Duration.ofMillis(100)))) {
      var good = new ConsumerRecord<>("topic", 0, 1, entryKey("a", 1_000), new byte[] {1});
      for (var foreign :
          List.of(
              new ConsumerRecord<byte[], byte[]>("topic", 0, 43, entryKey("a", 7), null),
              new ConsumerRecord<>("topic", 0, 43, new byte[] {1, 0}, new byte[] {1}),
              new ConsumerRecord<>("topic", 0, 43, new byte[] {2}, new byte[7]),
              new ConsumerRecord<>("topic", 0, 43, new byte[] {3}, inverted),
              new ConsumerRecord<>("topic", 0, 43, new byte[] {4, 'a'}, inverted))) {
        assertThatThrownBy(() -> expiring.restore(List.of(good, foreign, good)))
            .isInstanceOf(ProcessorStateException.class)
            .hasMessageContaining(
                "store=events, task=0_0, partition=topic-0, offset=43, cause=Not a changelog record"
                    + " of an event-log store");
      }

      assertThat(expiring.contents()).isEmpty();
      assertThat(expiring.store.append("a", 7, "so stream time has not moved")).isTrue();
    }
  }

  private static byte[] entryKey(String key, long timestamp) {
    return EventLogChangelogFormat.entryKey(key.getBytes(UTF_8), timestamp);
  }

  @Test
  void restoreThatDoesNotFit_namesTheRecord_andSaysHowToMakeRoom() {
    try (EventLogFixture small =
        new EventLogFixture(
            eventLog().inMemory(), Map.of(TimelogStoreConfig.MEMORY_BUDGET_BYTES, "200000"))) {
      var good = new ConsumerRecord<>("topic", 0, 43, entryKey("a", 10), "one".getBytes(UTF_8));
      var huge = new ConsumerRecord<>("topic", 0, 44, entryKey("a", 20), new byte[300_000]);

      assertThatThrownBy(() -> small.restore(List.of(good, huge)))
          .isInstanceOf(ProcessorStateException.class)
          .hasMessageContainingAll(
              "partition=topic-0, offset=44, cause=The memory budget is exhausted",
              "Raise timelog.memory.budget.bytes");
      assertThat(small.contents()).containsExactly("10 a=one");
    }
  }

  @Test
  void restoreOfAPositionThatCannotBeRead_namesTheRecord() {
    try (EventLogFixture consistent =
        new EventLogFixture(
            eventLog(), Map.of(InternalConfig.IQ_CONSISTENCY_OFFSET_VECTOR_ENABLED, "true"))) {
      var noVersion = new ConsumerRecord<>("topic", 0, 45, entryKey("a", 10), new byte[] {1});
      noVersion
          .headers()
          .add(ChangelogRecordDeserializationHelper.CHANGELOG_VERSION_HEADER_KEY, new byte[0]);

      assertThatThrownBy(() -> consistent.restore(List.of(noVersion)))
          .isInstanceOf(ProcessorStateException.class)
          .hasMessageContaining("store=events, task=0_0, partition=topic-0, offset=45, cause=");
    }
  }

  @Test
  void nulls_areRefused_andNameStoreAndTask() {
    assertThatThrownBy(() -> store.append(null, 10, "one"))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("A key must not be null: store=events, task=0_0");
    assertThatThrownBy(() -> store.append("a", 10, null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("A value must not be null: store=events, task=0_0");
    assertThatThrownBy(() -> store.scan(null, TimeRange.all()))
        .isInstanceOf(NullPointerException.class);
    assertThat(fixture.contents()).isEmpty();
    assertThat(fixture.changelog()).isEmpty();
  }

  @Test
  void serializerThatFails_leavesTheStoreUnchanged() {
    Serde<String> failing = Serdes.serdeFrom(new Picky(), Serdes.String().deserializer());
    try (EventLogFixture picky =
        new EventLogFixture(TimelogStores.eventLogStore("events", Serdes.String(), failing))) {
      picky.store.append("a", 10, "good");

      assertThatThrownBy(() -> picky.store.append("a", 20, "bad"))
          .isInstanceOf(ProcessorStateException.class)
          .hasMessage("A value could not be serialized: store=events, task=0_0, cause=no bad ones")
          .hasCauseInstanceOf(SerializationException.class);

      assertThat(picky.contents()).containsExactly("10 a=good");
      assertThat(picky.changelog()).hasSize(1);
      picky.store.append("a", 30, "better");
      assertThat(picky.contents()).hasSize(2);
    }
  }

  @Test
  void deserializerThatFails_namesStoreAndTask_andTheIteratorGoesOn() {
    Serde<String> failing =
        Serdes.serdeFrom(
            Serdes.String().serializer(),
            (Deserializer<String>)
                (topic, bytes) -> {
                  if (bytes.length == 3) {
                    throw new SerializationException("no three bytes");
                  }
                  return "read from " + topic;
                });
    try (EventLogFixture picky =
        new EventLogFixture(TimelogStores.eventLogStore("events", Serdes.String(), failing))) {
      picky.store.append("a", 10, "bad");
      picky.store.append("a", 20, "good");
      EventLogIterator<String, String> iterator = picky.store.scan("a", TimeRange.all());

      assertThatThrownBy(iterator::next)
          .isInstanceOf(ProcessorStateException.class)
          .hasMessage(
              "A value could not be deserialized: store=events, task=0_0, cause=no three bytes");
      assertThat(iterator.next().value()).startsWith("read from ").endsWith("-events-changelog");
      iterator.close();
    }
  }

  @Test
  void closedStore_isAnErrorThatNamesStoreAndTask() {
    store.close();
    store.close();

    assertThat(store.isOpen()).isFalse();
    for (Runnable use :
        List.<Runnable>of(
            () -> store.append("a", 10, "one"),
            () -> store.deleteBefore(10),
            () -> store.deleteRange(TimeRange.all()),
            () -> store.deleteRange("a", TimeRange.all()),
            () -> store.scan("a", TimeRange.all()),
            () -> store.scanAll(TimeRange.all()),
            () -> store.count("a", TimeRange.all()),
            () -> store.count(TimeRange.all()),
            store::minTimestamp)) {
      assertThatThrownBy(use::run)
          .isInstanceOf(InvalidStateStoreException.class)
          .hasMessage("Store is closed: store=events, task=0_0");
    }
  }

  @Test
  void storeThatWasNeverInitialized_saysSo() {
    EventLogStore<String, String> fresh = eventLog().build();

    assertThat(fresh.isOpen()).isFalse();
    assertThatThrownBy(() -> fresh.append("a", 10, "one"))
        .isInstanceOf(InvalidStateStoreException.class)
        .hasMessage("Store is not initialized: store=events");
    fresh.close();
  }

  @Test
  void fullBudget_refusesTheEntry_andChangesNothing() {
    try (EventLogFixture small =
        new EventLogFixture(
            eventLog().inMemory(),
            Map.of(TimelogStoreConfig.MEMORY_BUDGET_BYTES, "" + (1 << 20)))) {
      String kilobyte = "x".repeat(1024);
      int written = 0;
      ProcessorStateException refused = null;
      while (refused == null) {
        try {
          small.store.append("a", written, kilobyte);
          written++;
        } catch (ProcessorStateException e) {
          refused = e;
        }
      }

      assertThat(refused).hasMessageStartingWith("Append failed: store=events, task=0_0, cause=");
      assertThat(small.store.count(TimeRange.all())).isEqualTo(written).isPositive();
      assertThat(small.changelog()).hasSize(written);
    }
  }

  @Test
  void position_movesWithEveryWrite() {
    fixture.process("input", 2, 41);
    store.append("a", 10, "one");
    fixture.process("input", 2, 42);
    store.deleteBefore(11);

    assertThat(store.getPosition())
        .isEqualTo(Position.emptyPosition().withComponent("input", 2, 42));
  }

  @Test
  @SuppressWarnings("deprecation") // Kafka asks as long as there are stores that do not.
  void store_managesItsOffsets_andForgetsThemWhenItIsClosed() {
    TopicPartition partition = new TopicPartition("changelog", 0);
    assertThat(store.managesOffsets()).isTrue();
    assertThat(store.committedOffset(partition)).isNull();

    store.append("a", 10, "one");
    store.commit(Map.of(partition, 7L));
    assertThat(store.committedOffset(partition)).isEqualTo(7);

    store.close();
    assertThat(store.committedOffset(partition)).isNull();
  }

  @Test
  void kind_isWhatKafkaStreamsIsTold() {
    assertThat(store.persistent()).isTrue();
    assertThat(eventLog().inMemory().build().persistent()).isFalse();
  }

  /** Refuses "bad". */
  private static final class Picky implements Serializer<String> {
    @Override
    public byte[] serialize(String topic, String value) {
      if (value.equals("bad")) {
        throw new SerializationException("no bad ones");
      }
      return Serdes.String().serializer().serialize(topic, value);
    }
  }
}
