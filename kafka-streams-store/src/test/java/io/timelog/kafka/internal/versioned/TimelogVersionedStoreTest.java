package io.timelog.kafka.internal.versioned;

import static io.timelog.kafka.internal.versioned.VersionedStoreFixture.NAME;
import static io.timelog.kafka.internal.versioned.VersionedStoreFixture.between;
import static io.timelog.kafka.internal.versioned.VersionedStoreFixture.bytes;
import static io.timelog.kafka.internal.versioned.VersionedStoreFixture.changelogRecord;
import static org.apache.kafka.streams.state.VersionedKeyValueStore.PUT_RETURN_CODE_NOT_PUT;
import static org.apache.kafka.streams.state.VersionedKeyValueStore.PUT_RETURN_CODE_VALID_TO_UNDEFINED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.kafka.TimelogStoreConfig;
import io.timelog.kafka.TimelogStores;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.query.FailureReason;
import org.apache.kafka.streams.query.KeyQuery;
import org.apache.kafka.streams.query.MultiVersionedKeyQuery;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.query.VersionedKeyQuery;
import org.apache.kafka.streams.state.VersionedBytesStore;
import org.apache.kafka.streams.state.VersionedRecord;
import org.apache.kafka.streams.state.VersionedRecordIterator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What a versioned store promises: {@code VersionedKeyValueStore}, and what Kafka's own store has
 * made of it.
 */
final class TimelogVersionedStoreTest {
  private static final long LATEST = PUT_RETURN_CODE_VALID_TO_UNDEFINED;
  private static final long SEGMENT = 60_000;
  private static final long RETENTION = 8 * SEGMENT;

  private final VersionedStoreFixture versions = fixture(RETENTION);
  private final VersionedBytesStore store = versions.store;

  private static VersionedStoreFixture fixture(long retentionMillis) {
    return new VersionedStoreFixture(
        TimelogStores.versionedKeyValueStore(NAME, Duration.ofMillis(retentionMillis)));
  }

  @AfterEach
  void close() {
    versions.close();
  }

  private void put(String key, String value, long timestamp, long expectedValidTo) {
    assertThat(versions.put(key, value, timestamp))
        .as("%s@%s=%s", key, timestamp, value)
        .isEqualTo(expectedValidTo);
  }

  @Test
  void newerVersion_endsTheOneBeforeIt() {
    put("k", "a", 10, LATEST);
    put("k", "b", 20, LATEST);

    assertThat(versions.get("k")).isEqualTo("20=b");
    assertThat(versions.get("k", 9)).isNull();
    assertThat(versions.get("k", 10)).isEqualTo("10=a");
    assertThat(versions.get("k", 19)).isEqualTo("10=a");
    assertThat(versions.get("k", 20)).isEqualTo("20=b");
    assertThat(versions.get("k", 1_000_000)).isEqualTo("20=b");
    assertThat(versions.get("k", Long.MAX_VALUE)).isEqualTo("20=b");
    assertThat(versions.query("k", Optional.of(15L))).isEqualTo("10-20=a");
    assertThat(versions.query("k", Optional.of(25L))).isEqualTo("20-=b");
  }

  @Test
  void tombstonesOfAKeyThatWasNeverThere_leaveNothing() {
    put("k", null, 10, LATEST);
    put("k", null, 20, LATEST);

    assertThat(versions.get("k")).isNull();
    assertThat(versions.get("k", 10)).isNull();
    assertThat(versions.get("k", 15)).isNull();
    assertThat(versions.get("k", 25)).isNull();
  }

  @Test
  void lateVersion_isValidUntilTheNextOne() {
    put("k", "d", 40, LATEST);
    put("k", "b", 20, 40);
    put("k", "c", 30, 40);
    put("k", "a", 10, 20);

    assertThat(versions.get("k")).isEqualTo("40=d");
    assertThat(versions.versions("k", 0, 100))
        .containsExactly("40-=d", "30-40=c", "20-30=b", "10-20=a");
  }

