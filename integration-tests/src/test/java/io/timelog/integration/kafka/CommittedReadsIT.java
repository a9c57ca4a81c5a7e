package io.timelog.integration.kafka;

import static org.apache.kafka.common.IsolationLevel.READ_COMMITTED;
import static org.apache.kafka.common.IsolationLevel.READ_UNCOMMITTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Named.named;

import io.timelog.TimeRange;
import io.timelog.kafka.TimelogStores;
import io.timelog.kafka.TimelogWindowStoreSupplier;
import io.timelog.kafka.eventlog.EventLogAggregateQuery;
import io.timelog.kafka.eventlog.EventLogIterator;
import io.timelog.kafka.eventlog.EventLogRangeQuery;
import io.timelog.summary.LongSummary;
import io.timelog.summary.Summarizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.kstream.internals.SessionWindow;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.internals.RecordBatchingStateRestoreCallback;
import org.apache.kafka.streams.query.FailureReason;
import org.apache.kafka.streams.query.MultiVersionedKeyQuery;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.query.RangeQuery;
import org.apache.kafka.streams.query.VersionedKeyQuery;
import org.apache.kafka.streams.query.WindowKeyQuery;
import org.apache.kafka.streams.query.WindowRangeQuery;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.ReadOnlyWindowStore;
import org.apache.kafka.streams.state.SessionStore;
import org.apache.kafka.streams.state.VersionedBytesStore;
import org.apache.kafka.streams.state.VersionedRecord;
import org.apache.kafka.streams.state.VersionedRecordIterator;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.WindowStoreIterator;
import org.apache.kafka.streams.state.internals.SessionKeySchema;
import org.apache.kafka.streams.state.internals.WindowKeySchema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What readers see of a transaction that is not committed, where stores are transactional. */
final class CommittedReadsIT {
  private static final String NAME = "store";
  private static final Duration RETENTION = Duration.ofMinutes(8);
  private static final int NUMBERS = 2_000;
  private static final Summarizer<Integer, LongSummary> SUM = LongSummary.of(Integer::longValue);
  private static final Map<TopicPartition, Long> OFFSETS =
      Map.of(new TopicPartition("changelog", 0), 7L);

  /** Of all tasks, each of which has a directory of its own there. */
  @TempDir static Path directory;

  /**
   * A store of numbers.
   *
   * @param put writes a number
   * @param read what the store has of numbers, asked in every way while nobody writes
   * @param query what it has of them, by one query
   * @param changelogKey of the record that brings a number
   */
  private record Kind(
      StateStore store,
      IntConsumer put,
      Function<IsolationLevel, List<Integer>> read,
      Function<IsolationLevel, List<Integer>> query,
      Function<Integer, Bytes> changelogKey) {
    Task open(boolean transactional) {
      Properties properties = new Properties();
      properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "committed-reads");
      properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
      properties.put(StreamsConfig.TRANSACTIONAL_STATE_STORES_CONFIG, transactional);
      Task task = Task.of(properties);
      store.init(task.context(), store);
      return task;
    }

    /** Processes the record of the input topic at the offset that the number is. */
    void process(Task task, int number) {
      task.mock().setRecordMetadata("input", 0, number);
      put.accept(number);
    }

