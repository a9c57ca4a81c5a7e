package io.timelog.kafka.internal.eventlog;

import static io.timelog.kafka.internal.eventlog.EventLogFixture.entries;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.TimeRange;
import io.timelog.kafka.eventlog.EventLogCountQuery;
import io.timelog.kafka.eventlog.EventLogIterator;
import io.timelog.kafka.eventlog.EventLogKeyQuery;
import io.timelog.kafka.eventlog.EventLogRangeQuery;
import io.timelog.kafka.eventlog.ReadOnlyEventLogStore;
import java.util.List;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.query.FailureReason;
import org.apache.kafka.streams.query.KeyQuery;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Interactive queries of event-log stores, of both versions. */
final class EventLogQueryTest {
  private final EventLogFixture first = new EventLogFixture();
  private final EventLogFixture second = new EventLogFixture();

  @BeforeEach
  void append() {
    first.process("input", 0, 7);
    first.store.append("a", 10, "one");
    first.store.append("a", 30, "three");
    first.store.append("b", 20, "two");
    second.store.append("c", 15, "other");
    second.store.append("c", 30, "last");
  }

  @AfterEach
  void close() {
    first.close();
    second.close();
  }

  private <R> QueryResult<R> ask(Query<R> query) {
    return first.store.query(query, PositionBound.unbounded(), new QueryConfig(false));
  }

  @Test
  void keyQuery_returnsTheEntriesOfOneKey_inEitherOrder() {
    EventLogKeyQuery<String, String> query = EventLogKeyQuery.of("a", TimeRange.of(0, 100));

    assertThat(entries(ask(query).getResult())).containsExactly("10 a=one", "30 a=three");
    assertThat(entries(ask(query.newestFirst()).getResult()))
        .containsExactly("30 a=three", "10 a=one");
  }

  @Test
  void rangeQuery_returnsTheEntriesOfAllKeys_inEitherOrder() {
    EventLogRangeQuery<String, String> query = EventLogRangeQuery.of(TimeRange.of(10, 30));

    assertThat(entries(ask(query).getResult())).containsExactly("10 a=one", "20 b=two");
    assertThat(entries(ask(query.newestFirst()).getResult()))
        .containsExactly("20 b=two", "10 a=one");
  }

  @Test
  void countQuery_countsTheEntriesOfOneKeyOrOfAll() {
    assertThat(ask(EventLogCountQuery.ofKey("a", TimeRange.all())).getResult()).isEqualTo(2);
    assertThat(ask(EventLogCountQuery.<String>ofAllKeys(TimeRange.all())).getResult()).isEqualTo(3);
  }

  @Test
  void result_hasThePositionOfTheStore() {
    assertThat(ask(EventLogCountQuery.ofAllKeys(TimeRange.all())).getPosition())
        .isEqualTo(Position.emptyPosition().withComponent("input", 0, 7));
  }

  @Test
  void storeThatHasNotComeToTheBound_saysSo() {
    PositionBound bound = PositionBound.at(Position.emptyPosition().withComponent("input", 0, 8));

    QueryResult<Long> early =
        first.store.query(
            EventLogCountQuery.ofAllKeys(TimeRange.all()), bound, new QueryConfig(false));
    first.process("input", 0, 8);
    first.store.append("a", 40, "four");
    QueryResult<Long> later =
        first.store.query(
            EventLogCountQuery.ofAllKeys(TimeRange.all()), bound, new QueryConfig(false));

    assertThat(early.isFailure()).isTrue();
    assertThat(early.getFailureReason()).isEqualTo(FailureReason.NOT_UP_TO_BOUND);
    assertThat(later.getResult()).isEqualTo(4);
  }

  @Test
  void unknownQuery_isAFailure() {
    QueryResult<?> result = ask(KeyQuery.withKey("a"));

    assertThat(result.getFailureReason()).isEqualTo(FailureReason.UNKNOWN_QUERY_TYPE);
  }

  @Test
  void closedStore_isAFailure_thatNamesTheStore() {
    first.close();

    QueryResult<?> result = ask(EventLogCountQuery.ofAllKeys(TimeRange.all()));

    assertThat(result.getFailureReason()).isEqualTo(FailureReason.STORE_EXCEPTION);
    assertThat(result.getFailureMessage()).contains("Store is closed: store=events, task=0_0");
  }

  @Test
  void storeThatWasNeverInitialized_isAFailure() {
    QueryResult<?> result =
        EventLogFixture.eventLog()
            .build()
            .query(
                EventLogCountQuery.ofAllKeys(TimeRange.all()),
                PositionBound.unbounded(),
                new QueryConfig(false));

    assertThat(result.getFailureReason()).isEqualTo(FailureReason.STORE_EXCEPTION);
  }

  private AllPartitions<String, String> both() {
    return new AllPartitions<>(() -> List.of(first.store, second.store));
  }

  @Test
  void allPartitions_areOneLog() {
    ReadOnlyEventLogStore<String, String> all = both();

    assertThat(entries(all.scan("c", TimeRange.all()))).containsExactly("15 c=other", "30 c=last");
    assertThat(entries(all.scanBackward("a", TimeRange.all())))
        .containsExactly("30 a=three", "10 a=one");
    assertThat(entries(all.scanAll(TimeRange.all())))
        .containsExactly("10 a=one", "15 c=other", "20 b=two", "30 a=three", "30 c=last");
    assertThat(entries(all.scanAllBackward(TimeRange.until(30))))
        .containsExactly("20 b=two", "15 c=other", "10 a=one");
    assertThat(all.count("a", TimeRange.all())).isEqualTo(2);
    assertThat(all.count(TimeRange.all())).isEqualTo(5);
    assertThat(all.minTimestamp()).hasValue(10);
    assertThat(all.maxTimestamp()).hasValue(30);
  }

  @Test
  void iteratorOverAllPartitions_isClosedAsAWhole() {
    EventLogIterator<String, String> iterator = both().scanAll(TimeRange.all());
    iterator.next();
    assertThat(first.metric("open-readers")).isEqualTo(1);

    iterator.close();

    assertThat(first.metric("open-readers")).isZero();
    assertThat(second.metric("open-readers")).isZero();
    assertThatThrownBy(iterator::hasNext).isInstanceOf(InvalidStateStoreException.class);
  }

  @Test
  void partitionThatFails_leavesNoOtherOneOpen() {
    second.close();

    assertThatThrownBy(() -> both().scanAll(TimeRange.all()))
        .isInstanceOf(InvalidStateStoreException.class)
        .hasMessage("Store is closed: store=events, task=0_0");
    assertThat(first.metric("open-readers")).isZero();
  }
}
