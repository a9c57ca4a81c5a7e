package io.timelog.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;

import io.timelog.TimeRange;
import io.timelog.kafka.eventlog.EventLogIterator;
import io.timelog.kafka.eventlog.EventLogStoreBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.kstream.internals.SessionWindow;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.query.MultiVersionedKeyQuery;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.SessionStore;
import org.apache.kafka.streams.state.VersionedBytesStore;
import org.apache.kafka.streams.state.VersionedRecordIterator;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.test.InternalMockProcessorContext;
import org.apache.kafka.test.MockRecordCollector;
import org.apache.kafka.test.StreamsTestUtils;
import org.apache.kafka.test.TestUtils;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A store is closed while other threads read it, or one writes to it. What they are told is what
 * Kafka Streams and its users try again after: an {@link InvalidStateStoreException}, or nothing.
 */
final class CloseWhileInUseTest {
  private static final Duration RETENTION = Duration.ofMinutes(8);
  private static final int ENTRIES = 50;
  private static final int ROUNDS = 20;
  private static final int WRITING_ROUNDS = 40;

  /** Each opens a store in a directory, which takes several waits for the disk. */
  private static final int ROUNDS_ON_DISK = 2;

  /** A store, what fills it once it is open, and the ways to read it. */
  private record Kind(StateStore store, Runnable fill, List<Runnable> reads) {}

  private static Bytes key(int number) {
    // Of several lengths and with zeros, so that scans of several keys are sorted for the cache.
    return Bytes.wrap(new byte[number % 3 + 1]);
  }

  private static Kind windows(TimelogWindowStoreSupplier supplier) {
    WindowStore<Bytes, byte[]> store = supplier.get();
    return new Kind(
        store,
        () -> {
          for (int i = 0; i < ENTRIES; i++) {
            store.put(key(i), new byte[1], i);
          }
        },
        List.of(
            () -> store.fetch(key(1), 1),
            () -> drain(store.fetch(key(1), 0, ENTRIES)),
            () -> drain(store.backwardFetch(key(1), 0, ENTRIES)),
            () -> drain(store.all()),
            () -> drain(store.backwardAll()),
            () -> drain(store.fetchAll(0, ENTRIES)),
            () -> drain(store.fetch(key(0), key(2), 0, ENTRIES))));
  }

  private static Kind sessions(TimelogSessionStoreSupplier supplier) {
    SessionStore<Bytes, byte[]> store = supplier.get();
    return new Kind(
        store,
        () -> {
          for (int i = 0; i < ENTRIES; i++) {
            store.put(new Windowed<>(key(i), new SessionWindow(i, i)), new byte[1]);
          }
        },
        List.of(
            () -> store.fetchSession(key(1), 1, 1),
            () -> drain(store.fetch(key(1))),
            () -> drain(store.findSessions(key(1), 0, ENTRIES)),
            () -> drain(store.backwardFetch(key(0), key(2))),
            () -> drain(store.findSessions(0, ENTRIES)),
            () -> drain(store.fetch(null, null))));
  }

  private static Kind versions(TimelogVersionedStoreSupplier supplier) {
    VersionedBytesStore store = (VersionedBytesStore) supplier.get();
    return new Kind(
        store,
        () -> {
          for (int i = 0; i < ENTRIES; i++) {
            store.put(key(0), new byte[1], i);
          }
        },
        List.of(
            () -> store.get(key(0)),
            () -> store.get(key(0), 5),
            () -> {
              QueryResult<VersionedRecordIterator<byte[]>> result =
                  store.query(
                      MultiVersionedKeyQuery.<Bytes, byte[]>withKey(key(0)).fromTime(Instant.EPOCH),
                      PositionBound.unbounded(),
                      new QueryConfig(false));
              if (result.isSuccess()) {
                drain(result.getResult());
              }
            }));
  }

  private static Kind keyValues(TimelogKeyValueStoreSupplier supplier) {
    KeyValueStore<Bytes, byte[]> store = supplier.get();
    return new Kind(
        store,
        () -> {
          for (int i = 0; i < ENTRIES; i++) {
            store.put(Bytes.wrap(("key" + i).getBytes(UTF_8)), new byte[1]);
          }
        },
        List.of(
            () -> store.get(key(0)),
            () -> drain(store.all()),
            () -> drain(store.reverseAll()),
            store::approximateNumEntries));
  }

  private static Kind eventLog(EventLogStoreBuilder<String, String> builder) {
    var store = builder.withLoggingDisabled().build();
    return new Kind(
        store,
        () -> {
          for (int i = 0; i < ENTRIES; i++) {
            store.append("key", i, "value");
          }
        },
        List.of(
            () -> drain(store.scan("key", TimeRange.all())),
            () -> drain(store.scanBackward("key", TimeRange.all())),
            () -> drain(store.scanAll(TimeRange.all())),
            () -> drain(store.scanAllBackward(TimeRange.all())),
            () -> store.count("key", TimeRange.all()),
            () -> store.count(TimeRange.all()),
            store::minTimestamp,
            store::maxTimestamp));
  }

