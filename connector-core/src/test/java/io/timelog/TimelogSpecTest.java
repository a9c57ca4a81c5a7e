package io.timelog;

import static io.timelog.OpenLogs.contents;
import static io.timelog.OpenLogs.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a {@link Timelog} promises, one nested class for each part of its contract. */
final class TimelogSpecTest {
  private static final long MIB = 1 << 20;

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

  private static Instant at(long millis) {
    return Instant.ofEpochMilli(millis);
  }

  @Nested
  final class Append {

    @Test
    void inOrder_isReadInOrder() {
      Timelog<String> log = logs.ofStrings();

      log.append(10, "a");
      log.append(20, "b");

      assertThat(contents(log)).containsExactly("10 a", "20 b");
    }

    @Test
    void outOfOrder_isReadInItsPlace() {
      Timelog<String> log = logs.ofStrings();

      log.append(20, "b");
      log.append(30, "c");
      log.append(10, "a");

      assertThat(contents(log)).containsExactly("10 a", "20 b", "30 c");
    }

    @Test
    void atTheSameTimestamp_keepsEveryEntryInTheOrderOfArrival() {
      Timelog<String> log = logs.ofStrings();

      log.append(10, "first");
      log.append(20, "later");
      log.append(10, "second");
      log.flush();
      log.append(10, "third");
      log.append(10, "third");

      assertThat(log.at(10)).containsExactly("first", "second", "third", "third");
    }

    @Test
    void takesEveryLongAsATimestamp() {
      Timelog<String> log = logs.ofStrings();

      log.append(Long.MAX_VALUE, "last");
      log.append(0, "epoch");
      log.append(Long.MIN_VALUE, "first");
      log.append(-1, "before");
      log.flush();

      assertThat(contents(log))
          .containsExactly(
              Long.MIN_VALUE + " first", "-1 before", "0 epoch", Long.MAX_VALUE + " last");
      assertThat(read(log.equal(Long.MAX_VALUE))).hasSize(1);
      assertThat(read(log.since(Long.MAX_VALUE))).hasSize(1);
      assertThat(read(log.until(Long.MAX_VALUE))).hasSize(3);
      assertThat(read(log.until(Long.MIN_VALUE))).isEmpty();
    }

    @Test
    void ofAnInstant_takesTheTimestampThatIsNotAfterIt() {
      Timelog<String> log = logs.ofStrings();

      log.append(at(10).plusNanos(999_999), "a");

      assertThat(contents(log)).containsExactly("10 a");
    }

    @Test
    void ofAnInstantThatDoesNotFit_isAnArithmeticException_andChangesNothing() {
      Timelog<String> log = filled();

      assertThatThrownBy(() -> log.append(Instant.MAX, "x"))
          .isInstanceOf(ArithmeticException.class)
          .hasMessage(
              "The instant does not fit into a timestamp: instant=+1000000000-12-31T23:59:59"
                  + ".999999999Z, precision=MILLIS");
      assertThat(log.count(TimeRange.all())).isEqualTo(4);
    }

    @Test
    void ofNull_isRefused_andChangesNothing() {
      Timelog<String> log = filled();

      assertThatThrownBy(() -> log.append(40, null))
          .isInstanceOf(NullPointerException.class)
          .hasMessage("The value is null: timestamp=40");
      assertThat(contents(log)).containsExactly("10 a", "20 b", "30 c", "30 d");
    }

    @Test
    void ofAnEmptyAndOfALargeValue_isReadAsItWas() {
      Timelog<byte[]> log = logs.open(Timelog.builder(Codecs.bytes()));
      byte[] large = new byte[3 << 20];
      Arrays.fill(large, (byte) 7);

      log.append(10, new byte[0]);
      log.append(20, large);
      assertThat(log.at(10)).containsExactly(new byte[0]);
      assertThat(log.at(20)).containsExactly(large);
      log.flush();

      assertThat(log.at(10)).containsExactly(new byte[0]);
      assertThat(log.at(20)).containsExactly(large);
    }
  }

  @Nested
  final class Extend {