  @Test
  void lateVersion_endsAtTheTombstoneBehindIt() {
    put("k", null, 40, LATEST);
    put("k", "b", 20, 40);
    put("k", "c", 30, 40);
    put("k", "a", 10, 20);

    assertThat(versions.get("k")).isNull();
    assertThat(versions.get("k", 40)).isNull();
    assertThat(versions.versions("k", 0, 100)).containsExactly("30-40=c", "20-30=b", "10-20=a");
  }

  @Test
  void lateTombstones_boundWhatComesEvenLater() {
    put("k", "g", 60, LATEST);
    put("k", null, 40, 60);
    put("k", null, 50, 60);
    put("k", null, 20, 40);
    put("k", "b", 10, 20);
    put("k", "d", 30, 40);
    put("k", null, 5, 10);

    assertThat(versions.get("k")).isEqualTo("60=g");
    assertThat(versions.get("k", 45)).isNull();
    assertThat(versions.get("k", 55)).isNull();
    assertThat(versions.get("k", 25)).isNull();
    assertThat(versions.get("k", 7)).isNull();
    assertThat(versions.versions("k", 0, 100)).containsExactly("60-=g", "30-40=d", "10-20=b");
  }

  @Test
  void lateTombstonesBehindATombstone_boundWhatComesEvenLater() {
    put("k", null, 60, LATEST);
    put("k", null, 40, 60);
    put("k", null, 50, 60);
    put("k", null, 20, 40);
    put("k", "d", 30, 40);
    put("k", "b", 10, 20);
    put("k", null, 5, 10);

    assertThat(versions.get("k")).isNull();
    assertThat(versions.versions("k", 0, 100)).containsExactly("30-40=d", "10-20=b");
  }

  @Test
  void lateTombstone_cutsTheVersionInTwo_andItsRestAway() {
    put("k", "a", 10, LATEST);
    put("k", "c", 50, LATEST);
    put("k", null, 30, 50);

    assertThat(versions.versions("k", 0, 100)).containsExactly("50-=c", "10-30=a");
    assertThat(versions.get("k", 30)).isNull();
    assertThat(versions.get("k", 49)).isNull();
    put("k", "b", 40, 50);
    assertThat(versions.versions("k", 0, 100)).containsExactly("50-=c", "40-50=b", "10-30=a");
  }

  @Test
  void sameTimestampAgain_replacesTheLatest() {
    put("k", "a", 10, LATEST);
    put("k", "b", 10, LATEST);
    assertThat(versions.versions("k", 0, 100)).containsExactly("10-=b");

    put("k", null, 10, LATEST);
    assertThat(versions.get("k")).isNull();
    assertThat(versions.get("k", 10)).isNull();
    assertThat(versions.versions("k", 0, 100)).isEmpty();

    put("k", null, 10, LATEST);
    put("k", "c", 10, LATEST);
    assertThat(versions.get("k")).isEqualTo("10=c");
    assertThat(versions.get("k", 9)).isNull();
    assertThat(versions.versions("k", 0, 100)).containsExactly("10-=c");
  }

  @Test
  void sameTimestampAgain_replacesAnOlderVersionAndItsTombstone() {
    put("k", "c", 30, LATEST);
    put("k", null, 10, 30);
    put("k", "a", 10, 30);
    put("k", "b", 20, 30);
    assertThat(versions.versions("k", 0, 100)).containsExactly("30-=c", "20-30=b", "10-20=a");

    put("k", null, 20, 30);
    put("k", null, 20, 30);
    assertThat(versions.versions("k", 0, 100)).containsExactly("30-=c", "10-20=a");

    put("k", "x", 20, 30);
    put("k", "y", 10, 20);
    put("k", null, 30, LATEST);
    assertThat(versions.versions("k", 0, 100)).containsExactly("20-30=x", "10-20=y");
    put("k", "z", 5, 10);
    assertThat(versions.versions("k", 0, 100)).containsExactly("20-30=x", "10-20=y", "5-10=z");
  }