  static Stream<?> kindsInMemory() {
    TimelogWindowStoreSupplier windows = windowSupplier().inMemory();
    return Stream.of(
        named("window", windows(windows)),
        named("window with duplicates", windows(windows.retainingDuplicates())),
        named("window that emits on close", windows(windows.emittingOnClose())),
        named("session", sessions(TimelogStores.sessionStore("store", RETENTION).inMemory())),
        named(
            "versioned",
            versions(TimelogStores.versionedKeyValueStore("store", RETENTION).inMemory())),
        named("key-value", keyValues(TimelogStores.keyValueStore("store").inMemory())),
        named("event log", eventLog(eventLogBuilder().inMemory())));
  }

  static Stream<?> kindsOnDisk() {
    return Stream.of(
        named("window", windows(windowSupplier())),
        named("session", sessions(TimelogStores.sessionStore("store", RETENTION))),
        named("versioned", versions(TimelogStores.versionedKeyValueStore("store", RETENTION))),
        named("key-value", keyValues(TimelogStores.keyValueStore("store"))),
        named("event log", eventLog(eventLogBuilder())));
  }

  private static TimelogWindowStoreSupplier windowSupplier() {
    return TimelogStores.windowStore("store", RETENTION, Duration.ofMillis(1));
  }

  private static EventLogStoreBuilder<String, String> eventLogBuilder() {
    return TimelogStores.eventLogStore("store", Serdes.String(), Serdes.String());
  }

  private static void drain(Iterator<?> iterator) {
    try {
      while (iterator.hasNext()) {
        iterator.next();
      }
    } finally {
      if (iterator instanceof KeyValueIterator<?, ?> entries) {
        entries.close();
      } else if (iterator instanceof VersionedRecordIterator<?> versions) {
        versions.close();
      } else {
        ((EventLogIterator<?, ?>) iterator).close();
      }
    }
  }

  private static InternalMockProcessorContext<?, ?> context() {
    return new InternalMockProcessorContext<>(
        TestUtils.tempDirectory(),
        new StreamsConfig(StreamsTestUtils.getStreamsConfig()),
        new MockRecordCollector());
  }

  @ParameterizedTest
  @MethodSource("kindsInMemory")
  void readers_areToldThatTheStoreIsGone_orNothing(Kind kind) throws Exception {
    closeWhileItIsRead(kind, ROUNDS);
  }

  @ParameterizedTest
  @MethodSource("kindsOnDisk")
  void readersOfADirectory_areToldThatTheStoreIsGone_orNothing(Kind kind) throws Exception {
    closeWhileItIsRead(kind, ROUNDS_ON_DISK);
  }

  private static void closeWhileItIsRead(Kind kind, int rounds) throws Exception {
    InternalMockProcessorContext<?, ?> context = context();
    AtomicReference<Throwable> fault = new AtomicReference<>();
    for (int round = 0; round < rounds && fault.get() == null; round++) {
      kind.store().init(context, kind.store());
      kind.fill().run();
      CountDownLatch reading = new CountDownLatch(kind.reads().size());
      List<Thread> readers = new ArrayList<>();
      for (Runnable read : kind.reads()) {
        Thread reader = new Thread(() -> useUntilClosed(kind.store(), read, reading, fault));
        readers.add(reader);
        reader.start();
      }
      reading.await();
      kind.store().close();
      for (Thread reader : readers) {
        reader.join();
      }
    }
    assertThat(fault.get()).isNull();
  }

  /** Close waits for the write that is under way, and the next one is refused. */
  @ParameterizedTest
  @MethodSource("kindsInMemory")
  void writer_isToldThatItsWriteWasNotAccepted(Kind kind) throws Exception {
    closeWhileItIsWrittenTo(kind, WRITING_ROUNDS);
  }

  @ParameterizedTest
  @MethodSource("kindsOnDisk")
  void writerToADirectory_isToldThatItsWriteWasNotAccepted(Kind kind) throws Exception {
    closeWhileItIsWrittenTo(kind, ROUNDS_ON_DISK);
  }

  private static void closeWhileItIsWrittenTo(Kind kind, int rounds) throws Exception {
    InternalMockProcessorContext<?, ?> context = context();
    AtomicReference<Throwable> fault = new AtomicReference<>();
    for (int round = 0; round < rounds && fault.get() == null; round++) {
      kind.store().init(context, kind.store());
      CountDownLatch writing = new CountDownLatch(1);
      Thread writer = new Thread(() -> useUntilClosed(kind.store(), kind.fill(), writing, fault));
      writer.start();
      writing.await();
      kind.store().close();
      writer.join();
    }
    assertThat(fault.get()).isNull();
  }

  private static void useUntilClosed(
      StateStore store, Runnable use, CountDownLatch using, AtomicReference<Throwable> fault) {
    try {
      use.run();
      using.countDown();
      while (store.isOpen()) {
        use.run();
      }
      use.run();
    } catch (InvalidStateStoreException e) {
      // As it should be.
    } catch (Throwable e) {
      fault.set(e);
    } finally {
      using.countDown();
    }
  }
}
