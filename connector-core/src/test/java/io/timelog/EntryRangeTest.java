package io.timelog;

import static io.timelog.OpenLogs.read;
import static java.util.Comparator.comparing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Spliterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The ways to read a range, and when each of them lets go of its snapshot. */
final class EntryRangeTest {
  @RegisterExtension final OpenLogs logs = new OpenLogs();

  /** A log with "a" at 10, "b" at 20, "c" and "d" at 30, partly in a segment. */
  private Timelog<String> filled() {
    Timelog<String> log = logs.ofStrings();
    log.append(10, "a");
    log.append(30, "c");
    log.flush();
    log.append(30, "d");
    log.append(20, "b");
    return log;
  }

  private static long openReaders(Timelog<?> log) {
    return log.stats().engine().openReaders();
  }

  @Nested
  final class Reading {

    @Test
    void log_isIterable() {
      List<String> seen = new ArrayList<>();

      for (Entry<String> entry : filled()) {
        seen.add(entry.timestamp() + " " + entry.value());
      }

      assertThat(seen).containsExactly("10 a", "20 b", "30 c", "30 d");
    }

    @Test
    void range_isIterable_againAndAgain() {
      Timelog<String> log = filled();
      TimelogRange<String> range = log.range(10, 30);

      assertThat(range).extracting(Entry::value).containsExactly("a", "b");
      log.append(15, "new");
      assertThat(range).extracting(Entry::value).containsExactly("a", "new", "b");
    }

    @Test
    void everyWay_givesTheSameEntriesInTheSameOrder() {
      Timelog<String> log = filled();
      TimelogRange<String> range = log.since(20);
      List<String> byConsumer = new ArrayList<>();
      range.forEach(entry -> byConsumer.add(entry.value()));
      List<String> byEntry = new ArrayList<>();
      range.forEachEntry((timestamp, value) -> byEntry.add(value));
      List<String> bySpliterator = new ArrayList<>();
      Spliterator<Entry<String>> steps = range.spliterator();
      while (steps.tryAdvance(entry -> bySpliterator.add(entry.value()))) {}
      List<String> byCursor = new ArrayList<>();
      try (TimelogCursor<String> cursor = range.cursor()) {
        while (cursor.advance()) {
          byCursor.add(cursor.entry().value());
        }
      }

      assertThat(List.of(byConsumer, byEntry, bySpliterator, byCursor))
          .allMatch(List.of("b", "c", "d")::equals);
      assertThat(range.toList()).extracting(Entry::value).containsExactly("b", "c", "d");
      assertThat(range.stream().map(Entry::value)).containsExactly("b", "c", "d");
      assertThat(range.count()).isEqualTo(3);
      assertThat(range.first()).contains(new Entry<>(20, "b"));
      assertThat(range.isEmpty()).isFalse();
      try (PageSpans<String> spans = range.pageSpans();
          PageSpan<String> span = spans.next()) {
        assertThat(span.values()).containsExactly("c");
      }
    }

    @Test
    void reversed_isExactlyTheReverse_andReversedAgainTheSame() {
      TimelogRange<String> range = filled().range(20, 40);

      assertThat(read(range.reversed())).containsExactly("30 d", "30 c", "20 b");
      assertThat(range.reversed().first()).contains(new Entry<>(30, "d"));
      assertThat(read(range.reversed().reversed())).containsExactly("20 b", "30 c", "30 d");
      assertThat(range.reversed().count()).isEqualTo(3);
    }

    @Test
    void emptyRange_isEmpty_inEveryWay() {
      TimelogRange<String> range = filled().range(30, 30);

      assertThat(range).isEmpty();
      assertThat(range.isEmpty()).isTrue();
      assertThat(range.first()).isEmpty();
      assertThat(range.stream()).isEmpty();
      assertThat(range.count()).isZero();
      assertThat(range.timeRange()).isEqualTo(TimeRange.empty());
    }