  @Test
  void versionsInManySegments_areFound() {
    put("k", null, SEGMENT - 20, LATEST);
    put("k", "a", SEGMENT - 10, LATEST);
    put("k", null, SEGMENT - 1, LATEST);
    put("k", null, SEGMENT + 1, LATEST);
    put("k", "b", SEGMENT + 10, LATEST);
    put("k", null, 3 * SEGMENT + 20, LATEST);

    assertThat(versions.get("k")).isNull();
    assertThat(versions.get("k", SEGMENT - 15)).isNull();
    assertThat(versions.get("k", SEGMENT - 5)).isEqualTo(SEGMENT - 10 + "=a");
    assertThat(versions.get("k", SEGMENT)).isNull();
    assertThat(versions.get("k", SEGMENT + 5)).isNull();
    assertThat(versions.get("k", 2 * SEGMENT)).isEqualTo(SEGMENT + 10 + "=b");
    assertThat(versions.get("k", 3 * SEGMENT + 30)).isNull();
  }

  @Test
  void versionThatIsCutShort_movesToTheSegmentOfItsNewEnd() {
    put("k", "d", SEGMENT + 20, LATEST);
    put("k", "c", SEGMENT + 10, SEGMENT + 20);
    put("k", "a", SEGMENT - 10, SEGMENT + 10);
    put("k", "b", SEGMENT - 2, SEGMENT + 10);
    put("k", "e", SEGMENT + 1, SEGMENT + 10);

    assertThat(versions.get("k", SEGMENT - 5)).isEqualTo(SEGMENT - 10 + "=a");
    assertThat(versions.get("k", SEGMENT)).isEqualTo(SEGMENT - 2 + "=b");
    assertThat(versions.get("k", SEGMENT + 5)).isEqualTo(SEGMENT + 1 + "=e");
    assertThat(versions.get("k", SEGMENT + 15)).isEqualTo(SEGMENT + 10 + "=c");
  }

  @Test
  void tombstoneBetweenSegments_isValidUntilTheNextVersion() {
    put("k", "d", SEGMENT + 30, LATEST);
    put("k", null, SEGMENT - 10, SEGMENT + 30);
    put("k", "a", SEGMENT - 5, SEGMENT + 30);
    put("k", "b", SEGMENT - 1, SEGMENT + 30);
    put("k", null, SEGMENT - 2, SEGMENT - 1);

    assertThat(versions.get("k", SEGMENT - 10)).isNull();
    assertThat(versions.get("k", SEGMENT - 5)).isEqualTo(SEGMENT - 5 + "=a");
    assertThat(versions.get("k", SEGMENT - 2)).isNull();
    assertThat(versions.get("k", SEGMENT + 10)).isEqualTo(SEGMENT - 1 + "=b");
  }

  @Test
  void emptyValue_isNoTombstone() {
    put("k", null, 40, LATEST);
    put("k", "", 20, 40);
    put("k", "", 50, LATEST);

    assertThat(versions.get("k")).isEqualTo("50=");
    assertThat(versions.get("k", 30)).isEqualTo("20=");
    assertThat(versions.get("k", 45)).isNull();
    assertThat(versions.versions("k", 0, 100)).containsExactly("50-=", "20-40=");
  }

  @Test
  void keys_haveTheirOwnVersions() {
    put("k", "a", 10, LATEST);
    put("kk", "b", 5, LATEST);
    put("", "c", 7, LATEST);

    assertThat(versions.get("k")).isEqualTo("10=a");
    assertThat(versions.get("kk", 6)).isEqualTo("5=b");
    assertThat(versions.get("")).isEqualTo("7=c");
    assertThat(versions.get("other")).isNull();
  }