    @Test
    void takesEntriesInTheOrderOfIteration() {
      Timelog<String> log = logs.ofStrings();

      log.extend(List.of(new Entry<>(20, "b"), new Entry<>(10, "a"), new Entry<>(20, "c")));

      assertThat(contents(log)).containsExactly("10 a", "20 b", "20 c");
    }

    @Test
    void takesAStream() {
      Timelog<Long> log = logs.open(Timelog.builder(Codecs.longs()));

      log.extend(LongStream.range(0, 5).mapToObj(t -> new Entry<>(t, t * t)).parallel());

      assertThat(contents(log)).containsExactly("0 0", "1 1", "2 4", "3 9", "4 16");
    }

    @Test
    void takesTimestampsAndValues() {
      Timelog<String> log = logs.ofStrings();

      log.extend(new long[] {30, 10, 20}, List.of("c", "a", "b"));

      assertThat(contents(log)).containsExactly("10 a", "20 b", "30 c");
    }

    @Test
    void takesNothing() {
      Timelog<String> log = logs.ofStrings();

      log.extend(List.of());
      log.extend(Stream.empty());
      log.extend(new long[0], List.of());

      assertThat(contents(log)).isEmpty();
    }

    @Test
    void takesBatchesOverManySealsAndFlushes() {
      Timelog<Integer> log =
          logs.open(Timelog.builder(Codecs.ints()).memtableMaxBytes(64 << 10).targetPageBytes(512));
      long[] timestamps = LongStream.range(0, 50_000).map(i -> i * 7 % 50_000).toArray();
      List<Integer> values = IntStream.range(0, 50_000).boxed().toList();

      log.extend(timestamps, values);

      assertThat(log.count(TimeRange.all())).isEqualTo(50_000);
      assertThat(log.stats().engine().flushes()).isPositive();
      try (TimelogCursor<Integer> cursor = log.cursor(TimeRange.all())) {
        for (int t = 0; cursor.advance(); t++) {
          assertThat(cursor.timestamp()).isEqualTo(t);
          assertThat(cursor.value() * 7L % 50_000).isEqualTo(t);
        }
      }
    }

    @Test
    void ofNullAmongTheEntries_acceptsNone() {
      Timelog<String> log = logs.ofStrings();

      assertThatThrownBy(() -> log.extend(Arrays.asList(new Entry<>(10, "a"), null)))
          .isInstanceOf(NullPointerException.class)
          .hasMessage("An entry is null: index=1");
      assertThatThrownBy(() -> log.extend(new long[] {10, 20}, Arrays.asList("a", null)))
          .isInstanceOf(NullPointerException.class)
          .hasMessage("The value is null: timestamp=20");
      assertThat(contents(log)).isEmpty();
    }

