package io.timelog.kafka;

import static io.timelog.kafka.AnyStore.CHANGELOG;
import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.kafka.AnyStore.Kind;
import io.timelog.kafka.AnyStore.Life;
import io.timelog.kafka.internal.host.WrittenTables;
import java.io.File;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a store does when the producer of its thread has committed a transaction. */
final class CommittedTransactionsTest {
  private static final long MINUTE = 60_000;
  private static final TopicPartition OTHER = new TopicPartition("other", 0);
  private static final Map<String, String> EXACTLY_ONCE =
      Map.of(
          StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
          StreamsConfig.EXACTLY_ONCE_V2,
          StreamsConfig.DEFAULT_CLIENT_SUPPLIER_CONFIG,
          TimelogClientSupplier.class.getName());

  @TempDir File directory;

  private AnyStore open(Kind kind) {
    return kind.open(Life.PERSISTENT, directory, EXACTLY_ONCE);
  }

  private static void commitTransaction(Map<TopicPartition, Long> offsets) {
    WrittenTables.ofThisThread().committed(offsets);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void storeThatWasWrittenTo_commitsWithEachTransaction(Kind kind) {
    Object committed;
    try (AnyStore store = open(kind)) {
      store.write("a", MINUTE, "one");
      commitTransaction(Map.of(CHANGELOG, 4L, OTHER, 100L));
      store.write("a", MINUTE, "two");
      commitTransaction(Map.of(CHANGELOG, 5L, OTHER, 200L));
      committed = store.contents();
      store.write("a", MINUTE, "not committed");
    }

    try (AnyStore store = open(kind)) {
      assertThat(store.store().committedOffset(CHANGELOG)).isEqualTo(5);
      assertThat(store.contents()).isEqualTo(committed);
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void transactionWithoutRecordsOfTheStore_isNoneOfItsCommits(Kind kind) {
    try (AnyStore store = open(kind)) {
      store.write("a", MINUTE, "one");
      commitTransaction(Map.of(CHANGELOG, 4L));
      store.write("a", MINUTE, "two");
      commitTransaction(Map.of(OTHER, 100L));
    }

    try (AnyStore store = open(kind)) {
      assertThat(store.store().committedOffset(CHANGELOG)).isEqualTo(4);
    }
  }

  /** A standby of the same task, or one that is restored, has not what the transaction has. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void storeThatWasNotWrittenTo_takesNoOffset(Kind kind) {
    try (AnyStore store = open(kind)) {
      store.restore(store.changelogRecord(3, "a", MINUTE, "one"));
      store.commit(3);
      commitTransaction(Map.of(CHANGELOG, 4L));
      assertThat(store.store().committedOffset(CHANGELOG)).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void storeOfAnotherThread_takesNoOffset(Kind kind) throws Exception {
    try (AnyStore store = open(kind)) {
      Thread writer = new Thread(() -> store.write("a", MINUTE, "one"));
      writer.start();
      writer.join();
      commitTransaction(Map.of(CHANGELOG, 4L));
      assertThat(store.store().committedOffset(CHANGELOG)).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void storeThatIsClosed_isNotAskedAnyMore(Kind kind) {
    try (AnyStore store = open(kind)) {
      store.write("a", MINUTE, "one");
    }
    commitTransaction(Map.of(CHANGELOG, 4L));

    try (AnyStore store = open(kind)) {
      assertThat(store.store().committedOffset(CHANGELOG)).isNull();
    }
  }

  /** Kafka Streams keeps a store open whose task becomes a standby, and back. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void storeThatHasBecomeAStandby_takesNoOffset_untilItIsWrittenToAgain(Kind kind) {
    try (AnyStore store = open(kind)) {
      store.write("a", MINUTE, "one");
      commitTransaction(Map.of(CHANGELOG, 4L));
      store.restore(store.changelogRecord(5, "a", MINUTE, "two"));
      store.commit(5);
      commitTransaction(Map.of(CHANGELOG, 100L));
      assertThat(store.store().committedOffset(CHANGELOG)).isEqualTo(5);

      store.write("a", MINUTE, "three");
      commitTransaction(Map.of(CHANGELOG, 101L));
      assertThat(store.store().committedOffset(CHANGELOG)).isEqualTo(101);
    }
  }

  /**
   * The transaction is committed, and Kafka Streams must not think that it is not. Here the commit
   * is refused because so long a position cannot be committed.
   */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void commitThatIsRefused_doesNotMakeTheTransactionFail(Kind kind) {
    Object committed;
    try (AnyStore store = open(kind)) {
      store.write("a", MINUTE, "one");
      commitTransaction(Map.of(CHANGELOG, 4L));
      committed = store.contents();
      for (int partition = 0; partition < 7_000; partition++) {
        store.process(partition, Long.MAX_VALUE);
        store.write("a", MINUTE, "one");
      }
      commitTransaction(Map.of(CHANGELOG, 7_004L));
    }

    try (AnyStore store = open(kind)) {
      assertThat(store.store().committedOffset(CHANGELOG)).isEqualTo(4);
      assertThat(store.contents()).isEqualTo(committed);
    }
  }
}