  @Test
  void delete_returnsWhatWasValid() {
    put("k", "d", 40, LATEST);
    put("k", "c", 30, 40);
    put("k", "a", 10, 30);

    assertThat(versions.delete("k", 20)).isEqualTo("10=a");
    assertThat(versions.delete("k", 30)).isEqualTo("30=c");
    assertThat(versions.delete("k", 30)).isNull();
    assertThat(versions.delete("k", 50)).isEqualTo("40=d");
    assertThat(versions.delete("k", 60)).isNull();
    assertThat(versions.get("k")).isNull();
    assertThat(versions.versions("k", 0, 100)).containsExactly("40-50=d", "10-20=a");
  }

  @Test
  void putBeforeTheHistory_isRefusedAndCounted() {
    put("other", "x", RETENTION + 10, LATEST);

    put("k", "a", 10, LATEST);
    put("k2", "b", 9, PUT_RETURN_CODE_NOT_PUT);

    assertThat(versions.get("k")).isEqualTo("10=a");
    assertThat(versions.get("k2")).isNull();
    assertThat(versions.droppedRecords()).isEqualTo(1);
  }

  @Test
  void deleteBeforeTheHistory_isRefusedAndCounted() {
    put("k1", "a", 1, LATEST);
    put("k2", "b", 1, LATEST);
    put("other", "x", RETENTION + 10, LATEST);

    assertThat(versions.delete("k1", 10)).isEqualTo("1=a");
    assertThat(versions.delete("k2", 9)).isNull();

    assertThat(versions.get("k1")).isNull();
    assertThat(versions.get("k2")).isEqualTo("1=b");
    assertThat(versions.droppedRecords()).isEqualTo(1);
  }

  @Test
  void version_expiresAtTheMillisecond() {
    put("k", "a", 0, LATEST);
    put("k", "b", SEGMENT - 10, LATEST);

    put("other", "x", RETENTION + SEGMENT - 11, LATEST);
    assertThat(versions.get("k", SEGMENT - 11)).isEqualTo("0=a");
    assertThat(versions.versions("k", 0, SEGMENT - 11))
        .containsExactly("0-" + (SEGMENT - 10) + "=a");

    put("other", "y", RETENTION + SEGMENT - 10, LATEST);
    assertThat(versions.get("k", SEGMENT - 11)).isNull();
    assertThat(versions.versions("k", 0, SEGMENT - 11)).isEmpty();
    assertThat(versions.versions("k", 0, SEGMENT)).containsExactly(SEGMENT - 10 + "-=b");
  }

  @Test
  void versionThatIsStillTheLatest_neverExpires() {
    put("k", "a", 1, LATEST);
    put("other", "x", 1, LATEST);
    put("other", "y", 100 * RETENTION, LATEST);

    assertThat(versions.get("k")).isEqualTo("1=a");
    assertThat(versions.get("k", 10)).isEqualTo("1=a");
    assertThat(versions.get("k", 0)).isNull();
    assertThat(versions.query("k", Optional.of(10L))).isEqualTo("1-=a");
    assertThat(versions.versions("k", 0, 10)).containsExactly("1-=a");
    assertThat(versions.get("other", 10)).isNull();
    assertThat(versions.versions("other", 0, 10)).isEmpty();

    put("k", "b", 100 * RETENTION + 5, LATEST);
    assertThat(versions.get("k", 100 * RETENTION)).isEqualTo("1=a");
  }

  @Test
  void historyOfNothing_keepsTheLatest() {
    try (VersionedStoreFixture brief = fixture(0)) {
      assertThat(brief.put("k", "a", 10)).isEqualTo(LATEST);
      assertThat(brief.put("k", "b", 10)).isEqualTo(LATEST);
      assertThat(brief.get("k", 11)).isEqualTo("10=b");
      assertThat(brief.put("k", "c", 12)).isEqualTo(LATEST);
      assertThat(brief.get("k", 12)).isEqualTo("12=c");
      assertThat(brief.get("k", 11)).isNull();
      assertThat(brief.delete("k", 13)).isEqualTo("12=c");
      assertThat(brief.get("k")).isNull();
      assertThat(brief.put("k2", "d", 12)).isEqualTo(PUT_RETURN_CODE_NOT_PUT);
      assertThat(brief.droppedRecords()).isEqualTo(1);
    }
  }