    @Test
    void stream_takesItsSnapshotWhenItBegins_andMayRunInParallel() {
      Timelog<Long> log = logs.open(Timelog.builder(Codecs.longs()));
      Stream<Entry<Long>> stream = log.stream();
      log.extend(LongStream.range(0, 5_000).mapToObj(t -> new Entry<>(t, t)));

      assertThat(stream.parallel().mapToLong(Entry::value).sum()).isEqualTo(5_000L * 4_999 / 2);
      assertThat(log.stream().parallel().map(Entry::value).collect(Collectors.toList()))
          .isSorted()
          .hasSize(5_000);
    }

    @Test
    void rangesCountsAndSpans_takeLongsAndInstantsAlike() {
      Timelog<String> log =
          logs.open(Timelog.builder(Codecs.utf8()).timePrecision(TimePrecision.MICROS));
      log.append(10_000, "a");
      log.append(20_000, "b");
      log.flush();
      Instant start = Instant.ofEpochMilli(10);
      Instant end = Instant.ofEpochMilli(20);

      assertThat(read(log.range(start, end))).isEqualTo(read(log.range(10_000, 20_000)));
      assertThat(log.count(start, end)).isEqualTo(log.count(10_000, 20_000)).isOne();
      assertThat(log.range(start, end).count()).isOne();
      assertThat(values(log.pageSpans(start, end)))
          .isEqualTo(values(log.pageSpans(10_000, 20_000)))
          .containsExactly("a");
      assertThat(read(log.point(end))).containsExactly("20000 b");
      assertThat(log.count(end, start)).isZero();
    }

    private static List<String> values(PageSpans<String> spans) {
      List<String> values = new ArrayList<>();
      try (spans) {
        while (spans.hasNext()) {
          try (PageSpan<String> span = spans.next()) {
            values.addAll(span.values());
          }
        }
      }
      return values;
    }

    @TestFactory
    Stream<DynamicTest> instantsThatDoNotFit_areAnArithmeticExceptionThatNamesThem() {
      Instant fits = Instant.EPOCH;
      return Stream.<Consumer<Timelog<String>>>of(
              log -> log.range(fits, Instant.MAX),
              log -> log.since(Instant.MAX),
              log -> log.until(Instant.MAX),
              log -> log.equal(Instant.MAX),
              log -> log.point(Instant.MAX),
              log -> log.at(Instant.MAX),
              log -> log.count(fits, Instant.MAX),
              log -> log.pageSpans(fits, Instant.MAX),
              log -> log.deleteRange(fits, Instant.MAX),
              log -> log.deleteBefore(Instant.MAX))
          .map(
              call ->
                  DynamicTest.dynamicTest(
                      "call",
                      () ->
                          assertThatThrownBy(() -> call.accept(logs.ofStrings()))
                              .isInstanceOf(ArithmeticException.class)
                              .hasMessageContaining("instant=" + Instant.MAX)));
    }
  }

  @Nested
  final class LettingGo {

    @Test
    void range_holdsNothing() {
      Timelog<String> log = filled();

      log.range(10, 20);
      log.all().reversed();
      log.stream();

      assertThat(openReaders(log)).isZero();
    }

    @TestFactory
    Stream<DynamicTest> whatReadsToTheEnd_letsGoByItself() {
      return letsGo(
          Stream.of(
              log -> {
                for (Entry<String> entry : log) {
                  assertThat(entry).isNotNull();
                }
              },
              log -> log.forEach(entry -> {}),
              log -> log.stream().forEach(entry -> {}),
              log -> log.stream().parallel().forEach(entry -> {}),
              log ->
                  assertThat(log.stream().sorted(comparing(Entry::value)).findFirst()).isPresent(),
              log -> log.all().toList(),
              log -> log.all().iterator().forEachRemaining(entry -> {})));
    }

