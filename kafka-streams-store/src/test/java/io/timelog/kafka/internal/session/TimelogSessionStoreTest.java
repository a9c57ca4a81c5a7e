package io.timelog.kafka.internal.session;

import static io.timelog.kafka.internal.session.SessionFixture.NAME;
import static io.timelog.kafka.internal.session.SessionFixture.PARTITION;
import static io.timelog.kafka.internal.session.SessionFixture.RETENTION;
import static io.timelog.kafka.internal.session.SessionFixture.SEGMENT;
import static io.timelog.kafka.internal.session.SessionFixture.bytes;
import static io.timelog.kafka.internal.session.SessionFixture.changelogRecord;
import static io.timelog.kafka.internal.session.SessionFixture.sessions;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.kafka.TimelogStoreConfig;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.query.KeyQuery;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.WindowRangeQuery;
import org.apache.kafka.streams.state.HeadersBytesStore;
import org.apache.kafka.streams.state.HeadersBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class TimelogSessionStoreTest {
  private static final long RETENTION_MILLIS = RETENTION.toMillis();

  private SessionFixture fixture = new SessionFixture(SessionFixture.plain());

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void findSessions_givesThoseThatEndFromTheOneAndStartUpToTheOtherTime() {
    fixture.put("a", 0, 9, "early");
    fixture.put("a", 5, 10, "first");
    fixture.put("a", 20, 30, "second");
    fixture.put("a", 21, 40, "late");
    fixture.put("b", 10, 20, "other");

    assertThat(sessions(fixture.store.findSessions(bytes("a"), 10, 20)))
        .containsExactly("a[5,10]=first", "a[20,30]=second");
    assertThat(sessions(fixture.store.backwardFindSessions(bytes("a"), 10, 20)))
        .containsExactly("a[20,30]=second", "a[5,10]=first");
  }

  @Test
  void findSessions_reachesBothEdgesOfLong() {
    fixture.put("a", 0, 10, "one");

    assertThat(sessions(fixture.store.findSessions(bytes("a"), Long.MIN_VALUE, Long.MAX_VALUE)))
        .containsExactly("a[0,10]=one");
    assertThat(sessions(fixture.store.findSessions(Long.MIN_VALUE, Long.MAX_VALUE)))
        .containsExactly("a[0,10]=one");
    assertThat(sessions(fixture.store.findSessions(bytes("a"), Long.MAX_VALUE, Long.MIN_VALUE)))
        .isEmpty();
  }

  @Test
  void sessionsOfOneKey_withEqualEnds_lieInTheOrderOfTheirStarts() {
    fixture.put("a", 300, 400, "later");
    fixture.put("a", 2, 400, "earlier");

    assertThat(sessions(fixture.store.fetch(bytes("a"))))
        .containsExactly("a[2,400]=earlier", "a[300,400]=later");
    assertThat(sessions(fixture.store.backwardFetch(bytes("a"))))
        .containsExactly("a[300,400]=later", "a[2,400]=earlier");
  }

  @Test
  void rangesOfKeys_goBySegmentThenKeyThenEnd_andTakeNullAsUnbounded() {
    fixture.put("b", 0, 10, "1");
    fixture.put("a", 0, 20, "2");
    fixture.put("a", 0, SEGMENT, "3");
    fixture.put("c", 0, 5, "4");

    assertThat(sessions(fixture.store.fetch(null, null)))
        .containsExactly("a[0,20]=2", "b[0,10]=1", "c[0,5]=4", "a[0," + SEGMENT + "]=3");
    assertThat(sessions(fixture.store.backwardFetch(null, bytes("b"))))
        .containsExactly("a[0," + SEGMENT + "]=3", "b[0,10]=1", "a[0,20]=2");
    assertThat(sessions(fixture.store.findSessions(bytes("b"), bytes("a"), 0, 100))).isEmpty();
  }

  @Test
  void findSessions_ofARangeOfTime_goesByEnd() {
    fixture.put("b", 0, 10, "1");
    fixture.put("a", 0, 20, "2");
    fixture.put("a", 0, 10, "3");

    assertThat(sessions(fixture.store.findSessions(10, 20)))
        .containsExactly("a[0,10]=3", "b[0,10]=1", "a[0,20]=2");
    assertThat(sessions(fixture.store.findSessions(11, 19))).isEmpty();
  }

  @Test
  void remove_takesOutOneSession_andDoesNothingIfThereIsNone() {
    fixture.put("a", 0, 10, "one");
    fixture.put("a", 5, 10, "two");
    fixture.remove("a", 0, 10);
    fixture.remove("a", 1, 10);
    fixture.remove("b", 0, 10);

    assertThat(sessions(fixture.store.fetch(bytes("a")))).containsExactly("a[5,10]=two");
    assertThat(fixture.fetchSession("a", 0, 10)).isNull();
    assertThat(fixture.fetchSession("a", 5, 10)).isEqualTo("two");
  }

  @Test
  void put_ofNull_removesTheSession() {
    fixture.put("a", 0, 10, "one");
    fixture.put("a", 0, 10, null);

    assertThat(sessions(fixture.store.fetch(bytes("a")))).isEmpty();
  }

  @Test
  void session_expires_whenStreamTimeIsTheRetentionPastItsEnd() {
    fixture.put("a", 0, 10, "one");
    fixture.put("b", 0, RETENTION_MILLIS + 9, "newer");
    assertThat(fixture.fetchSession("a", 0, 10)).isEqualTo("one");

    fixture.put("b", 0, RETENTION_MILLIS + 10, "newest");
    assertThat(fixture.fetchSession("a", 0, 10)).isNull();
    assertThat(sessions(fixture.store.fetch(bytes("a")))).isEmpty();
    assertThat(sessions(fixture.store.findSessions(0, 10))).isEmpty();
    fixture.put("a", 0, 10, "late");
    assertThat(fixture.droppedRecords()).isEqualTo(1);
  }

  @Test
  void storeThatEmitsOnClose_showsByTimeWhatHasJustExpired() {
    fixture.close();
    fixture = new SessionFixture(SessionFixture.plain().emittingOnClose());
    fixture.put("a", 0, 10, "closed");
    fixture.put("b", 0, RETENTION_MILLIS + 2 * PARTITION, "newest");
    fixture.put("a", 0, 2 * PARTITION, "closes now");

    assertThat(sessions(fixture.store.findSessions(0, 2 * PARTITION)))
        .containsExactly("a[0,10]=closed", "a[0," + 2 * PARTITION + "]=closes now");
    assertThat(sessions(fixture.store.fetch(bytes("a")))).isEmpty();
    assertThat(fixture.droppedRecords()).isZero();
  }

  @Test
  void iterator_seesWhatIsPutBeforeItIsFirstLookedAt_andNothingLater() {
    KeyValueIterator<Windowed<Bytes>, byte[]> iterator = fixture.store.fetch(bytes("a"));
    fixture.put("a", 0, 10, "before");
    assertThat(iterator.hasNext()).isTrue();
    fixture.put("a", 0, 20, "after");

    assertThat(sessions(iterator)).containsExactly("a[0,10]=before");
  }

  @Test
  void iterator_pastTheEnd_isRefusedWithStoreAndTask() {
    KeyValueIterator<Windowed<Bytes>, byte[]> iterator = fixture.store.fetch(bytes("a"));
    iterator.close();

    assertThat(iterator.hasNext()).isFalse();
    assertThatThrownBy(iterator::next)
        .isInstanceOf(NoSuchElementException.class)
        .hasMessageContaining("store=sessions, task=0_0");
    assertThatThrownBy(iterator::peekNextKey).isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void closedStore_isNamedInTheErrorOfAWrite() {
    fixture.store.close();

    assertThat(fixture.store.isOpen()).isFalse();
    assertThatThrownBy(() -> fixture.put("a", 0, 10, "one"))
        .isInstanceOf(InvalidStateStoreException.class)
        .hasMessage("Store is closed: store=sessions, task=0_0");
    assertThatThrownBy(() -> fixture.remove("a", 0, 10))
        .isInstanceOf(InvalidStateStoreException.class);
    assertThatThrownBy(() -> fixture.fetchSession("a", 0, 10))
        .isInstanceOf(InvalidStateStoreException.class);
  }

  @Test
  void restore_bringsBackWhatTheChangelogSays_andSkipsWhatIsExpired() {
    fixture.restore(
        List.of(
            changelogRecord("a", 0, 10, "expired"),
            changelogRecord("a", 5, 20, "one"),
            changelogRecord("b", 5, 20, "two"),
            changelogRecord("b", 5, 20, null),
            changelogRecord("c", 0, RETENTION_MILLIS + 15, "newest")));

    assertThat(sessions(fixture.store.fetch(null, null)))
        .containsExactly("a[5,20]=one", "c[0," + (RETENTION_MILLIS + 15) + "]=newest");
    assertThat(fixture.droppedRecords()).isZero();
  }

  @Test
  void restore_movesStreamTimeOn() {
    fixture.restore(List.of(changelogRecord("a", 0, RETENTION_MILLIS, "newest")));

    fixture.put("a", 0, 0, "late");

    assertThat(fixture.droppedRecords()).isEqualTo(1);
    assertThat(fixture.fetchSession("a", 0, 0)).isNull();
  }

  /** Keys that the cache orders otherwise than the table: the store has to have seen them. */
  @Test
  void restore_seesTheShapesOfKeys_asAPutDoes() {
    fixture.put("a", 0, 10, "one");
    fixture.put("a\0", 0, 5, "two");
    List<String> inTheOrderOfTheCache = sessions(fixture.store.fetch(null, null));
    assertThat(inTheOrderOfTheCache).containsExactly("a\0[0,5]=two", "a[0,10]=one");

    try (SessionFixture restored = new SessionFixture(SessionFixture.plain())) {
      restored.restore(List.of(changelogRecord("a", 0, 10, "one")));
      restored.restore(List.of(changelogRecord("a\0", 0, 5, "two")));

      assertThat(sessions(restored.store.fetch(null, null))).isEqualTo(inTheOrderOfTheCache);
    }
  }

  @Test
  void restore_ofAKeyThatIsNoSessionKey_namesTheRecord_andChangesNothing() {
    ConsumerRecord<byte[], byte[]> tooShort =
        new ConsumerRecord<>(NAME + "-changelog", 0, 7, new byte[15], new byte[1]);
    byte[] endsBeforeItStarts = new byte[16];
    endsBeforeItStarts[15] = 1;
    ConsumerRecord<byte[], byte[]> inverted =
        new ConsumerRecord<>(NAME + "-changelog", 0, 8, endsBeforeItStarts, new byte[1]);

    assertThatThrownBy(() -> fixture.restore(List.of(changelogRecord("a", 0, 10, "one"), tooShort)))
        .isInstanceOf(ProcessorStateException.class)
        .hasMessage(
            "Restore from the changelog failed: store=sessions, task=0_0,"
                + " partition=sessions-changelog-0, offset=7, cause=Changelog key is too short for"
                + " a session store: length=15, minimum=16"
                + ". This store cannot have written the record, and wiping the state directory would"
                + " only have it read again. If another version of the application wrote it, run"
                + " that version; if the topic belongs to another store, name this one otherwise;"
                + " if the topic is damaged, delete it with kafka-streams-application-reset and the"
                + " state is built anew from the input.");
    assertThatThrownBy(() -> fixture.restore(List.of(inverted)))
        .isInstanceOf(ProcessorStateException.class)
        .hasMessageContainingAll("offset=8", "start=1, end=0");
    assertThat(sessions(fixture.store.fetch(null, null))).isEmpty();
  }

  @Test
  void restore_ofAnAggregateWithoutItsHeaders_namesTheRecord_andChangesNothing() {
    try (SessionFixture headers =
        new SessionFixture(SessionStoreSupplier.of(NAME, RETENTION, AggregateFormat.HEADERS))) {
      ConsumerRecord<byte[], byte[]> cutOff =
          new ConsumerRecord<>(
              NAME + "-changelog",
              0,
              43,
              changelogRecord("b", 0, 10, null).key(),
              new byte[] {6, 1, 1});

      assertThatThrownBy(
              () ->
                  headers.restore(
                      List.of(
                          changelogRecord("a", 0, RETENTION_MILLIS, "\0one"),
                          cutOff,
                          changelogRecord("c", 0, 10, "\0three"))))
          .isInstanceOf(ProcessorStateException.class)
          .hasMessageContaining(
              "store=sessions, task=0_0, partition=sessions-changelog-0, offset=43, cause=Value is"
                  + " too short for its headers: length=3, headersLength=3, minimum=4.");

      assertThat(sessions(headers.store.fetch(null, null))).isEmpty();
      headers.put("a", 0, 1, "\0so stream time has not moved");
      assertThat(headers.droppedRecords()).isZero();
    }
  }

  @Test
  void restore_thatDoesNotFit_namesTheRecord_andSaysHowToMakeRoom() {
    try (SessionFixture small =
        new SessionFixture(
            SessionFixture.plain().inMemory(),
            Map.of(TimelogStoreConfig.MEMORY_BUDGET_BYTES, "200000"))) {
      ConsumerRecord<byte[], byte[]> huge =
          new ConsumerRecord<>(
              NAME + "-changelog",
              0,
              44,
              changelogRecord("b", 0, 10, null).key(),
              new byte[300_000]);

      assertThatThrownBy(() -> small.restore(List.of(changelogRecord("a", 0, 10, "one"), huge)))
          .isInstanceOf(ProcessorStateException.class)
          .hasMessageContainingAll(
              "partition=sessions-changelog-0, offset=44, cause=The memory budget is exhausted",
              "Raise timelog.memory.budget.bytes");
      assertThat(sessions(small.store.fetch(null, null))).containsExactly("a[0,10]=one");
    }
  }

  @Test
  void windowRangeQuery_answersWithTheSessionsOfOneKey() {
    fixture.put("a", 0, 10, "one");
    fixture.put("b", 0, 10, "other");
    Query<KeyValueIterator<Windowed<Bytes>, byte[]>> query = WindowRangeQuery.withKey(bytes("a"));

    assertThat(
            sessions(
                fixture
                    .store
                    .query(query, PositionBound.unbounded(), new QueryConfig(false))
                    .getResult()))
        .containsExactly("a[0,10]=one");
    assertThat(
            fixture
                .store
                .query(
                    KeyQuery.<Bytes, byte[]>withKey(bytes("a")),
                    PositionBound.unbounded(),
                    new QueryConfig(false))
                .isFailure())
        .isTrue();
  }

  @Test
  void format_isToldByTheTypesOfStoreAndSupplier() {
    SessionStoreSupplier headers =
        SessionStoreSupplier.of(NAME, RETENTION, AggregateFormat.HEADERS);

    assertThat(headers.inMemory().emittingOnClose()).isInstanceOf(HeadersBytesStoreSupplier.class);
    assertThat(headers.get()).isInstanceOf(HeadersBytesStore.class);
    assertThat(SessionFixture.plain()).isNotInstanceOf(HeadersBytesStoreSupplier.class);
    assertThat(SessionFixture.plain().get()).isNotInstanceOf(HeadersBytesStore.class);
  }

  /** Trap: a store with headers that does not is restored with wrong bytes by Kafka 4.3.1. */
  @Test
  @SuppressWarnings("deprecation")
  void store_managesItsOffsets_inEveryKindAndFormat() {
    for (AggregateFormat format : AggregateFormat.values()) {
      SessionStoreSupplier supplier = SessionStoreSupplier.of(NAME, RETENTION, format);
      assertThat(supplier.get().managesOffsets()).isTrue();
      assertThat(supplier.get().persistent()).isTrue();
      assertThat(supplier.inMemory().get().managesOffsets()).isTrue();
      assertThat(supplier.inMemory().get().persistent()).isFalse();
    }
  }

  @Test
  void methodsOfKafka44_areThere() {
    TimelogSessionStore store = (TimelogSessionStore) fixture.store;

    assertThat(store.readOnly(IsolationLevel.READ_COMMITTED)).isSameAs(store);
    assertThat(store.approximateNumUncommittedBytes()).isZero();
  }

  @Test
  void nullKeys_areRefused_whereOneKeyIsMeant() {
    assertThatThrownBy(() -> fixture.store.fetch(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> fixture.store.fetchSession(null, 0, 1))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> fixture.store.put(null, new byte[0]))
        .isInstanceOf(NullPointerException.class);
  }
}
