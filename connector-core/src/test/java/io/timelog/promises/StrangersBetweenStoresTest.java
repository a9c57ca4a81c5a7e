package io.timelog.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.timelog.Codec;
import io.timelog.Codecs;
import io.timelog.Cursor;
import io.timelog.Editor;
import io.timelog.Entry;
import io.timelog.Maintenance;
import io.timelog.MemoryBudget;
import io.timelog.MemoryBudgetExceededException;
import io.timelog.Span;
import io.timelog.Table;
import io.timelog.TableDropListener;
import io.timelog.TableOptions;
import io.timelog.TimeRange;
import io.timelog.Timelog;
import io.timelog.TimelogStore;
import io.timelog.TypedTable;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Listeners and codecs of one table or store that use others. */
@Timeout(120)
final class StrangersBetweenStoresTest {
  private static final byte[] KEY = Samples.key("key");
  private static final int DROPPED = 60;

  /** What a listener of the table {@code t} may call of its own store, or must not. */
  private static Map<String, Consumer<TimelogStore>> calls() {
    Map<String, Consumer<TimelogStore>> calls = new LinkedHashMap<>();
    calls.put("dropTable of another table", store -> store.dropTable("other"));
    calls.put("createTable", store -> store.createTable(TableOptions.map("new").build()));
    calls.put("put into another table", store -> store.table("other").put(KEY, 1, KEY));
    calls.put(
        "put by the writer of another table",
        store -> store.table("other").writer().put(Span.of(KEY), 1, new Span(), Span.of(KEY)));
    calls.put(
        "update of another table",
        store ->
            store
                .table("other")
                .writer()
                .update(Span.of(KEY), 1, new Span(), (present, value) -> Editor.Outcome.PUT));
    calls.put("removeRange", store -> store.table("t").removeRange(KEY, TimeRange.all()));
    calls.put("deleteRange", store -> store.table("other").deleteRange(TimeRange.all()));
    calls.put(
        "read by the writer",
        store -> store.table("t").writer().contains(Span.of(KEY), 1, new Span()));
    calls.put("a snapshot that it closes", store -> store.snapshot().close());
    calls.put(
        "a cursor that it reads",
        store -> Samples.drain(store.table("t").scanAll(TimeRange.all())));
    calls.put("keys", store -> Samples.drain(store.table("other").keys(TimeRange.all())));
    calls.put("stats", store -> assertThat(store.table("t").stats()).isNotNull());
    calls.put("interrupting itself", store -> Thread.currentThread().interrupt());
    return calls;
  }

  @TestFactory
  Stream<DynamicTest> listener_getsAnAnswer_andTheStoreGoesOn() {
    return calls().entrySet().stream()
        .flatMap(
            call ->
                Stream.of(Maintenance.values())
                    .map(
                        mode ->
                            DynamicTest.dynamicTest(
                                call.getKey() + ", maintenance " + mode,
                                () -> getsAnAnswer(call.getValue(), mode))));
  }

  private static void getsAnAnswer(Consumer<TimelogStore> call, Maintenance maintenance)
      throws Exception {
    AtomicReference<TimelogStore> calledStore = new AtomicReference<>();
    AtomicInteger reports = new AtomicInteger();
    CompletableFuture<Boolean> all = new CompletableFuture<>();
    TimelogStore store = TimelogStore.builder().maintenance(maintenance).build();
    calledStore.set(store);
    List<String> unclear = new CopyOnWriteArrayList<>();
    Limit.run(
        "a listener that calls its store",
        () -> {
          Table table =
              store.createTable(
                  TableOptions.map("t")
                      .windowSize(10, 0)
                      .dropListener(
                          (key, timestamp, subkey, value) -> {
                            Throwable answer = catchThrowable(() -> call.accept(calledStore.get()));
                            if (answer != null && !isClear(answer)) {
                              unclear.add("" + answer);
                            }
                          })
                      .build());
          Table counted =
              store.createTable(
                  TableOptions.map("counted")
                      .dropListener(
                          OnDrop.listener(
                              () -> {
                                if (reports.incrementAndGet() == DROPPED) {
                                  all.complete(true);
                                }
                              }))
                      .build());
          store.createTable(TableOptions.map("other").build());
          for (Table each : List.of(table, counted)) {
            for (int i = 0; i < DROPPED; i++) {
              each.put(Samples.key(i), i, new byte[10]);
            }
            each.deleteBefore(DROPPED);
          }
          if (maintenance == Maintenance.DISABLED) {
            store.flush();
          }
          Limit.get("reports of another table", all);
          Thread.interrupted();
          assertThat(unclear).isEmpty();
          table.put(KEY, 1_000, KEY);
          assertThat(table.get(KEY, 1_000)).isEqualTo(KEY);
          store.stopMaintenance();
          store.close();
        });
    assertThat(store.memoryBudget().usedBytes()).isZero();
  }

