package io.timelog.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.timelog.Codec;
import io.timelog.Codecs;
import io.timelog.Entry;
import io.timelog.Maintenance;
import io.timelog.Table;
import io.timelog.TableDropListener;
import io.timelog.TableOptions;
import io.timelog.TimeRange;
import io.timelog.Timelog;
import io.timelog.TimelogStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Listeners and codecs are strangers: whatever they throw or call, the store goes on. */
@Timeout(240)
final class StrangersTest {
  private static final byte[] KEY = Samples.key("key");
  private static final int DROPPED = 50;

  /** What a stranger may throw. */
  enum Thrown {
    RUNTIME_EXCEPTION(() -> new IllegalArgumentException("from a stranger")),
    ERROR(() -> new Error("from a stranger")),
    ASSERTION_ERROR(() -> new AssertionError("from a stranger")),
    NO_SUCH_CLASS(() -> new NoClassDefFoundError("from/a/stranger")),
    CHECKED(() -> new IOException("from a stranger")),
    OUT_OF_MEMORY(() -> new OutOfMemoryError("from a stranger")),
    STACK_OVERFLOW(
        () -> {
          overflow(0);
          return new AssertionError("the stack is endless");
        });

    @SuppressWarnings("ImmutableEnumChecker") // the suppliers keep nothing
    private final Supplier<Throwable> source;

    Thrown(Supplier<Throwable> source) {
      this.source = source;
    }

    void raise() {
      Thrown.<RuntimeException>raise(source.get());
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void raise(Throwable thrown) throws T {
      throw (T) thrown;
    }

    @SuppressWarnings("InfiniteRecursion")
    private static int overflow(int depth) {
      return overflow(depth + 1) + 1;
    }
  }

  @Nested
  final class Listeners {

    static Stream<Arguments> throwing() {
      return Arrays.stream(Thrown.values())
          .flatMap(
              thrown ->
                  Arrays.stream(Maintenance.values()).map(mode -> Arguments.of(thrown, mode)));
    }

    @ParameterizedTest(name = "{0}, maintenance {1}")
    @MethodSource("throwing")
    void listenerThatThrows_isCounted_andToldOfTheRest(Thrown thrown, Maintenance maintenance)
        throws Exception {
      Reports reports = new Reports(thrown::raise);
      try (TimelogStore store = TimelogStore.builder().maintenance(maintenance).build()) {
        Table table = table(store, OnDrop.listener(reports::next));

        for (int round = 1; round <= 3; round++) {
          drop(table, round);
          flush(store, maintenance);

          Limit.get("reports of round " + round, reports.after(round * DROPPED));
        }

        // A report that has begun is counted when it has ended.
        store.stopMaintenance();
        assertThat(store.stats().retiredQueueLength()).isZero();
        assertThat(store.stats().dropListenerFailures()).isEqualTo(3 * DROPPED);
      }
    }

    @ParameterizedTest(name = "{0}, maintenance {1}")
    @MethodSource("throwing")
    void listenerOfALogThatThrows_isCounted_andToldOfTheRest(Thrown thrown, Maintenance maintenance)
        throws Exception {
      Reports reports = new Reports(thrown::raise);
      try (Timelog<String> log =
          Timelog.builder(Codecs.utf8())
              .maintenance(maintenance)
              .dropListener((timestamp, value) -> reports.next())
              .build()) {
        for (int round = 1; round <= 3; round++) {
          for (int i = 0; i < DROPPED; i++) {
            log.append(i, "value " + i);
          }
          log.deleteBefore(DROPPED);
          if (maintenance == Maintenance.DISABLED) {
            log.flush();
          }

          Limit.get("reports of round " + round, reports.after(round * DROPPED));
        }
        log.stopMaintenance();
        assertThat(log.dropListenerFailures()).isEqualTo(3 * DROPPED);
      }
    }

    private static Map<String, Consumer<TimelogStore>> forbidden() {
      Map<String, Consumer<TimelogStore>> calls = new LinkedHashMap<>();
      calls.put("close", TimelogStore::close);
      calls.put("stopMaintenance", TimelogStore::stopMaintenance);
      calls.put("startMaintenance", TimelogStore::startMaintenance);
      calls.put("put", store -> store.table("t").put(KEY, 10_000, new byte[10]));
      calls.put("remove", store -> store.table("t").remove(KEY, 10_000));
      calls.put("deleteBefore", store -> store.table("t").deleteBefore(Long.MIN_VALUE));
      calls.put("dropTable", store -> store.dropTable("t"));
      calls.put("flush", TimelogStore::flush);
      calls.put("compact", TimelogStore::compact);
      return calls;
    }

    @TestFactory
    Stream<DynamicTest> listenerThatCallsWhatItMustNot_isToldSo_andHangsNothing() {
      return forbidden().entrySet().stream()
          .flatMap(
              call ->
                  Arrays.stream(Maintenance.values())
                      .map(
                          mode ->
                              DynamicTest.dynamicTest(
                                  call.getKey() + ", maintenance " + mode,
                                  () -> isToldSo(call.getValue(), mode))));
    }