    @TestFactory
    Stream<DynamicTest> whatStopsBefore_letsGo_whereItSaysSo() {
      return letsGo(
          Stream.of(
              log -> log.all().first(),
              log -> log.all().isEmpty(),
              log -> {
                try (Stream<Entry<String>> stream = log.stream()) {
                  assertThat(stream.findFirst()).isPresent();
                }
              },
              log -> {
                try (Stream<Entry<String>> stream = log.stream()) {
                  assertThat(stream.limit(2)).hasSize(2);
                }
              },
              log -> {
                try (EntryIterator<Entry<String>> entries = log.iterator()) {
                  entries.next();
                }
              }));
    }

    @TestFactory
    Stream<DynamicTest> whatMeetsAnExceptionOfItsAction_letsGo() {
      return letsGo(
          Stream.of(
              log -> fails(() -> log.forEach(EntryRangeTest::refuse)),
              log -> fails(() -> log.all().forEachEntry((timestamp, value) -> refuse(value))),
              log -> fails(() -> log.stream().forEach(EntryRangeTest::refuse)),
              log ->
                  fails(
                      () ->
                          assertThat(log.stream().map(EntryRangeTest::refuse).findFirst())
                              .isEmpty()),
              log -> fails(() -> log.all().spliterator().tryAdvance(EntryRangeTest::refuse)),
              log ->
                  fails(() -> log.all().spliterator().forEachRemaining(EntryRangeTest::refuse))));
    }

    private void fails(Runnable reading) {
      assertThatThrownBy(reading::run).hasMessage("refused");
    }

    private Stream<DynamicTest> letsGo(Stream<Consumer<Timelog<String>>> readings) {
      return readings.map(
          reading ->
              DynamicTest.dynamicTest(
                  "reading",
                  () -> {
                    Timelog<String> log = filled();
                    reading.accept(log);
                    assertThat(openReaders(log)).isZero();
                    assertThat(log.forgottenIterators()).isZero();
                  }));
    }

    @Test
    void iteratorThatIsForgotten_isClosedAfterItIsGarbage_andCounted() {
      Timelog<String> log = filled();
      leaveLoopsEarly(log);
      assertThat(openReaders(log)).isEqualTo(2);

      awaitGarbage(() -> log.forgottenIterators() == 2);

      assertThat(openReaders(log)).isZero();
      log.deleteBefore(100);
      assertThat(log.all().isEmpty()).isTrue();
    }

    private void leaveLoopsEarly(Timelog<String> log) {
      for (Entry<String> entry : log) {
        if (entry.timestamp() == 20) {
          break;
        }
      }
      assertThat(log.stream().findFirst()).contains(new Entry<>(10, "a"));
    }

    @Test
    void iteratorThatIsForgotten_keepsNothingOfAClosedLog() {
      Timelog<String> log = filled();
      leaveLoopsEarly(log);

      log.close();
      awaitGarbage(() -> log.forgottenIterators() == 2);

      assertThat(log.memoryBudget().usedBytes()).isZero();
    }

    @Test
    void iteratorThatIsStillRead_isNotClosed_howeverOftenGarbageIsCollected() {
      Timelog<String> log = filled();
      EntryIterator<Entry<String>> entries = log.iterator();
      entries.next();

      leaveLoopsEarly(log);
      awaitGarbage(() -> log.forgottenIterators() == 2);

      assertThat(entries.nextBatch(10)).hasSize(3);
      assertThat(openReaders(log)).isZero();
    }

    @Test
    void iteratorThatIsClosed_saysSo_andTheRangeGoesOn() {
      TimelogRange<String> range = filled().all();
      EntryIterator<Entry<String>> entries = range.iterator();
      entries.close();

      assertThatThrownBy(entries::hasNext)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("The iterator is closed: of=log ");
      assertThatCode(entries::close).doesNotThrowAnyException();
      assertThat(range).hasSize(4);
    }

    /** Collects garbage until something comes of it. */
    private static void awaitGarbage(BooleanSupplier done) {
      CompletableFuture.runAsync(
              () -> {
                while (!done.getAsBoolean()) {
                  System.gc();
                }
              })
          .orTimeout(60, TimeUnit.SECONDS)
          .join();
    }
  }

  private static <T> T refuse(T entry) {
    throw new UnsupportedOperationException("refused");
  }
}