  @Test
  void historyForEver_keepsEverything() {
    try (VersionedStoreFixture endless = fixture(Long.MAX_VALUE)) {
      endless.put("k", "a", 0);
      endless.put("k", "b", Long.MAX_VALUE - 1);
      assertThat(endless.get("k", 1)).isEqualTo("0=a");
      assertThat(endless.get("k")).isEqualTo(Long.MAX_VALUE - 1 + "=b");
    }
  }

  @Test
  void rangeOfTime_findsWhatWasValidInIt() {
    put("k", "a", 10, LATEST);
    put("k", "b", 20, LATEST);
    put("k", null, 30, LATEST);
    put("k", null, 40, LATEST);
    put("k", "c", 50, LATEST);
    put("k", "d", SEGMENT + 60, LATEST);

    assertThat(versions.versions("k", 0, 9)).isEmpty();
    assertThat(versions.versions("k", 0, 10)).containsExactly("10-20=a");
    assertThat(versions.versions("k", 19, 20)).containsExactly("20-30=b", "10-20=a");
    assertThat(versions.versions("k", 29, 29)).containsExactly("20-30=b");
    assertThat(versions.versions("k", 30, 49)).isEmpty();
    assertThat(versions.versions("k", 45, 55)).containsExactly("50-" + (SEGMENT + 60) + "=c");
    assertThat(versions.versions("k", SEGMENT * 2, SEGMENT * 3))
        .containsExactly(SEGMENT + 60 + "-=d");
    assertThat(versions.versionsAscending("k", Long.MIN_VALUE, Long.MAX_VALUE))
        .containsExactly("10-20=a", "20-30=b", "50-" + (SEGMENT + 60) + "=c", SEGMENT + 60 + "-=d");
    assertThat(versions.versions("k", 50, 10)).isEmpty();
  }

  @Test
  void queryForEverything_needsNoBounds() {
    put("k", "a", 10, LATEST);
    put("k", "b", 20, LATEST);

    assertThat(
            VersionedStoreFixture.texts(
                versions
                    .ask(MultiVersionedKeyQuery.<Bytes, byte[]>withKey(bytes("k")))
                    .getResult()))
        .containsExactly("20-=b", "10-20=a");
  }

  @Test
  void versionIterator_seesTheMomentItIsFirstLookedAt() {
    put("k", "a", 10, LATEST);
    try (VersionedRecordIterator<byte[]> iterator =
        versions.ask(between("k", 0, 100).withAscendingTimestamps()).getResult()) {
      put("k", "b", 20, LATEST);
      assertThat(iterator.hasNext()).isTrue();
      put("k", "c", 30, LATEST);
      assertThat(iterator.next()).extracting(VersionedRecord::timestamp).isEqualTo(10L);
      assertThat(iterator.next().validTo()).isEmpty();
      assertThat(iterator.hasNext()).isFalse();
      assertThatThrownBy(iterator::next)
          .isInstanceOf(NoSuchElementException.class)
          .hasMessageContainingAll("store=" + NAME, "task=0_0");
    }
  }

  @Test
  void versionIterator_afterClose_saysSo() {
    put("k", "a", 10, LATEST);
    VersionedRecordIterator<byte[]> closed = versions.ask(between("k", 0, 100)).getResult();
    closed.close();
    assertThatThrownBy(closed::hasNext)
        .isInstanceOf(InvalidStateStoreException.class)
        .hasMessage("Iterator is closed: store=" + NAME + ", task=0_0");

    VersionedRecordIterator<byte[]> open = versions.ask(between("k", 0, 100)).getResult();
    assertThat(open.hasNext()).isTrue();
    store.close();
    assertThatThrownBy(open::hasNext)
        .isInstanceOf(InvalidStateStoreException.class)
        .hasMessage("Store is closed: store=" + NAME + ", task=0_0");
    open.close();
  }