    @Test
    void ofUnequallyManyTimestampsAndValues_acceptsNone() {
      Timelog<String> log = logs.ofStrings();

      assertThatThrownBy(() -> log.extend(new long[] {10, 20}, List.of("a")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("A batch needs as many values as timestamps: timestamps=2, values=1");
      assertThat(contents(log)).isEmpty();
    }

    @Test
    void whoseSourceThrowsHalfWay_acceptsNone_andTheLogGoesOn() {
      Timelog<Long> log = logs.open(Timelog.builder(Codecs.longs()));
      Stream<Entry<Long>> source =
          LongStream.range(0, 5_000)
              .peek(
                  t -> {
                    if (t == 3_000) {
                      throw new IllegalStateException("out of data");
                    }
                  })
              .mapToObj(t -> new Entry<>(t, t));

      assertThatThrownBy(() -> log.extend(source)).hasMessage("out of data");
      assertThat(contents(log)).isEmpty();

      log.append(10, 1L);
      assertThat(contents(log)).containsExactly("10 1");
    }

    @Test
    void thatTheBudgetHasNoRoomFor_acceptsNone() {
      Timelog<byte[]> log =
          logs.open(
              Timelog.builder(Codecs.bytes())
                  .memoryBudget(MemoryBudget.ofBytes(2 * MIB))
                  .memtableMaxBytes(MIB));
      log.append(10, new byte[] {1});
      byte[] kilobyte = new byte[1 << 10];
      Stream<Entry<byte[]>> entries =
          LongStream.range(0, 4_000).mapToObj(t -> new Entry<>(t, kilobyte));

      assertThatThrownBy(() -> log.extend(entries))
          .isInstanceOf(MemoryBudgetExceededException.class)
          .hasMessageStartingWith(
              "The memory budget is exhausted and the operation was not carried out: requestedBytes=")
          .hasMessageContaining("limitBytes=2097152");
      assertThat(log.count(TimeRange.all())).isOne();
    }
  }

  @Nested
  final class Delete {

    @Test
    void range_hidesItsStartAndNotItsEnd() {
      Timelog<String> log = filled();

      log.deleteRange(10, 30);

      assertThat(contents(log)).containsExactly("30 c", "30 d");
    }

    @Test
    void range_hidesWhatWasWrittenBefore_andNothingThatIsWrittenAfter() {
      Timelog<String> log = logs.ofStrings();

      log.append(10, "old");
      log.deleteRange(0, 20);
      log.append(10, "new");

      assertThat(contents(log)).containsExactly("10 new");
      log.flush();
      assertThat(contents(log)).containsExactly("10 new");
      log.compact();
      assertThat(contents(log)).containsExactly("10 new");
    }

    @Test
    void range_takesInstantsAndTimeRanges() {
      Timelog<String> log = filled();

      log.deleteRange(at(10), at(20));
      log.deleteRange(TimeRange.since(30));

      assertThat(contents(log)).containsExactly("20 b");
    }

    @Test
    void emptyRange_deletesNothing() {
      Timelog<String> log = filled();

      log.deleteRange(30, 30);
      log.deleteRange(30, 10);
      log.deleteRange(TimeRange.empty());

      assertThat(log.count(TimeRange.all())).isEqualTo(4);
    }

    @Test
    void before_keepsTheCutoff() {
      Timelog<String> log = filled();

      log.deleteBefore(20);

      assertThat(contents(log)).containsExactly("20 b", "30 c", "30 d");
    }

    @Test
    void before_letsLaterEntriesBelowTheCutoffLive() {
      Timelog<String> log = filled();

      log.deleteBefore(at(100));
      log.append(15, "late");

      assertThat(contents(log)).containsExactly("15 late");
    }

    @Test
    void everything_leavesAnEmptyLog_thatGoesOn() {
      Timelog<String> log = filled();

      log.deleteRange(TimeRange.all());
      assertThat(contents(log)).isEmpty();
      assertThat(log.minTimestamp()).isEmpty();

      log.append(Long.MAX_VALUE, "z");
      assertThat(contents(log)).containsExactly(Long.MAX_VALUE + " z");
    }

    @Test
    void before_dropsWholeWindows_andTheirMemoryCanBeUsedAgain() {
      Timelog<byte[]> log =
          logs.open(
              Timelog.builder(Codecs.bytes())
                  .windowSize(1_000)
                  .memtableMaxBytes(MIB)
                  .memoryBudget(MemoryBudget.ofBytes(16 * MIB)));
      byte[] value = new byte[1 << 10];

      for (long t = 0; t < 100_000; t++) {
        log.append(t, value);
        if (t % 1_000 == 0) {
          log.deleteBefore(t - 3_000);
        }
      }

      assertThat(log.count(TimeRange.all())).isBetween(3_000L, 5_000L);
    }
  }

  @Nested
  final class MaintenanceCalls {

    @Test
    void flush_movesTheMemtableIntoSegments() {
      Timelog<String> log = filled();

      log.flush();

      assertThat(log.stats().entries().memtableEntries()).isZero();
      assertThat(log.stats().entries().segmentEntries()).isEqualTo(4);
      assertThat(contents(log)).containsExactly("10 a", "20 b", "30 c", "30 d");
    }

    @Test
    void compact_mergesSegments_andDropsWhatWasDeletedInThem() {
      Timelog<String> log = filled();
      log.flush();
      log.deleteRange(10, 20);

      log.compact();

      assertThat(log.stats().entries().level0Segments()).isZero();
      assertThat(log.stats().entries().level1Segments()).isOne();
      assertThat(log.stats().entries().segmentEntries()).isEqualTo(3);
      assertThat(log.stats().entries().tombstones()).isZero();
      assertThat(contents(log)).containsExactly("20 b", "30 c", "30 d");
    }

    @Test
    void flushAndCompact_onAnEmptyLog_doNothing() {
      Timelog<String> log = logs.ofStrings();

      log.flush();
      log.compact();

      assertThat(contents(log)).isEmpty();
    }

    @Test
    void startAndStop_mayBeCalledAgainAndAgain() {
      Timelog<String> log = filled();

      log.startMaintenance();
      log.startMaintenance();
      assertThat(log.maintenance()).isEqualTo(Maintenance.BACKGROUND);
      log.stopMaintenance();
      log.stopMaintenance();

      assertThat(log.maintenance()).isEqualTo(Maintenance.DISABLED);
      assertThat(contents(log)).hasSize(4);
    }

    @Test
    void inTheBackground_changesNothingThatIsRead() {
      Timelog<Long> log =
          logs.open(
              Timelog.forStreaming(Codecs.longs()).memtableMaxBytes(16 << 10).targetPageBytes(256));

      for (long t = 0; t < 30_000; t++) {
        log.append(t, t);
        if (t % 10_000 == 9_999) {
          assertThat(log.count(TimeRange.all())).isEqualTo(t + 1);
        }
      }
      log.stopMaintenance();

      assertThat(log.count(TimeRange.of(100, 200))).isEqualTo(100);
    }
  }

  @Nested
  final class Close {

    @Test
    void happensAtTheEndOfTryWithResources() {
      Timelog<String> closed;
      try (Timelog<String> log = Timelog.builder(Codecs.utf8()).build()) {
        log.append(10, "a");
        closed = log;
      }

      assertThat(closed.isClosed()).isTrue();
      assertThat(closed.memoryBudget().usedBytes()).isZero();
    }

    @Test
    void twice_doesNothing() {
      Timelog<String> log = filled();

      log.close();
      log.close();

      assertThat(log.isClosed()).isTrue();
    }

    @Test
    void leavesOpenReadersReadable_andGivesTheirMemoryBackWithTheLast() {
      Timelog<String> log = filled();
      EntryIterator<Entry<String>> iterator = log.all().iterator();

      log.close();

      assertThat(log.memoryBudget().usedBytes()).isPositive();
      assertThat(read(iterator)).containsExactly("10 a", "20 b", "30 c", "30 d");
      assertThat(log.memoryBudget().usedBytes()).isZero();
    }

    @Test
    void stopsTheMaintenanceThread() {
      Timelog<String> log = logs.open(Timelog.forStreaming(Codecs.utf8()));

      log.close();

      assertThat(log.maintenance()).isEqualTo(Maintenance.DISABLED);
    }

    @TestFactory
    Stream<DynamicTest> endsEverythingButStatistics() {
      return Stream.<Consumer<Timelog<String>>>of(
              log -> log.append(10, "a"),
              log -> log.append(at(10), "a"),
              log -> log.extend(List.of(new Entry<>(10, "a"))),
              log -> log.extend(Stream.of(new Entry<>(10, "a"))),
              log -> log.extend(new long[] {10}, List.of("a")),
              log -> log.deleteRange(10, 20),
              log -> log.deleteBefore(10),
              Timelog::flush,
              Timelog::compact,
              Timelog::startMaintenance,
              Timelog::stopMaintenance,
              log -> log.range(10, 20),
              log -> log.all().reversed(),
              log -> log.since(10),
              log -> log.until(10),
              Timelog::all,
              log -> log.equal(10),
              log -> log.point(10),
              log -> log.at(10),
              log -> log.cursor(TimeRange.all()),
              log -> log.cursorBackward(TimeRange.all()),
              log -> log.pageSpans(TimeRange.all()),
              log -> log.count(TimeRange.all()),
              Timelog::minTimestamp,
              Timelog::maxTimestamp,
              log -> log.nextTimestamp(10),
              log -> log.previousTimestamp(10))
          .map(
              call ->
                  DynamicTest.dynamicTest(
                      "call",
                      () -> {
                        Timelog<String> log =
                            Timelog.builder(Codecs.utf8()).name("closed-one").build();
                        log.close();

                        assertThatThrownBy(() -> call.accept(log))
                            .isExactlyInstanceOf(IllegalStateException.class)
                            .hasMessage("The log is closed: log=closed-one");
                        assertThatCode(log::stats).doesNotThrowAnyException();
                        assertThatCode(log::toString).doesNotThrowAnyException();
                      }));
    }
  }

  @Nested
  final class Ranges {

    @Test
    void range_containsItsStartAndNotItsEnd() {
      assertThat(read(filled().range(10, 30))).containsExactly("10 a", "20 b");
    }

    @Test
    void range_isEmpty_ifItsStartIsNotBeforeItsEnd() {
      Timelog<String> log = filled();

      assertThat(read(log.range(20, 20))).isEmpty();
      assertThat(read(log.range(30, 10))).isEmpty();
    }

    @Test
    void range_takesATimeRange() {
      Timelog<String> log = filled();

      assertThat(read(log.range(TimeRange.of(10, 20)))).containsExactly("10 a");
      assertThat(read(log.range(TimeRange.since(20)))).containsExactly("20 b", "30 c", "30 d");
      assertThat(read(log.range(TimeRange.until(20)))).containsExactly("10 a");
      assertThat(read(log.range(TimeRange.all()))).hasSize(4);
    }

    @Test
    void since_containsItsStart() {
      assertThat(read(filled().since(20))).containsExactly("20 b", "30 c", "30 d");
    }

    @Test
    void until_doesNotContainItsEnd() {
      assertThat(read(filled().until(20))).containsExactly("10 a");
    }

    @Test
    void all_containsEverything() {
      assertThat(read(filled().all())).containsExactly("10 a", "20 b", "30 c", "30 d");
    }

    @Test
    void equalAndPoint_containOneTimestamp() {
      Timelog<String> log = filled();

      assertThat(read(log.equal(30))).containsExactly("30 c", "30 d");
      assertThat(read(log.point(30))).containsExactly("30 c", "30 d");
      assertThat(read(log.equal(25))).isEmpty();
    }

    @Test
    void at_givesTheValuesOfOneTimestamp() {
      Timelog<String> log = filled();

      assertThat(log.at(30)).containsExactly("c", "d");
      assertThat(log.at(25)).isEmpty();
    }

    @Test
    void takeInstants() {
      Timelog<String> log = filled();

      assertThat(read(log.range(at(10), at(30)))).containsExactly("10 a", "20 b");
      assertThat(read(log.since(at(30)))).containsExactly("30 c", "30 d");
      assertThat(read(log.until(at(20)))).containsExactly("10 a");
      assertThat(read(log.equal(at(20)))).containsExactly("20 b");
      assertThat(log.at(at(20))).containsExactly("b");
    }

    @Test
    void ofInstantsThatDoNotFit_areAnArithmeticException() {
      Timelog<String> log = filled();

      assertThatThrownBy(() -> log.range(at(0), Instant.MAX))
          .isInstanceOf(ArithmeticException.class);
      assertThatThrownBy(() -> log.since(Instant.MIN)).isInstanceOf(ArithmeticException.class);
      assertThatThrownBy(() -> log.deleteBefore(Instant.MAX))
          .isInstanceOf(ArithmeticException.class);
      assertThat(log.count(TimeRange.all())).isEqualTo(4);
    }

    @Test
    void backward_areExactlyTheReverse() {
      Timelog<String> log = filled();

      assertThat(read(log.all().reversed())).containsExactly("30 d", "30 c", "20 b", "10 a");
      assertThat(read(log.range(10, 30).reversed())).containsExactly("20 b", "10 a");
    }
  }

  @Nested
  final class Iteration {

    @Test
    void closesItselfAtTheEnd() {
      EntryIterator<Entry<String>> iterator = filled().range(10, 20).iterator();

      assertThat(iterator.isClosed()).isFalse();
      assertThat(iterator.next()).isEqualTo(new Entry<>(10, "a"));
      assertThat(iterator.hasNext()).isFalse();

      assertThat(iterator.isClosed()).isTrue();
      assertThatThrownBy(iterator::next)
          .isInstanceOf(NoSuchElementException.class)
          .hasMessage("The iterator has no more entries");
    }

    @Test
    void mayBeClosedEarly_andAgain() {
      EntryIterator<Entry<String>> iterator = filled().all().iterator();
      iterator.next();

      iterator.close();
      iterator.close();

      assertThat(iterator.isClosed()).isTrue();
      assertThatThrownBy(iterator::hasNext)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("The iterator is closed: of=log ");
      assertThatThrownBy(iterator::next).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> iterator.nextBatch(1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void nextBatch_givesAsManyAsThereAre() {
      try (EntryIterator<Entry<String>> iterator = filled().all().iterator()) {
        assertThat(iterator.nextBatch(0)).isEmpty();
        assertThat(iterator.nextBatch(3))
            .containsExactly(new Entry<>(10, "a"), new Entry<>(20, "b"), new Entry<>(30, "c"));
        assertThat(iterator.nextBatch(3)).containsExactly(new Entry<>(30, "d"));
        assertThat(iterator.nextBatch(3)).isEmpty();
      }
    }

    @Test
    void nextBatch_ofANegativeNumber_isRefused() {
      try (EntryIterator<Entry<String>> iterator = filled().all().iterator()) {
        assertThatThrownBy(() -> iterator.nextBatch(-1))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("A batch must not be negative: n=-1");
      }
    }

    @Test
    void byCursor_givesTimestampAndValue() {
      List<String> seen = new ArrayList<>();
      try (TimelogCursor<String> cursor = filled().cursor(TimeRange.of(20, 31))) {
        while (cursor.advance()) {
          seen.add(cursor.timestamp() + " " + cursor.value());
        }
        assertThat(cursor.isClosed()).isTrue();
        assertThat(cursor.advance()).isFalse();
      }

      assertThat(seen).containsExactly("20 b", "30 c", "30 d");
    }

    @Test
    void byCursor_offTheEntries_isAnIllegalState() {
      TimelogCursor<String> cursor = filled().cursorBackward(TimeRange.all());

      assertThatThrownBy(cursor::timestamp)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("The cursor is not on an entry: call advance() first.");
      cursor.close();
      cursor.close();

      assertThatThrownBy(cursor::value)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("The cursor is closed.");
      assertThatThrownBy(cursor::advance)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("The cursor is closed.");
    }
  }

  @Nested
  final class Snapshots {

    @Test
    void doNotChange_whateverIsWrittenDeletedFlushedOrCompacted() {
      Timelog<String> log = filled();
      EntryIterator<Entry<String>> early = log.all().iterator();

      log.append(15, "new");
      log.deleteBefore(30);
      log.flush();
      log.compact();
      log.deleteRange(TimeRange.all());

      assertThat(read(early)).containsExactly("10 a", "20 b", "30 c", "30 d");
      assertThat(contents(log)).isEmpty();
    }

    @Test
    void areAsManyAsAreOpen_eachOfItsOwnMoment() {
      Timelog<Integer> log =
          logs.open(Timelog.builder(Codecs.ints()).memtableMaxBytes(8 << 10).targetPageBytes(256));
      List<EntryIterator<Entry<Integer>>> open = new ArrayList<>();

      for (int i = 0; i < 500; i++) {
        log.append(500 - i % 7 * 50 + i, i);
        open.add(log.iterator());
      }

      for (int i = 0; i < 500; i++) {
        assertThat(read(open.get(i))).hasSize(i + 1);
      }
    }

    @Test
    void areReadByOtherThreads_whileTheWriterGoesOn() {
      Timelog<Long> log =
          logs.open(Timelog.forStreaming(Codecs.longs()).memtableMaxBytes(16 << 10));
      CompletableFuture<Long> reader =
          CompletableFuture.supplyAsync(
              () -> {
                long last = 0;
                while (last < 20_000) {
                  long count = 0;
                  try (TimelogCursor<Long> cursor = log.cursor(TimeRange.all())) {
                    for (; cursor.advance(); count++) {
                      assertThat(cursor.timestamp()).isEqualTo(count);
                      assertThat(cursor.value()).isEqualTo(count);
                    }
                  }
                  assertThat(count).isGreaterThanOrEqualTo(last);
                  last = count;
                }
                return last;
              });

      for (long t = 0; t < 20_000; t++) {
        log.append(t, t);
      }

      assertThat(reader.join()).isEqualTo(20_000);
    }

    @Test
    void takenInTheMiddleOfABatch_seeAPrefixOfIt() {
      Timelog<Long> log = logs.open(Timelog.builder(Codecs.longs()));
      CompletableFuture<Void> reader =
          CompletableFuture.runAsync(
              () -> {
                long count = 0;
                while (count < 200_000) {
                  count = 0;
                  try (TimelogCursor<Long> cursor = log.cursor(TimeRange.all())) {
                    for (; cursor.advance(); count++) {
                      assertThat(cursor.timestamp()).isEqualTo(count);
                    }
                  }
                }
              });

      log.extend(LongStream.range(0, 200_000).mapToObj(t -> new Entry<>(t, t)));

      reader.join();
      assertThat(log.count(TimeRange.all())).isEqualTo(200_000);
    }
  }

  @Nested
  final class Numbers {

    @Test
    void sizeEstimate_countsWhatIsHeld_deletedEntriesUntilTheyAreDropped() {
      Timelog<String> log = filled();
      assertThat(log.stats().sizeEstimate()).isEqualTo(4);

      log.deleteRange(10, 20);
      assertThat(log.stats().sizeEstimate()).isEqualTo(4);
      log.flush();
      log.compact();

      assertThat(log.stats().sizeEstimate()).isEqualTo(3);
    }

    @Test
    void count_isExact_whereverTheEntriesAre() {
      Timelog<Long> log =
          logs.open(
              Timelog.builder(Codecs.longs())
                  .windowSize(1_000)
                  .targetPageBytes(256)
                  .memtableMaxBytes(16 << 10));
      for (long t = 0; t < 5_000; t++) {
        log.append(t * 7 % 5_000, t);
      }
      log.deleteRange(500, 600);
      log.deleteRange(1_000, 2_000);
      log.append(1_500, 1L);

      assertThat(log.count(TimeRange.all())).isEqualTo(3_901);
      assertThat(log.count(TimeRange.of(490, 610))).isEqualTo(20);
      assertThat(log.count(TimeRange.of(500, 600))).isZero();
      assertThat(log.count(TimeRange.of(1_000, 2_000))).isOne();
      log.flush();
      log.compact();
      assertThat(log.count(TimeRange.all())).isEqualTo(3_901);
      assertThat(log.count(TimeRange.since(4_990))).isEqualTo(10);
      assertThat(log.count(TimeRange.empty())).isZero();
    }

    @Test
    void minAndMax_areTheEnds() {
      Timelog<String> log = filled();

      assertThat(log.minTimestamp()).isEqualTo(OptionalLong.of(10));
      assertThat(log.maxTimestamp()).isEqualTo(OptionalLong.of(30));
      log.deleteBefore(20);
      assertThat(log.minTimestamp()).isEqualTo(OptionalLong.of(20));
    }

    @Test
    void nextAndPrevious_areTheNeighboursThatHaveEntries() {
      Timelog<String> log = filled();

      assertThat(log.nextTimestamp(10)).isEqualTo(OptionalLong.of(20));
      assertThat(log.nextTimestamp(15)).isEqualTo(OptionalLong.of(20));
      assertThat(log.nextTimestamp(30)).isEmpty();
      assertThat(log.nextTimestamp(Long.MAX_VALUE)).isEmpty();
      assertThat(log.previousTimestamp(30)).isEqualTo(OptionalLong.of(20));
      assertThat(log.previousTimestamp(25)).isEqualTo(OptionalLong.of(20));
      assertThat(log.previousTimestamp(10)).isEmpty();
      assertThat(log.previousTimestamp(Long.MIN_VALUE)).isEmpty();
    }
  }
}