  private static boolean isClear(Throwable answer) {
    return (answer instanceof IllegalStateException || answer instanceof IllegalArgumentException)
        && answer.getMessage() != null;
  }

  /** What a store forgets another one keeps, as an archive does; both may be full. */
  @ParameterizedTest(name = "maintenance {0}")
  @EnumSource(Maintenance.class)
  void listenerThatWritesToAnotherStoreOfTheBudget_movesAllEntries(Maintenance maintenance)
      throws Exception {
    int count = 3_000;
    MemoryBudget budget = MemoryBudget.ofBytes(8L << 20);
    Limit.run(
        "a listener that writes to another store",
        () -> {
          try (TimelogStore archive = store("archive", budget, Maintenance.DISABLED);
              TimelogStore live = store("live", budget, maintenance)) {
            Table kept = archive.createTable(TableOptions.map("t").build());
            CompletableFuture<Boolean> all = new CompletableFuture<>();
            AtomicInteger moved = new AtomicInteger();
            TableDropListener mover =
                (key, timestamp, subkey, value) -> {
                  kept.put(key, timestamp, subkey, value);
                  if (moved.incrementAndGet() == count) {
                    all.complete(true);
                  }
                };
            Table table =
                live.createTable(
                    TableOptions.map("t").windowSize(100, 0).dropListener(mover).build());
            for (int i = 0; i < count; i++) {
              table.put(Samples.key(i), i, Samples.value(i, 1_000));
              if (i % 100 == 99) {
                table.deleteBefore(i - 1_000);
              }
            }
            table.deleteBefore(count);
            while (maintenance == Maintenance.DISABLED && live.stats().retiredQueueLength() > 0) {
              // A flush reports some of them.
              live.flush();
            }
            Limit.get("moved entries", all);
            live.stopMaintenance();
            assertThat(live.stats().dropListenerFailures()).isZero();
            assertThat(Samples.drain(kept.scanAll(TimeRange.all()))).isEqualTo(count);
          }
        });
    assertThat(budget.usedBytes()).isZero();
  }

  /** Two stores whose listeners write to one another, both near the bound. */
  @ParameterizedTest(name = "maintenance {0}")
  @EnumSource(Maintenance.class)
  void listenersThatWriteToOneAnother_hangNothing(Maintenance maintenance) throws Exception {
    MemoryBudget budget = MemoryBudget.ofBytes(4L << 20);
    Limit.run(
        "listeners that write to one another",
        () -> {
          try (TimelogStore one = store("one", budget, maintenance);
              TimelogStore other = store("other", budget, maintenance)) {
            AtomicReference<Table> first = new AtomicReference<>();
            AtomicReference<Table> second = new AtomicReference<>();
            first.set(passing(one, second));
            second.set(passing(other, first));
            for (int i = 0; i < 6_000; i++) {
              Table table = i % 2 == 0 ? first.get() : second.get();
              int number = i;
              // The other thread may be in the middle of a write, and the budget may be full.
              attempt(() -> table.put(Samples.key(number), number, Samples.value(number, 900)));
              if (i % 200 > 197) {
                attempt(() -> table.deleteBefore(number - 1_000));
              }
            }
            one.stopMaintenance();
            other.stopMaintenance();
            first.get().deleteRange(TimeRange.all());
            second.get().deleteRange(TimeRange.all());
            second.get().put(KEY, 10_000, KEY);
            assertThat(second.get().get(KEY, 10_000)).isEqualTo(KEY);
          }
        });
    assertThat(budget.usedBytes()).isZero();
  }