  @Test
  void query_waitsForThePositionItIsBoundTo() {
    versions.process("in", 0, 7);
    put("k", "a", 10, LATEST);
    versions.process("in", 0, 8);
    put("k", "b", -RETENTION - 100, PUT_RETURN_CODE_NOT_PUT);

    assertThat(store.getPosition()).isEqualTo(Position.fromMap(Map.of("in", Map.of(0, 8L))));
    VersionedKeyQuery<Bytes, byte[]> query = VersionedKeyQuery.withKey(bytes("k"));
    QueryResult<VersionedRecord<byte[]>> early =
        store.query(
            query,
            PositionBound.at(Position.fromMap(Map.of("in", Map.of(0, 9L)))),
            new QueryConfig(false));
    assertThat(early.getFailureReason()).isEqualTo(FailureReason.NOT_UP_TO_BOUND);
    QueryResult<VersionedRecord<byte[]>> answered =
        store.query(query, PositionBound.at(store.getPosition()), new QueryConfig(true));
    assertThat(answered.isSuccess()).isTrue();
    assertThat(answered.getPosition()).isEqualTo(store.getPosition());
    assertThat(answered.getExecutionInfo()).hasSize(1);
  }

  @Test
  void unknownQuery_isRefused() {
    assertThat(versions.ask(KeyQuery.withKey(bytes("k"))).getFailureReason())
        .isEqualTo(FailureReason.UNKNOWN_QUERY_TYPE);
  }

  @Test
  void restore_bringsBackEveryVersion() {
    versions.restore(
        List.of(
            changelogRecord("k", "to be replaced", 40),
            changelogRecord("k", null, 10),
            changelogRecord("k", "b", 20),
            changelogRecord("k", "d", 40),
            changelogRecord("k", null, 30)));
    versions.restore(List.of(changelogRecord("k", "a", 5), changelogRecord("k", null, SEGMENT)));

    assertThat(versions.get("k")).isNull();
    assertThat(versions.versions("k", 0, 2 * SEGMENT))
        .containsExactly("40-" + SEGMENT + "=d", "20-30=b", "5-10=a");
  }

  @Test
  void restore_leavesOutWhatCameTooLate_withoutCountingIt() {
    versions.restore(
        List.of(
            changelogRecord("other", "x", RETENTION + 10),
            changelogRecord("k", "a", 10),
            changelogRecord("k2", "b", 9)));

    assertThat(versions.get("k")).isEqualTo("10=a");
    assertThat(versions.get("k2")).isNull();
    assertThat(versions.droppedRecords()).isZero();
  }

  @Test
  void restore_keepsLatestVersionsThatExpireBeforeTheEndOfTheBatch() {
    versions.restore(
        List.of(
            changelogRecord("k", "a", 0),
            changelogRecord("k", "b", 1),
            changelogRecord("gone", "c", 1),
            changelogRecord("gone", null, 2),
            changelogRecord("other", "x", 10 * RETENTION)));

    assertThat(versions.get("k")).isEqualTo("1=b");
    assertThat(versions.get("gone")).isNull();
    assertThat(versions.get("other")).isEqualTo(10 * RETENTION + "=x");
    assertThat(store.approximateNumEntries()).isEqualTo(2);
  }

  @Test
  void restoreOfARecordWithoutAKey_saysWhere() {
    assertThatThrownBy(() -> versions.restore(List.of(changelogRecord(null, "a", 1))))
        .isInstanceOf(ProcessorStateException.class)
        .hasMessageContainingAll("store=" + NAME, "task=0_0", "no key", NAME + "-changelog-0");
  }