    void commit() {
      store.commit(OFFSETS);
    }
  }

  /** The task that owns a store, and what the store registered there to be restored by. */
  private record Task(
      MockProcessorContext<Void, Void> mock,
      StateStoreContext context,
      AtomicReference<RecordBatchingStateRestoreCallback> callback) {
    private static Path newDirectory() {
      try {
        return Files.createTempDirectory(directory, "task");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    static Task of(Properties properties) {
      MockProcessorContext<Void, Void> mock =
          new MockProcessorContext<>(properties, new TaskId(0, 0), newDirectory().toFile());
      StateStoreContext context = mock.getStateStoreContext();
      AtomicReference<RecordBatchingStateRestoreCallback> callback = new AtomicReference<>();
      StateStoreContext listening =
          (StateStoreContext)
              Proxy.newProxyInstance(
                  Task.class.getClassLoader(),
                  new Class<?>[] {StateStoreContext.class},
                  (proxy, method, arguments) -> {
                    if (method.getName().equals("register")) {
                      callback.set((RecordBatchingStateRestoreCallback) arguments[1]);
                    }
                    return method.invoke(context, arguments);
                  });
      return new Task(mock, listening, callback);
    }

    void restore(List<ConsumerRecord<byte[], byte[]>> records) {
      callback.get().restoreBatch(records);
    }
  }

  private static byte[] bytes(int number) {
    return ByteBuffer.allocate(4).putInt(number).array();
  }

  private static int number(byte[] bytes) {
    return ByteBuffer.wrap(bytes).getInt();
  }

  private static Bytes key(int number) {
    return Bytes.wrap(bytes(number));
  }

  private static <K, V> List<Integer> drain(
      KeyValueIterator<K, V> iterator, ToIntFunction<KeyValue<K, V>> number) {
    List<Integer> drained = new ArrayList<>();
    try (iterator) {
      iterator.forEachRemaining(entry -> drained.add(number.applyAsInt(entry)));
    }
    drained.sort(null);
    return drained;
  }

  private static <R> QueryResult<R> ask(StateStore store, Query<R> query, IsolationLevel level) {
    return store.query(query, PositionBound.unbounded(), new QueryConfig(false, level));
  }

  private static Kind windows(TimelogWindowStoreSupplier supplier) {
    WindowStore<Bytes, byte[]> store = supplier.get();
    return new Kind(
        store,
        number -> store.put(key(0), bytes(number), number),
        level -> {
          ReadOnlyWindowStore<Bytes, byte[]> view = store.readOnly(level);
          Instant last = Instant.ofEpochMilli(NUMBERS);
          List<Integer> all = drain(view.all(), entry -> number(entry.value));
          assertThat(
                  IntStream.range(0, NUMBERS)
                      .filter(number -> view.fetch(key(0), number) != null)
                      .boxed())
              .isEqualTo(all);
          assertThat(drain(view.backwardAll(), entry -> number(entry.value))).isEqualTo(all);
          assertThat(drain(view.fetchAll(Instant.EPOCH, last), entry -> number(entry.value)))
              .isEqualTo(all);
          assertThat(
                  drain(view.backwardFetchAll(Instant.EPOCH, last), entry -> number(entry.value)))
              .isEqualTo(all);
          assertThat(
                  drain(
                      view.fetch(key(0), key(1), Instant.EPOCH, last),
                      entry -> number(entry.value)))
              .isEqualTo(all);
          assertThat(
                  drain(
                      view.backwardFetch(key(0), key(1), Instant.EPOCH, last),
                      entry -> number(entry.value)))
              .isEqualTo(all);
          assertThat(drain(view.fetch(key(0), Instant.EPOCH, last), entry -> number(entry.value)))
              .isEqualTo(all);
          assertThat(
                  drain(
                      view.backwardFetch(key(0), Instant.EPOCH, last),
                      entry -> number(entry.value)))
              .isEqualTo(all);
          WindowStoreIterator<byte[]> asked =
              ask(
                      store,
                      WindowKeyQuery.<Bytes, byte[]>withKeyAndWindowStartRange(
                          key(0), Instant.EPOCH, last),
                      level)
                  .getResult();
          assertThat(drain(asked, entry -> number(entry.value))).isEqualTo(all);
          return all;
        },
        level -> {
          Instant last = Instant.ofEpochMilli(NUMBERS);
          KeyValueIterator<Windowed<Bytes>, byte[]> all =
              ask(
                      store,
                      WindowRangeQuery.<Bytes, byte[]>withWindowStartRange(Instant.EPOCH, last),
                      level)
                  .getResult();
          return drain(all, entry -> number(entry.value));
        },
        number -> WindowKeySchema.toStoreKeyBinary(key(0), number, 0));
  }

  private static Kind sessions() {
    SessionStore<Bytes, byte[]> store = TimelogStores.sessionStore(NAME, RETENTION).get();
    return new Kind(
        store,
        number ->
            store.put(new Windowed<>(key(0), new SessionWindow(number, number)), bytes(number)),
        level -> {
          var view = store.readOnly(level);
          List<Integer> all = drain(view.fetch(key(0)), entry -> number(entry.value));
          assertThat(
                  IntStream.range(0, NUMBERS)
                      .filter(number -> view.fetchSession(key(0), number, number) != null)
                      .boxed())
              .isEqualTo(all);
          assertThat(drain(view.backwardFetch(key(0)), entry -> number(entry.value)))
              .isEqualTo(all);
          assertThat(drain(view.fetch(key(0), key(1)), entry -> number(entry.value)))
              .isEqualTo(all);
          assertThat(drain(view.backwardFetch(key(0), key(1)), entry -> number(entry.value)))
              .isEqualTo(all);
          Instant last = Instant.ofEpochMilli(NUMBERS);
          assertThat(
                  drain(
                      view.findSessions(key(0), Instant.EPOCH, last), entry -> number(entry.value)))
              .isEqualTo(all);
          return all;
        },
        level ->
            drain(
                ask(store, WindowRangeQuery.<Bytes, byte[]>withKey(key(0)), level).getResult(),
                entry -> number(entry.value)),
        number -> SessionKeySchema.toBinary(key(0), number, number));
  }

  private static Kind versions() {
    VersionedBytesStore store =
        (VersionedBytesStore) TimelogStores.versionedKeyValueStore(NAME, RETENTION).get();
    return new Kind(
        store,
        number -> store.put(key(0), bytes(number), number),
        level -> {
          VersionedBytesStore view = store.readOnly(level);
          byte[] latest = view.get(key(0));
          List<Integer> found = new ArrayList<>();
          for (int number = 0; number < NUMBERS; number++) {
            byte[] version = view.get(key(0), number);
            if (version != null && ByteBuffer.wrap(version).getLong() == number) {
              found.add(number);
            }
          }
          VersionedRecord<byte[]> asked =
              ask(store, VersionedKeyQuery.<Bytes, byte[]>withKey(key(0)), level).getResult();
          if (latest == null) {
            assertThat(asked).isNull();
            assertThat(found).isEmpty();
          } else {
            assertThat(ByteBuffer.wrap(latest).getLong()).isEqualTo(asked.timestamp());
            assertThat(found).last().isEqualTo((int) asked.timestamp());
          }
          return found;
        },
        level -> {
          List<Integer> found = new ArrayList<>();
          try (VersionedRecordIterator<byte[]> versions =
              ask(store, MultiVersionedKeyQuery.<Bytes, byte[]>withKey(key(0)), level)
                  .getResult()) {
            versions.forEachRemaining(version -> found.add(number(version.value())));
          }
          found.sort(null);
          return found;
        },
        number -> key(0));
  }

  private static Kind keyValues(boolean sorted) {
    KeyValueStore<Bytes, byte[]> store = TimelogStores.keyValueStore(NAME).get();
    return new Kind(
        store,
        number -> {
          if (sorted) {
            store.all().close();
            drain(store.all(), entry -> number(entry.value));
          }
          store.put(key(number), bytes(number));
        },
        level -> {
          var view = store.readOnly(level);
          List<Integer> all = drain(view.all(), entry -> number(entry.value));
          assertThat(
                  IntStream.range(0, NUMBERS)
                      .filter(number -> view.get(key(number)) != null)
                      .boxed())
              .isEqualTo(all);
          assertThat(drain(view.reverseAll(), entry -> number(entry.value))).isEqualTo(all);
          assertThat(drain(view.range(key(0), key(NUMBERS)), entry -> number(entry.value)))
              .isEqualTo(all);
          assertThat(drain(view.reverseRange(key(0), null), entry -> number(entry.value)))
              .isEqualTo(all);
          assertThat(
                  drain(
                      view.prefixScan(new byte[1], Serdes.ByteArray().serializer()),
                      entry -> number(entry.value)))
              .isEqualTo(all);
          return all;
        },
        level ->
            drain(
                ask(store, RangeQuery.<Bytes, byte[]>withNoBounds(), level).getResult(),
                entry -> number(entry.value)),
        CommittedReadsIT::key);
  }

  private static List<Integer> entries(StateStore store, IsolationLevel level) {
    List<Integer> found = new ArrayList<>();
    try (EventLogIterator<Integer, Integer> entries =
        ask(store, EventLogRangeQuery.<Integer, Integer>of(TimeRange.all()), level).getResult()) {
      entries.forEachRemaining(entry -> found.add(entry.value()));
    }
    return found;
  }

  private static Kind eventLog() {
    var store =
        TimelogStores.eventLogStore(NAME, Serdes.Integer(), Serdes.Integer())
            .withRetention(RETENTION)
            .withSummary(SUM)
            .withLoggingDisabled()
            .build();
    return new Kind(
        store,
        number -> store.append(0, number, number),
        level -> {
          List<Integer> found = entries(store, level);
          LongSummary summary =
              ask(store, EventLogAggregateQuery.of(0, TimeRange.all(), SUM), level).getResult();
          assertThat(summary.count()).isEqualTo(found.size());
          assertThat(summary.sum()).isEqualTo(found.stream().mapToLong(number -> number).sum());
          return found;
        },
        level -> entries(store, level),
        number ->
            Bytes.wrap(ByteBuffer.allocate(13).put((byte) 1).putLong(number).putInt(0).array()));
  }

  static Stream<?> kinds() {
    TimelogWindowStoreSupplier windows =
        TimelogStores.windowStore(NAME, RETENTION, Duration.ofMillis(1));
    return Stream.of(
        named("window", windows(windows)),
        named("window with duplicates", windows(windows.retainingDuplicates())),
        named("window that emits on close", windows(windows.emittingOnClose())),
        named("session", sessions()),
        named("versioned", versions()),
        named("key-value", keyValues(false)),
        named("key-value whose order is kept", keyValues(true)),
        named("event log", eventLog()));
  }

  private static void assertReads(Kind kind, IsolationLevel level, Integer... numbers) {
    assertThat(kind.query().apply(level)).containsExactly(numbers);
    assertThat(kind.read().apply(level)).containsExactly(numbers);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void whatIsNotCommitted_isSeenByThoseWhoAskForIt(Kind kind) {
    Task task = kind.open(true);
    assertReads(kind, READ_COMMITTED);
    kind.process(task, 1);
    kind.process(task, 2);

    assertReads(kind, READ_UNCOMMITTED, 1, 2);
    assertReads(kind, READ_COMMITTED);

    kind.commit();
    assertReads(kind, READ_COMMITTED, 1, 2);

    kind.process(task, 3);
    assertReads(kind, READ_UNCOMMITTED, 1, 2, 3);
    assertReads(kind, READ_COMMITTED, 1, 2);
    kind.store().close();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void positionOfAQuery_isThatOfWhatItSaw(Kind kind) {
    Task task = kind.open(true);
    kind.process(task, 1);
    kind.commit();
    kind.process(task, 2);

    assertThat(positionAt(kind, READ_COMMITTED)).isEqualTo(inputAt(1));
    assertThat(positionAt(kind, READ_UNCOMMITTED)).isEqualTo(inputAt(2));
    assertThat(kind.store().getPosition()).isEqualTo(inputAt(2));
    assertThat(
            kind.store()
                .query(
                    RangeQuery.<Bytes, byte[]>withNoBounds(),
                    PositionBound.at(inputAt(2)),
                    new QueryConfig(false, READ_COMMITTED))
                .getFailureReason())
        .isEqualTo(FailureReason.NOT_UP_TO_BOUND);

    kind.commit();
    assertThat(positionAt(kind, READ_COMMITTED)).isEqualTo(inputAt(2));
    kind.store().close();
  }

  private static Position positionAt(Kind kind, IsolationLevel level) {
    return ask(kind.store(), RangeQuery.<Bytes, byte[]>withNoBounds(), level).getPosition();
  }

  private static Position inputAt(long offset) {
    return Position.emptyPosition().withComponent("input", 0, offset);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void bytesWritten_areReportedUntilTheyAreCommitted(Kind kind) {
    Task task = kind.open(true);
    assertThat(kind.store().approximateNumUncommittedBytes()).isZero();
    kind.process(task, 1);
    assertThat(kind.store().approximateNumUncommittedBytes()).isBetween(8L, 100L);
    kind.commit();
    assertThat(kind.store().approximateNumUncommittedBytes()).isZero();
    kind.store().close();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void whatIsRestored_wasCommitted(Kind kind) {
    Task task = kind.open(true);
    task.restore(
        List.of(
            new ConsumerRecord<>(
                "changelog",
                0,
                0,
                3,
                TimestampType.CREATE_TIME,
                0,
                0,
                kind.changelogKey().apply(3).get(),
                bytes(3),
                new RecordHeaders(),
                Optional.empty())));

    assertReads(kind, READ_COMMITTED, 3);
    assertThat(kind.store().approximateNumUncommittedBytes()).isZero();
    kind.process(task, 4);
    assertReads(kind, READ_COMMITTED, 3);
    kind.store().close();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void withoutTheSetting_everyReaderSeesAll(Kind kind) {
    Task task = kind.open(false);
    kind.process(task, 1);

    assertReads(kind, READ_COMMITTED, 1);
    assertThat(positionAt(kind, READ_COMMITTED)).isEqualTo(inputAt(1));
    assertThat(kind.store().approximateNumUncommittedBytes()).isZero();
    kind.store().close();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void closedStore_refusesReadersOfWhatWasCommitted(Kind kind) {
    Task task = kind.open(true);
    kind.process(task, 1);
    kind.commit();
    kind.process(task, 2);
    kind.store().close();

    QueryResult<KeyValueIterator<Bytes, byte[]>> result =
        ask(kind.store(), RangeQuery.<Bytes, byte[]>withNoBounds(), READ_COMMITTED);
    assertThat(result.isFailure()).isTrue();
    assertThat(kind.store().approximateNumUncommittedBytes()).isZero();
  }

  @Test
  void iterator_goesOnThroughACommit() {
    Kind kind = keyValues(false);
    Task task = kind.open(true);
    kind.process(task, 1);
    kind.process(task, 2);
    kind.commit();
    kind.process(task, 3);
    @SuppressWarnings("unchecked") // as it was made
    KeyValueStore<Bytes, byte[]> store = (KeyValueStore<Bytes, byte[]>) kind.store();
    try (KeyValueIterator<Bytes, byte[]> all = store.readOnly(READ_COMMITTED).all()) {
      assertThat(number(all.next().value)).isEqualTo(1);
      kind.commit();
      kind.process(task, 4);
      kind.commit();
      assertThat(number(all.next().value)).isEqualTo(2);
      assertThat(all.hasNext()).isFalse();
    }
    store.close();
  }

  @Test
  void windowsThatExpire_stayUntilThatIsCommitted() {
    Kind kind = windows(TimelogStores.windowStore(NAME, RETENTION, Duration.ofMillis(1)));
    Task task = kind.open(true);
    kind.process(task, 1);
    kind.commit();
    kind.process(task, (int) RETENTION.multipliedBy(10).toMillis());

    assertReads(kind, READ_COMMITTED, 1);
    assertThat(kind.query().apply(READ_UNCOMMITTED)).isEmpty();
    kind.commit();
    assertThat(kind.query().apply(READ_COMMITTED)).isEmpty();
    kind.store().close();
  }

  @Test
  void committedVersions_areNotWritten() {
    Kind kind = versions();
    kind.open(true);
    VersionedBytesStore view = ((VersionedBytesStore) kind.store()).readOnly(READ_COMMITTED);

    assertThatThrownBy(() -> view.put(key(0), bytes(0), 0))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage("What was committed can only be read: operation=put, store=store");
    kind.store().close();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void transaction_isSeenAsAWhole_whileOthersAreWritten(Kind kind) throws Exception {
    assertWholeTransactions(kind, () -> kind.query().apply(READ_COMMITTED).size());
  }

  @Test
  void aggregate_isOfWholeTransactions_whileOthersAreWritten() throws Exception {
    Kind kind = eventLog();
    assertWholeTransactions(
        kind,
        () -> {
          LongSummary summary =
              ask(kind.store(), EventLogAggregateQuery.of(0, TimeRange.all(), SUM), READ_COMMITTED)
                  .getResult();
          long count = summary.count();
          assertThat(summary.sum()).isEqualTo(count * (count - 1) / 2);
          return (int) count;
        });
  }

  /** Writes transactions of ten numbers each, which readers must see together. */
  private static void assertWholeTransactions(Kind kind, IntSupplier seen) throws Exception {
    Task task = kind.open(true);
    AtomicBoolean done = new AtomicBoolean();
    AtomicReference<Throwable> fault = new AtomicReference<>();
    List<Thread> readers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Thread reader =
          new Thread(
              () -> {
                try {
                  while (!done.get()) {
                    int numbers = seen.getAsInt();
                    assertThat(numbers % 10).as("%s", numbers).isZero();
                  }
                } catch (Throwable e) {
                  fault.compareAndSet(null, e);
                }
              });
      readers.add(reader);
      reader.start();
    }
    for (int transaction = 0; transaction < 200; transaction++) {
      for (int i = 0; i < 10; i++) {
        kind.process(task, transaction * 10 + i);
      }
      kind.commit();
    }
    done.set(true);
    for (Thread reader : readers) {
      reader.join();
    }
    kind.store().close();
    assertThat(fault.get()).isNull();
  }
}