  private static Table passing(TimelogStore store, AtomicReference<Table> next) {
    return store.createTable(
        TableOptions.map("t")
            .windowSize(100, 0)
            .dropListener(
                (key, timestamp, subkey, value) -> {
                  if (value.length > 100) {
                    next.get().put(key, timestamp + 5_000, subkey, new byte[100]);
                  }
                })
            .build());
  }

  /** A codec may write elsewhere, since it runs outside of the write that it encodes for. */
  @Test
  void codecThatWritesIntoAnotherStore_isNoConcern() {
    try (TimelogStore audit = TimelogStore.builder().build()) {
      Table trail = audit.createTable(TableOptions.multimap("trail").build());
      AtomicInteger times = new AtomicInteger();
      Codec<String> codec = codec(() -> trail.append(KEY, times.incrementAndGet(), new byte[20]));
      try (Timelog<String> log = Timelog.builder(codec).build()) {
        for (int i = 0; i < 200; i++) {
          log.append(i, "value " + i);
          log.extend(List.of(new Entry<>(i, "a"), new Entry<>(i, "b")));
        }
        assertThat(log.at(7)).containsExactly("value 7", "a", "b");
      }
      assertThat(trail.count(KEY, TimeRange.all())).isEqualTo(times.get());
    }
  }

  /** The codec of a typed view, which may write into tables of the very store, even this one. */
  @Test
  void codecOfATypedView_thatWritesToTheStore_isAcceptedOrRefused_andTearsNothing()
      throws Exception {
    Limit.run(
        "a codec that writes to its store",
        () -> {
          try (TimelogStore store = TimelogStore.builder().build()) {
            Table table = store.createTable(TableOptions.map("t").build());
            Table other = store.createTable(TableOptions.map("other").build());
            int[] calls = {0};
            Codec<String> codec =
                codec(
                    () -> {
                      int call = calls[0]++;
                      attempt(() -> other.put(Samples.key(call), call, new byte[30]));
                      attempt(() -> table.put(KEY, 1_000_000, Samples.key(call)));
                    });
            TypedTable<String, String> view = table.as(codec, codec);
            for (int i = 0; i < 300; i++) {
              view.put("key " + i % 10, i, "value " + i);
            }
            for (int i = 0; i < 300; i++) {
              assertThat(view.get("key " + i % 10, i)).isEqualTo("value " + i);
            }
            assertThat(Samples.drain(table.scanAll(TimeRange.until(1_000)))).isEqualTo(300);
          }
        });
  }

  /** A batch whose source writes to its own log, and one that ends in the middle. */
  @Test
  void sourceOfABatch_thatUsesItsLog_leavesAllOrNothing() throws Exception {
    Map<String, Consumer<Timelog<String>>> uses = new LinkedHashMap<>();
    uses.put("append", log -> log.append(1, "x"));
    uses.put("extend", log -> log.extend(List.of(new Entry<>(1, "x"))));
    uses.put("count", log -> log.count(TimeRange.all()));
    uses.put("flush", Timelog::flush);
    uses.put("deleteBefore", log -> log.deleteBefore(-5));
    for (Map.Entry<String, Consumer<Timelog<String>>> use : uses.entrySet()) {
      Limit.run(
          use.getKey() + " by the source of a batch",
          () -> {
            try (Timelog<String> log = Timelog.builder(Codecs.utf8()).build()) {
              AtomicInteger accepted = new AtomicInteger();
              Iterable<Entry<String>> source =
                  () ->
                      Stream.of(new Entry<>(20, "b"), new Entry<>(30, "c"))
                          .peek(
                              entry -> {
                                if (catchThrowable(() -> use.getValue().accept(log)) == null) {
                                  accepted.incrementAndGet();
                                }
                              })
                          .iterator();
              boolean whole = catchThrowable(() -> log.extend(source)) == null;

              boolean writes = use.getKey().equals("append") || use.getKey().equals("extend");
              assertThat(log.count(TimeRange.all()))
                  .isEqualTo((whole ? 2 : 0) + (writes ? accepted.get() : 0));
              log.append(40, "d");
              assertThat(log.at(40)).containsExactly("d");
            }
          });
    }
  }