  @Test
  void restoreOfARecordWithoutATimestamp_namesTheRecord_andWhatHelps() {
    var foreign = new ConsumerRecord<>(NAME + "-changelog", 2, 43, new byte[] {1}, new byte[] {1});

    assertThatThrownBy(
            () ->
                versions.restore(
                    List.of(
                        changelogRecord("a", "one", 10), foreign, changelogRecord("a", "two", 20))))
        .isInstanceOf(ProcessorStateException.class)
        .hasMessageContainingAll(
            "store=versions, task=0_0, partition=versions-changelog-2, offset=43, cause=A version"
                + " cannot begin at the timestamp of the record: timestamp=-1, minimum=0",
            "kafka-streams-application-reset");
    assertThat(versions.get("a")).isEqualTo("10=one");
  }

  @Test
  void writeThatDoesNotFit_leavesNothingOfItBehind() {
    try (VersionedStoreFixture small =
        new VersionedStoreFixture(
            TimelogStores.versionedKeyValueStore(NAME, Duration.ofMillis(RETENTION)).inMemory(),
            Map.of(TimelogStoreConfig.MEMORY_BUDGET_BYTES, "200000"))) {
      String huge = "x".repeat(300_000);
      small.put("a", "one", 10);

      assertThatThrownBy(() -> small.put("a", huge, 20))
          .isInstanceOf(ProcessorStateException.class)
          .hasMessageContainingAll("Put failed: store=versions, task=0_0");
      assertThat(small.versions("a", 0, 100)).containsExactly("10-=one");

      assertThatThrownBy(() -> small.restore(List.of(changelogRecord("a", huge, 20))))
          .isInstanceOf(ProcessorStateException.class)
          .hasMessageContainingAll(
              "partition=versions-changelog-0, offset=0, cause=The memory budget is exhausted",
              "Raise timelog.memory.budget.bytes");
      assertThat(small.versions("a", 0, 100)).containsExactly("10-=one");
      assertThat(small.put("a", "two", 20)).isEqualTo(LATEST);
      assertThat(small.versions("a", 0, 100)).containsExactly("20-=two", "10-20=one");
    }
  }

  @Test
  void expiredHistory_givesItsMemoryBack() {
    for (int i = 0; i < 200_000; i++) {
      put("k" + i % 10, "value", i * 100L, LATEST);
    }
    assertThat(store.approximateNumEntries()).isLessThanOrEqualTo((RETENTION + SEGMENT) / 100 + 10);
  }

