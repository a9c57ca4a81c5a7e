package io.timelog.kafka.internal.keyvalue;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.kafka.TimelogStores;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.internals.ProcessorRecordContext;
import org.apache.kafka.streams.query.KeyQuery;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.query.RangeQuery;
import org.apache.kafka.streams.query.TimestampedKeyQuery;
import org.apache.kafka.streams.query.TimestampedRangeQuery;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.TimestampedKeyValueStore;
import org.apache.kafka.streams.state.ValueAndTimestamp;
import org.apache.kafka.test.InternalMockProcessorContext;
import org.apache.kafka.test.MockRecordCollector;
import org.apache.kafka.test.TestUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Interactive queries as an application asks them, through the layers of Kafka Streams. */
final class MeteredQueriesTest {
  private final TimestampedKeyValueStore<String, String> store =
      Stores.timestampedKeyValueStoreBuilder(
              TimelogStores.timestampedKeyValueStore("table"), Serdes.String(), Serdes.String())
          .withLoggingDisabled()
          .build();

  @BeforeEach
  void fill() {
    InternalMockProcessorContext<?, ?> context =
        new InternalMockProcessorContext<>(
            TestUtils.tempDirectory(),
            Serdes.String(),
            Serdes.String(),
            new MockRecordCollector(),
            null);
    context.setRecordContext(new ProcessorRecordContext(0, 7, 0, "topic", new RecordHeaders()));
    store.init(context, store);
    store.put("a", ValueAndTimestamp.make("one", 10));
    store.put("b", ValueAndTimestamp.make("two", 20));
    store.put("c", ValueAndTimestamp.make("three", 30));
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void oneKey_isAnsweredWithAndWithoutItsTimestamp() {
    assertThat(ask(TimestampedKeyQuery.<String, String>withKey("b")).getResult())
        .isEqualTo(ValueAndTimestamp.make("two", 20));
    assertThat(ask(TimestampedKeyQuery.<String, String>withKey("d")).getResult()).isNull();
    assertThat(ask(KeyQuery.<String, Object>withKey("b")).getResult()).isNotNull();
  }

  /** Kafka's adapter casts the iterator of a range to that of RocksDB. */
  @Test
  void rangeOfPlainValuesBehindKafkasAdapter_isAFailureThatNamesTheFormatToUse() {
    var adapted =
        Stores.timestampedKeyValueStoreBuilder(
                TimelogStores.keyValueStore("plain"), Serdes.String(), Serdes.String())
            .withLoggingDisabled()
            .build();
    InternalMockProcessorContext<?, ?> context =
        new InternalMockProcessorContext<>(
            TestUtils.tempDirectory(),
            Serdes.String(),
            Serdes.String(),
            new MockRecordCollector(),
            null);
    context.setRecordContext(new ProcessorRecordContext(0, 7, 0, "topic", new RecordHeaders()));
    adapted.init(context, adapted);
    adapted.put("a", ValueAndTimestamp.make("one", 10));
    QueryConfig config = new QueryConfig(false);

    for (Query<?> range :
        List.of(
            RangeQuery.<String, Object>withNoBounds(),
            TimestampedRangeQuery.<String, String>withNoBounds())) {
      QueryResult<?> result = adapted.query(range, PositionBound.unbounded(), config);
      assertThat(result.isFailure()).isTrue();
      assertThat(result.getFailureMessage())
          .contains("TimelogStores.timestampedKeyValueStore")
          .contains("store=plain");
    }
    assertThat(
            adapted
                .query(
                    TimestampedKeyQuery.<String, String>withKey("a"),
                    PositionBound.unbounded(),
                    config)
                .isSuccess())
        .isTrue();
    adapted.close();
  }

  @Test
  void range_isAnsweredInBothOrders() {
    assertThat(texts(ask(TimestampedRangeQuery.<String, String>withNoBounds())))
        .containsExactly("a=one@10", "b=two@20", "c=three@30");
    assertThat(
            texts(ask(TimestampedRangeQuery.<String, String>withNoBounds().withDescendingKeys())))
        .containsExactly("c=three@30", "b=two@20", "a=one@10");
    assertThat(texts(ask(TimestampedRangeQuery.<String, String>withRange("a", "b"))))
        .containsExactly("a=one@10", "b=two@20");
    assertThat(texts(ask(TimestampedRangeQuery.<String, String>withLowerBound("b"))))
        .containsExactly("b=two@20", "c=three@30");
    assertThat(texts(ask(TimestampedRangeQuery.<String, String>withUpperBound("b"))))
        .containsExactly("a=one@10", "b=two@20");

    List<String> plain = new ArrayList<>();
    try (KeyValueIterator<String, Object> entries =
        ask(RangeQuery.<String, Object>withRange("b", null)).getResult()) {
      entries.forEachRemaining(entry -> plain.add(entry.key));
    }
    assertThat(plain).containsExactly("b", "c");
  }

  @Test
  void answer_reportsThePosition_andWaitsForABound() {
    QueryResult<?> reached = ask(TimestampedKeyQuery.<String, String>withKey("a"));
    assertThat(reached.getPosition())
        .isEqualTo(Position.emptyPosition().withComponent("topic", 0, 7));

    PositionBound ahead = PositionBound.at(Position.emptyPosition().withComponent("topic", 0, 8));
    assertThat(
            store
                .query(
                    TimestampedKeyQuery.<String, String>withKey("a"), ahead, new QueryConfig(false))
                .isFailure())
        .isTrue();
  }

  private <R> QueryResult<R> ask(Query<R> query) {
    return store.query(query, PositionBound.unbounded(), new QueryConfig(false));
  }

  private static List<String> texts(
      QueryResult<KeyValueIterator<String, ValueAndTimestamp<String>>> result) {
    List<String> texts = new ArrayList<>();
    try (KeyValueIterator<String, ValueAndTimestamp<String>> entries = result.getResult()) {
      while (entries.hasNext()) {
        KeyValue<String, ValueAndTimestamp<String>> next = entries.next();
        texts.add(next.key + "=" + next.value.value() + "@" + next.value.timestamp());
      }
    }
    return texts;
  }
}