    private static void isToldSo(Consumer<TimelogStore> call, Maintenance maintenance)
        throws Exception {
      AtomicReference<TimelogStore> calledStore = new AtomicReference<>();
      Queue<String> answers = new ConcurrentLinkedQueue<>();
      Reports reports =
          new Reports(
              () -> {
                Throwable answer = catchThrowable(() -> call.accept(calledStore.get()));
                answers.add(answer instanceof IllegalStateException ? "refused" : "" + answer);
              });
      TimelogStore store = TimelogStore.builder().maintenance(maintenance).build();
      calledStore.set(store);
      Limit.run(
          "a store whose listener calls what it must not",
          () -> {
            Table table = table(store, OnDrop.listener(reports::next));
            drop(table, 1);
            flush(store, maintenance);
            Limit.get("reports", reports.after(DROPPED));
            assertThat(answers).hasSize(DROPPED).containsOnly("refused");

            assertThat(store.isClosed()).isFalse();
            drop(table, 2);
            flush(store, maintenance);
            Limit.get("reports of the second round", reports.after(2 * DROPPED));
            store.close();
          });
    }

    @ParameterizedTest(name = "maintenance {0}")
    @EnumSource(Maintenance.class)
    void listenerThatReads_readsThePresent(Maintenance maintenance) throws Exception {
      AtomicReference<Table> readTable = new AtomicReference<>();
      Queue<Long> counts = new ConcurrentLinkedQueue<>();
      Reports reports =
          new Reports(() -> counts.add(readTable.get().count(Samples.key(-1), TimeRange.all())));
      try (TimelogStore store = TimelogStore.builder().maintenance(maintenance).build()) {
        Table table = table(store, OnDrop.listener(reports::next));
        readTable.set(table);
        table.put(Samples.key(-1), 1_000_000, new byte[1]);
        drop(table, 1);
        flush(store, maintenance);
        Limit.get("reports", reports.after(DROPPED));
        assertThat(counts).hasSize(DROPPED).containsOnly(1L);
      }
    }

    private static Table table(TimelogStore store, TableDropListener listener) {
      return store.createTable(
          TableOptions.map("t").windowSize(1_000, 0).dropListener(listener).build());
    }

    private static void drop(Table table, int round) {
      for (int i = 0; i < DROPPED; i++) {
        table.put(Samples.key(i), 1_000L * round + i, new byte[10]);
      }
      table.deleteBefore(1_000L * (round + 1));
    }

    private static void flush(TimelogStore store, Maintenance maintenance) {
      if (maintenance == Maintenance.DISABLED) {
        store.flush();
      }
    }
  }

  /** Counts reports and does something strange at each. */
  private static final class Reports {
    private final Runnable strange;
    private final AtomicInteger count = new AtomicInteger();
    private final Map<Integer, CompletableFuture<Boolean>> awaited = new LinkedHashMap<>();

    Reports(Runnable strange) {
      this.strange = strange;
    }

    void next() {
      try {
        strange.run();
      } finally {
        after(count.incrementAndGet()).complete(true);
      }
    }

    /** Done when there were so many reports. */
    synchronized CompletableFuture<Boolean> after(int reports) {
      return awaited.computeIfAbsent(reports, each -> new CompletableFuture<>());
    }
  }

  @Nested
  final class CodecsOfStrangers {

    @ParameterizedTest(name = "{0}")
    @EnumSource(Thrown.class)
    void codecThatThrows_leavesTheLogAsItWas(Thrown thrown) {
      Strange codec = new Strange();
      try (Timelog<String> log = Timelog.builder(codec).build()) {
        log.append(10, "a");
        for (Moment moment : Moment.values()) {
          codec.at(moment, thrown::raise);
          if (moment != Moment.READ) {
            assertThat(catchThrowable(() -> log.append(20, "b"))).isNotNull();
            assertThat(
                    catchThrowable(
                        () -> log.extend(List.of(new Entry<>(20, "b"), new Entry<>(30, "c")))))
                .isNotNull();
          } else {
            assertThat(catchThrowable(() -> log.at(10))).isNotNull();
          }
          codec.at(moment, () -> {});

          assertThat(log.count(TimeRange.all())).isOne();
          assertThat(log.stats().engine().openReaders()).isZero();
          assertThat(log.at(10)).containsExactly("a");
        }
        log.append(40, "d");
        log.extend(List.of(new Entry<>(50, "e")));
        assertThat(log.count(TimeRange.all())).isEqualTo(3);
      }
    }

    private static Map<String, Consumer<Timelog<String>>> calls() {
      Map<String, Consumer<Timelog<String>>> calls = new LinkedHashMap<>();
      calls.put("count", log -> log.count(TimeRange.all()));
      calls.put("at", log -> log.at(10));
      calls.put("minTimestamp", Timelog::minTimestamp);
      calls.put("stats", Timelog::stats);
      calls.put("append", log -> log.append(70, "x"));
      calls.put("deleteBefore", log -> log.deleteBefore(5));
      calls.put("flush", Timelog::flush);
      calls.put("compact", Timelog::compact);
      calls.put("close", Timelog::close);
      return calls;
    }

