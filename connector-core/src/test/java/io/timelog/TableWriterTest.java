package io.timelog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.Editor.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class TableWriterTest {
  private static final Span KEY = span("key");
  private static final Span APPLE = span("apple");

  private final TimelogStore store = TimelogStore.builder().name("shop").build();
  private final Table map = store.createTable(TableOptions.map("stock").build());
  private final Table multimap = store.createTable(TableOptions.multimap("sales").build());
  private final TableWriter stock = map.writer();
  private final TableWriter sales = multimap.writer();
  private final ByteTarget target = new ByteTarget();

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void automaticWindows_areOfAPositiveNumberAndSize() {
    TableOptions.Builder options = TableOptions.map("table");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> options.automaticWindows(0, 1))
        .withMessage("Number and size of windows must be positive: perSpan=0, leastSize=1");
    assertThatIllegalArgumentException().isThrownBy(() -> options.automaticWindows(1, 0));
  }

  @Test
  void writer_isOneViewOfItsTable() {
    assertThat(map.writer()).isSameAs(stock);
    assertThat(stock.table()).isSameAs(map);
  }

  @Test
  void spans_mayBeAnywhereInTheirArrays() {
    byte[] bytes = "..key-apple-12..".getBytes(UTF_8);

    stock.put(Span.of(bytes, 2, 3), 10, Span.of(bytes, 6, 5), Span.of(bytes, 12, 2));

    assertThat(map.get(bytes("key"), 10, bytes("apple"))).isEqualTo(bytes("12"));
    assertThat(stock.get(KEY, 10, APPLE, target)).isTrue();
    assertThat(target.toByteArray()).isEqualTo(bytes("12"));
  }

  @Test
  void whatWasWritten_staysWhenTheArraysChange() {
    byte[] bytes = "keyappletwelve".getBytes(UTF_8);
    stock.put(Span.of(bytes, 0, 3), 10, Span.of(bytes, 3, 5), Span.of(bytes, 8, 6));

    java.util.Arrays.fill(bytes, (byte) 0);

    assertThat(read(10, "apple")).isEqualTo("twelve");
  }

  @Test
  void get_leavesTheTargetAsItWas_whereThereIsNothing() {
    target.append(APPLE);

    assertThat(stock.get(KEY, 10, APPLE, target)).isFalse();

    assertThat(target.toByteArray()).isEqualTo(bytes("apple"));
  }

  @Test
  void get_seesWhatWasFlushedOverwrittenAndRemoved() {
    put(10, "apple", "1");
    put(10, "pear", "2");
    store.flush();
    put(10, "apple", "3");
    stock.remove(KEY, 10, span("pear"));

    assertThat(read(10, "apple")).isEqualTo("3");
    assertThat(read(10, "pear")).isNull();
    assertThat(stock.contains(KEY, 10, span("pear"))).isFalse();
  }

  @Test
  void get_doesNotSeeWhatWasDeletedForAllKeys() {
    put(10, "apple", "1");
    put(20, "apple", "2");
    put(30, "apple", "3");

    map.deleteBefore(11);
    map.deleteRange(TimeRange.of(15, 25));

    assertThat(read(10, "apple")).isNull();
    assertThat(read(20, "apple")).isNull();
    assertThat(read(30, "apple")).isEqualTo("3");
  }

  @Test
  void reads_openNoReader() {
    put(10, "apple", "1");
    stock.get(KEY, 10, APPLE, target);
    stock.readBatch(KEY, new BatchPosition(), new EntryBatch());

    assertThat(store.stats().openReaders()).isZero();
  }

  @Test
  void putIfAbsent_saysWhetherItWasNew() {
    assertThat(stock.putIfAbsent(KEY, 10, APPLE, span("1"))).isTrue();
    assertThat(stock.putIfAbsent(KEY, 10, APPLE, span("2"))).isFalse();
    store.flush();
    assertThat(stock.putIfAbsent(KEY, 10, APPLE, span("3"))).isFalse();

    assertThat(read(10, "apple")).isEqualTo("1");
  }

  @Test
  void removeAndGet_givesTheValueOnce() {
    put(10, "apple", "1");

    assertThat(stock.removeAndGet(KEY, 10, APPLE, target)).isTrue();
    assertThat(target.toByteArray()).isEqualTo(bytes("1"));
    assertThat(stock.removeAndGet(KEY, 10, APPLE, target)).isFalse();
  }

  @Test
  void update_putsKeepsAndRemoves() {
    assertThat(update("a", Outcome.KEEP)).isEqualTo(Outcome.KEEP);
    assertThat(read(10, "apple")).isNull();

    assertThat(update("a", Outcome.PUT)).isEqualTo(Outcome.PUT);
    assertThat(update("b", Outcome.PUT)).isEqualTo(Outcome.PUT);
    assertThat(read(10, "apple")).isEqualTo("ab");

    assertThat(update("c", Outcome.KEEP)).isEqualTo(Outcome.KEEP);
    assertThat(read(10, "apple")).isEqualTo("ab");

    assertThat(update("c", Outcome.REMOVE)).isEqualTo(Outcome.REMOVE);
    assertThat(update("c", Outcome.REMOVE)).isEqualTo(Outcome.KEEP);
    assertThat(read(10, "apple")).isNull();
  }

  private Outcome update(String more, Outcome outcome) {
    return stock.update(
        KEY,
        10,
        APPLE,
        (present, value) -> {
          if (present != null) {
            value.append(present);
          }
          value.append(span(more));
          return outcome;
        });
  }

  @Test
  void editorThatThrows_changesNothing_andTheNextWriteGoesOn() {
    put(10, "apple", "1");
    IllegalStateException own = new IllegalStateException("own");

    assertThatThrownBy(
            () ->
                stock.update(
                    KEY,
                    10,
                    APPLE,
                    (present, value) -> {
                      value.append(APPLE);
                      throw own;
                    }))
        .isSameAs(own);

    assertThat(read(10, "apple")).isEqualTo("1");
    put(10, "apple", "2");
    assertThat(read(10, "apple")).isEqualTo("2");
  }

  @Test
  void editorThatReturnsNothing_changesNothing() {
    put(10, "apple", "1");

    assertThatThrownBy(() -> stock.update(KEY, 10, APPLE, nothing()))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("The editor returned no outcome.");

    assertThat(read(10, "apple")).isEqualTo("1");
  }

  @SuppressWarnings("NullAway") // what a careless caller does
  private static Editor nothing() {
    return (present, value) -> null;
  }

  @Test
  void editor_mayReadTheStore_butNotUseItsWriters() {
    put(10, "apple", "1");
    put(10, "pear", "2");
    List<@Nullable Object> seen = new ArrayList<>();

    stock.update(
        KEY,
        10,
        APPLE,
        (present, value) -> {
          seen.add(new String(map.get(bytes("key"), 10, bytes("pear")), UTF_8));
          try (Snapshot snapshot = store.snapshot()) {
            seen.add(snapshot.table("stock").count(bytes("key"), TimeRange.all()));
          }
          for (Runnable forbidden :
              List.<Runnable>of(
                  () -> put(10, "pear", "3"),
                  () -> stock.get(KEY, 10, APPLE, target),
                  () -> update("x", Outcome.PUT),
                  () -> sales.append(KEY, 1, APPLE),
                  store::flush,
                  store::close)) {
            assertThatIllegalStateException()
                .isThrownBy(forbidden::run)
                .withMessageContaining("in the middle of a write to the same store");
          }
          value.append(span("4"));
          return Outcome.PUT;
        });

    assertThat(seen).containsExactly("2", 2L);
    assertThat(read(10, "apple")).isEqualTo("4");
    assertThat(read(10, "pear")).isEqualTo("2");
  }

  @Test
  void editor_mayPointTheSpansOfTheCallElsewhere() {
    Span key = span("key");
    Span subkey = span("apple");

    stock.update(
        key,
        10,
        subkey,
        (present, value) -> {
          key.set(bytes("other"));
          subkey.clear();
          value.append(span("1"));
          return Outcome.PUT;
        });

    assertThat(read(10, "apple")).isEqualTo("1");
  }

  @Test
  void anotherThread_isRefusedWhileAnEditorRuns() throws InterruptedException {
    CountDownLatch editing = new CountDownLatch(1);
    CountDownLatch refused = new CountDownLatch(1);
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    Thread other =
        new Thread(
            () -> {
              try {
                editing.await();
                map.put(bytes("key"), 10, bytes("apple"), bytes("2"));
              } catch (InterruptedException | RuntimeException e) {
                failure.set(e);
              } finally {
                refused.countDown();
              }
            });
    other.start();

    stock.update(
        KEY,
        10,
        APPLE,
        (present, value) -> {
          editing.countDown();
          await(refused);
          value.append(span("1"));
          return Outcome.PUT;
        });

    other.join();
    assertThat(failure.get()).isInstanceOf(ConcurrentWriterException.class);
    assertThat(read(10, "apple")).isEqualTo("1");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void replaceAll_replacesWhatIsAtTheTimestamp_andNothingElse() {
    sales.append(KEY, 9, span("before"));
    sales.append(KEY, 10, span("a"));
    sales.append(KEY, 10, span("b"));
    sales.append(KEY, 11, span("behind"));

    EntryBatch batch = new EntryBatch().add(10, span("c")).add(10, span("d")).add(10, span("e"));
    assertThat(sales.replaceAll(KEY, 10, batch)).isTrue();

    assertThat(values(multimap)).containsExactly("before", "c", "d", "e", "behind");
  }

  @Test
  void replaceAll_replacesWhatWasFlushed() {
    sales.append(KEY, 10, span("a"));
    store.flush();
    sales.append(KEY, 10, span("b"));

    sales.replaceAll(KEY, 10, new EntryBatch().add(10, span("c")));
    assertThat(values(multimap)).containsExactly("c");
    store.flush();
    store.compact();
    assertThat(values(multimap)).containsExactly("c");
  }

  @Test
  void replaceAll_inAMap_keepsTheLastEntryOfASubkey() {
    put(10, "apple", "1");
    put(10, "fig", "2");

    EntryBatch batch =
        new EntryBatch()
            .add(10, span("pear"), span("3"))
            .add(10, APPLE, span("4"))
            .add(10, span("pear"), span("5"));
    stock.replaceAll(KEY, 10, batch);

    assertThat(values(map)).containsExactly("4", "5");
  }

  @Test
  void replaceAll_withNothing_removes() {
    sales.append(KEY, 10, span("a"));

    assertThat(sales.replaceAll(KEY, 10, new EntryBatch())).isTrue();
    assertThat(sales.replaceAll(KEY, 10, new EntryBatch())).isFalse();

    assertThat(values(multimap)).isEmpty();
  }

  @Test
  void openCursor_seesWhatWasReplaced() {
    sales.append(KEY, 10, span("a"));
    sales.append(KEY, 10, span("b"));
    try (Cursor cursor = multimap.scan(KEY, TimeRange.all())) {
      sales.replaceAll(KEY, 10, new EntryBatch().add(10, span("c")));

      assertThat(values(cursor)).containsExactly("a", "b");
    }
    assertThat(values(multimap)).containsExactly("c");
  }

  @Test
  void replaceAll_refusesEntriesThatDoNotFit_andChangesNothing() {
    sales.append(KEY, 10, span("a"));

    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> sales.replaceAll(KEY, 10, new EntryBatch().add(10, span("b")).add(11, span("c"))))
        .withMessage(
            "An entry that replaces others must have their timestamp: entry=1, timestamp=11,"
                + " wanted=10, table=sales");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> sales.replaceAll(KEY, 10, new EntryBatch().add(10, APPLE, span("b"))))
        .withMessage("An entry of a multimap has no subkey: entry=0, subkeyBytes=5, table=sales");

    assertThat(values(multimap)).containsExactly("a");
  }

  @Test
  void removeBefore_keepsTheTimestampItself_andLetsLaterWritesIn() {
    for (int time = 0; time < 100; time++) {
      sales.append(KEY, time, span("v" + time));
    }

    sales.removeBefore(KEY, 98);
    sales.append(KEY, 5, span("late"));

    assertThat(values(multimap)).containsExactly("late", "v98", "v99");
    sales.removeBefore(KEY, Long.MIN_VALUE);
    assertThat(values(multimap)).hasSize(3);
  }

  @Test
  void lateEntries_areRefusedByEveryWrite() {
    TableWriter late =
        store
            .createTable(TableOptions.map("late").lateEntries(LateEntries.REFUSE).build())
            .writer();
    late.table().deleteBefore(100);

    assertThat(late.put(KEY, 10, APPLE, APPLE)).isFalse();
    assertThat(late.putIfAbsent(KEY, 10, APPLE, APPLE)).isFalse();
    assertThat(late.replaceAll(KEY, 10, new EntryBatch().add(10, APPLE, APPLE))).isFalse();
    assertThat(late.update(KEY, 10, APPLE, (present, value) -> Outcome.PUT))
        .isEqualTo(Outcome.KEEP);

    assertThat(late.table().stats().lateEntries()).isEqualTo(4);
    assertThat(late.contains(KEY, 10, APPLE)).isFalse();
  }

  @Test
  void closedStore_refusesEverything() {
    store.close();

    assertAllRefused(stock, "The store is closed: store=shop");
  }

  @Test
  void droppedTable_refusesEverything() {
    store.dropTable("stock");

    assertAllRefused(stock, "The table was dropped: table=stock, store=shop");
    assertThat(sales.append(KEY, 1, APPLE)).isTrue();
  }

  private void assertAllRefused(TableWriter writer, String message) {
    EntryBatch batch = new EntryBatch().add(1, APPLE, APPLE);
    BatchPosition position = new BatchPosition();
    for (Runnable call :
        List.<Runnable>of(
            () -> writer.put(KEY, 1, APPLE, APPLE),
            () -> writer.putIfAbsent(KEY, 1, APPLE, APPLE),
            () -> writer.update(KEY, 1, APPLE, (present, value) -> Outcome.PUT),
            () -> writer.remove(KEY, 1, APPLE),
            () -> writer.removeAndGet(KEY, 1, APPLE, target),
            () -> writer.removeRange(KEY, TimeRange.all()),
            () -> writer.removeBefore(KEY, 5),
            () -> writer.replaceAll(KEY, 1, batch),
            () -> writer.get(KEY, 1, APPLE, target),
            () -> writer.contains(KEY, 1, APPLE),
            () -> writer.readBatch(KEY, position, new EntryBatch()))) {
      assertThatIllegalStateException().isThrownBy(call::run).withMessage(message);
    }
  }

  @Test
  void wrongKindOfTable_isTold() {
    assertThatIllegalStateException()
        .isThrownBy(() -> stock.append(KEY, 1, APPLE))
        .withMessage("append needs a multimap, and this table is a map: table=stock");
    assertThatIllegalStateException()
        .isThrownBy(() -> sales.update(KEY, 1, APPLE, (present, value) -> Outcome.KEEP))
        .withMessage("update needs a map, and this table is a multimap: table=sales");
  }

  private void put(long timestamp, String subkey, String value) {
    stock.put(KEY, timestamp, span(subkey), span(value));
  }

  private @Nullable String read(long timestamp, String subkey) {
    return stock.get(KEY, timestamp, span(subkey), target)
        ? new String(target.toByteArray(), UTF_8)
        : null;
  }

  private static List<String> values(Table table) {
    try (Cursor cursor = table.scan(KEY, TimeRange.all())) {
      return values(cursor);
    }
  }

  private static List<String> values(Cursor cursor) {
    List<String> values = new ArrayList<>();
    while (cursor.advance()) {
      values.add(new String(cursor.value(), UTF_8));
    }
    return values;
  }

  private static Span span(String text) {
    return Span.of(bytes(text));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