  @Test
  void endOfTime_isRefused_andNothingIsLost() {
    versions.put("a", "one", 10);

    for (ThrowingCallable write :
        List.<ThrowingCallable>of(
            () -> versions.put("a", "two", Long.MAX_VALUE),
            () -> versions.delete("a", Long.MAX_VALUE))) {
      assertThatIllegalArgumentException()
          .isThrownBy(write)
          .withMessageContainingAll("end of time", "store=" + NAME, "task=0_0");
    }
    assertThatThrownBy(() -> versions.restore(List.of(changelogRecord("a", "two", Long.MAX_VALUE))))
        .isInstanceOf(ProcessorStateException.class)
        .hasMessageContainingAll("Restore from the changelog failed", "store=" + NAME);

    assertThat(versions.get("a", Long.MAX_VALUE)).isEqualTo("10=one");
    assertThat(versions.put("a", "two", Long.MAX_VALUE - 1)).isEqualTo(LATEST);
    assertThat(versions.get("a", Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE - 1 + "=two");
    assertThat(versions.get("a", Long.MAX_VALUE - 2)).isEqualTo("10=one");
  }

  @Test
  void nullKey_isRefused() {
    assertThatNullPointerException().isThrownBy(() -> versions.put(null, "a", 1));
    assertThatNullPointerException().isThrownBy(() -> versions.get(null));
    assertThatNullPointerException().isThrownBy(() -> versions.get(null, 1));
    assertThatNullPointerException().isThrownBy(() -> versions.delete(null, 1));
  }

  @Test
  void closedStore_namesItselfAndItsTask() {
    store.close();
    assertThat(store.isOpen()).isFalse();
    for (ThrowingCallable use :
        Arrays.<ThrowingCallable>asList(
            () -> versions.put("k", "a", 1),
            () -> versions.delete("k", 1),
            () -> versions.get("k"),
            () -> versions.get("k", 1))) {
      assertThatThrownBy(use)
          .isInstanceOf(InvalidStateStoreException.class)
          .hasMessage("Store is closed: store=" + NAME + ", task=0_0");
    }
    assertThat(versions.ask(between("k", 0, 1)).getFailureReason())
        .isEqualTo(FailureReason.STORE_EXCEPTION);
  }

  @Test
  void storeThatIsOpenedAgain_isEmpty() {
    put("k", "a", 10 * RETENTION, LATEST);
    store.close();
    store.init(versions.context, store);
    assertThat(versions.get("k")).isNull();
    put("k", "b", 1, LATEST);
  }

  @Test
  void store_managesTheOffsetsOfItsEntries() {
    TopicPartition partition = new TopicPartition("changelog", 0);
    put("k", "a", 1, LATEST);
    store.commit(Map.of(partition, 5L));
    assertThat(store.committedOffset(partition)).isEqualTo(5L);
    assertThat(store.persistent()).isTrue();
    store.close();
    store.init(versions.context, store);
    assertThat(store.committedOffset(partition)).isEqualTo(5L);
    assertThat(versions.get("k")).isEqualTo("1=a");
  }

  @Test
  void operationsWithoutATimestamp_areRefused() {
    assertThatThrownBy(store::all)
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContainingAll("all()", "store=" + NAME);
    assertThatThrownBy(() -> store.put(bytes("k"), new byte[0]))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> store.delete(bytes("k")))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void readOnly_isTheStoreItself() {
    TimelogVersionedStore ours = (TimelogVersionedStore) store;
    assertThat(ours.readOnly(IsolationLevel.READ_COMMITTED)).isSameAs(store);
    assertThat(ours.approximateNumUncommittedBytes()).isZero();
  }

  @Test
  void badSettings_areRefusedAtOnce() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TimelogStores.versionedKeyValueStore("../x", Duration.ZERO))
        .withMessageContaining("../x");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TimelogStores.versionedKeyValueStore("x", Duration.ofMillis(-1)))
        .withMessageContaining("historyRetention");
    assertThat(
            TimelogStores.versionedKeyValueStore("x", Duration.ZERO).inMemory().get().persistent())
        .isFalse();
  }

  /** A put is two writes of the table, and no reader may come between them. */
  @Test
  void queriesWhileVersionsAreWritten_showEachVersionOnce_endingWhereTheNextBegins()
      throws Exception {
    int puts = 30_000;
    AtomicInteger last = new AtomicInteger();
    Thread writer =
        new Thread(
            () -> {
              for (int i = 3; i < puts; i++) {
                store.put(bytes("k"), new byte[1], 10L * i);
                // One that comes late, into the version before.
                store.put(bytes("k"), new byte[1], 10L * (i - 2) + 5);
                last.set(i);
              }
            });
    writer.start();
    try {
      for (int queries = 0; writer.isAlive(); queries++) {
        assertContiguous(10L * Math.max(0, last.get() - 5), queries % 2 == 0);
      }
    } finally {
      writer.join();
    }
  }

  private void assertContiguous(long from, boolean ascending) {
    MultiVersionedKeyQuery<Bytes, byte[]> query = between("k", from, Long.MAX_VALUE);
    List<VersionedRecord<byte[]>> found = new ArrayList<>();
    try (VersionedRecordIterator<byte[]> all =
        versions
            .ask(ascending ? query.withAscendingTimestamps() : query.withDescendingTimestamps())
            .getResult()) {
      all.forEachRemaining(found::add);
    }
    if (!ascending) {
      Collections.reverse(found);
    }
    for (int i = 1; i < found.size(); i++) {
      assertThat(found.get(i - 1).validTo()).hasValue(found.get(i).timestamp());
      assertThat(found.get(i).timestamp()).isGreaterThan(found.get(i - 1).timestamp());
    }
  }
}