  /** A listener that takes cursors of the past and leaves them to another thread. */
  @Test
  void listenerThatOpensCursors_holdsThemUntilTheyAreClosed() throws Exception {
    AtomicReference<Table> readTable = new AtomicReference<>();
    List<Cursor> opened = new CopyOnWriteArrayList<>();
    try (TimelogStore store = TimelogStore.builder().build()) {
      Table table =
          store.createTable(
              TableOptions.map("t")
                  .windowSize(10, 0)
                  .dropListener(
                      OnDrop.listener(() -> opened.add(readTable.get().scanAll(TimeRange.all()))))
                  .build());
      readTable.set(table);
      table.put(KEY, 1_000, KEY);
      for (int i = 0; i < DROPPED; i++) {
        table.put(Samples.key(i), i, new byte[10]);
      }
      table.deleteBefore(DROPPED);
      store.flush();

      assertThat(opened).hasSize(DROPPED);
      assertThat(store.stats().openReaders()).isEqualTo(DROPPED);
      Limit.run("closing cursors", () -> opened.forEach(cursor -> Samples.drain(cursor)));
      assertThat(store.stats().openReaders()).isZero();
    }
  }

  @Test
  void listenerThatFindsTheOtherStoreFull_isCounted_andTheOthersAreTold() {
    MemoryBudget small = MemoryBudget.ofBytes(256 << 10);
    try (TimelogStore archive = store("archive", small, Maintenance.DISABLED);
        TimelogStore live = TimelogStore.builder().build()) {
      Table kept = archive.createTable(TableOptions.map("t").build());
      AtomicInteger refused = new AtomicInteger();
      Table table =
          live.createTable(
              TableOptions.map("t")
                  .dropListener(
                      (key, timestamp, subkey, value) -> {
                        try {
                          kept.put(key, timestamp, subkey, value);
                        } catch (MemoryBudgetExceededException full) {
                          refused.incrementAndGet();
                          throw full;
                        }
                      })
                  .build());
      for (int i = 0; i < 1_000; i++) {
        table.put(Samples.key(i), i, new byte[1_000]);
      }
      table.deleteBefore(1_000);
      live.flush();

      assertThat(refused.get()).isPositive();
      assertThat(live.stats().dropListenerFailures()).isEqualTo(refused.get());
      assertThat(Samples.drain(kept.scanAll(TimeRange.all()))).isEqualTo(1_000 - refused.get());
      assertThat(live.stats().retiredQueueLength()).isZero();
    }
  }

  /** It may be refused or not: what matters is what is there afterwards. */
  private static void attempt(ThrowingCallable call) {
    @SuppressWarnings("unused")
    Throwable refusal = catchThrowable(call);
  }

  private static TimelogStore store(String name, MemoryBudget budget, Maintenance maintenance) {
    return TimelogStore.builder().name(name).memoryBudget(budget).maintenance(maintenance).build();
  }

  /** As that of strings, with something done whenever a string is written. */
  private static Codec<String> codec(Runnable whenWritten) {
    return new Codec<>() {
      @Override
      public int size(String value) {
        return Codecs.utf8().size(value);
      }

      @Override
      public void write(String value, ByteBuffer target) {
        whenWritten.run();
        Codecs.utf8().write(value, target);
      }

      @Override
      public String read(ByteBuffer source) {
        return Codecs.utf8().read(source);
      }
    };
  }
}