    /** Whatever a codec calls, it gets an answer or an exception, and nothing hangs. */
    @TestFactory
    Stream<DynamicTest> codecThatCallsItsOwnLog_doesNotHang() {
      return calls().entrySet().stream()
          .flatMap(
              call ->
                  Stream.of(Moment.SIZE, Moment.WRITE, Moment.READ)
                      .map(
                          moment ->
                              DynamicTest.dynamicTest(
                                  call.getKey() + " in " + moment,
                                  () -> doesNotHang(call.getValue(), moment))));
    }

    private static void doesNotHang(Consumer<Timelog<String>> call, Moment moment)
        throws Exception {
      Strange codec = new Strange();
      Timelog<String> log = Timelog.builder(codec).build();
      Limit.run(
          "a codec that calls its own log",
          () -> {
            log.append(10, "a");
            codec.at(
                moment,
                () -> {
                  codec.at(moment, () -> {});
                  attempt(() -> call.accept(log));
                });
            attempt(() -> log.append(20, "b"));
            attempt(() -> log.extend(List.of(new Entry<>(30, "c"))));
            attempt(() -> log.at(10));
            codec.at(moment, () -> {});
            if (!log.isClosed()) {
              log.append(40, "d");
              assertThat(log.at(40)).containsExactly("d");
            }
            log.close();
          });
      assertThat(log.memoryBudget().usedBytes()).isZero();
    }

    /** It may be refused or not: what matters is that it returns. */
    private static void attempt(ThrowingCallable call) {
      @SuppressWarnings("unused")
      Throwable refusal = catchThrowable(call);
    }

    private static Map<String, Consumer<Timelog<String>>> reads() {
      Map<String, Consumer<Timelog<String>>> reads = calls();
      reads.keySet().removeAll(List.of("append", "deleteBefore", "flush", "compact", "close"));
      reads.put("range", log -> log.range(0, 100).iterator().close());
      reads.put("pageSpans", log -> log.pageSpans(TimeRange.all()).close());
      return reads;
    }

    @TestFactory
    Stream<DynamicTest> readDoesNotWaitForACodecThatIsSlow() {
      return reads().entrySet().stream()
          .flatMap(
              read ->
                  Stream.of(Moment.SIZE, Moment.WRITE)
                      .map(
                          moment ->
                              DynamicTest.dynamicTest(
                                  read.getKey() + " during " + moment,
                                  () -> doesNotWait(read.getValue(), moment))));
    }

    private static void doesNotWait(Consumer<Timelog<String>> read, Moment moment)
        throws Exception {
      CountDownLatch letGo = new CountDownLatch(1);
      CompletableFuture<Boolean> entered = new CompletableFuture<>();
      Strange codec = new Strange();
      try (Timelog<String> log = Timelog.builder(codec).build()) {
        log.append(10, "a");
        codec.at(
            moment,
            () -> {
              entered.complete(true);
              await(letGo);
            });
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> log.append(20, "b"));
        try {
          Limit.get("the writer in the codec", entered);
          Limit.run("a read while a codec is slow", () -> read.accept(log));
        } finally {
          letGo.countDown();
          writer.join();
        }
        codec.at(moment, () -> {});
        assertThat(log.at(20)).containsExactly("b");
      }
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(Thrown.class)
    void sourceOfABatchThatThrows_leavesTheLogAsItWas(Thrown thrown) {
      try (Timelog<String> log = Timelog.builder(Codecs.utf8()).build()) {
        log.append(10, "a");
        Iterable<Entry<String>> source =
            () ->
                Stream.of(new Entry<>(20, "b"), new Entry<>(30, "c"))
                    .peek(
                        entry -> {
                          if (entry.timestamp() == 30) {
                            thrown.raise();
                          }
                        })
                    .iterator();
        assertThatThrownBy(() -> log.extend(source)).isNotNull();

        assertThat(log.count(TimeRange.all())).isOne();
        log.extend(List.of(new Entry<>(40, "d")));
        assertThat(log.count(TimeRange.all())).isEqualTo(2);
      }
    }

    private static void await(CountDownLatch latch) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** When a codec is strange. */
  private enum Moment {
    SIZE,
    WRITE,
    READ
  }

  private static final class Strange implements Codec<String> {
    private final Map<Moment, Runnable> actions = new ConcurrentHashMap<>();

    void at(Moment moment, Runnable action) {
      actions.put(moment, action);
    }

    private void act(Moment moment) {
      actions.getOrDefault(moment, () -> {}).run();
    }

    @Override
    public int size(String value) {
      act(Moment.SIZE);
      return Codecs.utf8().size(value);
    }

    @Override
    public void write(String value, ByteBuffer target) {
      act(Moment.WRITE);
      Codecs.utf8().write(value, target);
    }

    @Override
    public String read(ByteBuffer source) {
      act(Moment.READ);
      return Codecs.utf8().read(source);
    }
  }
}
