package io.timelog;

import static io.timelog.OpenLogs.contents;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A {@link Timelog} that keeps objects as they are. */
final class TimelogObjectsTest {
  @RegisterExtension final OpenLogs logs = new OpenLogs();

  private final List<Object> released = new ArrayList<>();

  private <V> ObjectLogBuilder<V> objects() {
    return Timelog.<V>objects()
        .windowSize(100)
        .dropListener((timestamp, value) -> released.add(value));
  }

  @Test
  void object_isReadAsTheVeryObjectThatWasWritten() {
    Timelog<Object> log = logs.open(objects());
    Object first = new Object();
    Object second = new Object();
    log.append(10, first);
    log.extend(List.of(new Entry<>(20, second), new Entry<>(10, second)));
    log.flush();
    log.compact();

    assertThat(log.at(10)).hasSize(2);
    assertThat(log.at(10).get(0)).isSameAs(first);
    assertThat(log.at(10).get(1)).isSameAs(second);
    try (PageSpans<Object> spans = log.pageSpans(TimeRange.all());
        PageSpan<Object> span = spans.next()) {
      assertThat(span.values().getFromEnd(0)).isSameAs(second);
    }
  }

  @Test
  void object_isReleasedWhenItsEntryIsDropped() {
    Timelog<Object> log = logs.open(objects());
    Object old = new Object();
    Object young = new Object();
    log.append(10, old);
    log.append(110, young);

    log.deleteBefore(100);

    assertThat(released).containsExactly(old);
    assertThat(log.at(110)).containsExactly(young);
  }

  @Test
  void object_isNotReleased_asLongAsASnapshotCanReturnIt_whereverItWasMovedMeanwhile() {
    Timelog<String> log = logs.open(objects());
    log.append(10, "a");
    log.append(20, "b");
    EntryIterator<Entry<String>> ofMemtable = log.iterator();
    log.flush();
    PageSpans<String> ofSegment = log.pageSpans(TimeRange.all());
    log.append(15, "c");
    log.flush();
    log.compact();
    TimelogCursor<String> ofCompacted = log.cursor(TimeRange.all());
    log.deleteBefore(100);
    log.flush();
    log.compact();

    assertThat(released).isEmpty();
    assertThat(OpenLogs.read(ofMemtable)).containsExactly("10 a", "20 b");
    try (ofSegment;
        PageSpan<String> span = ofSegment.next()) {
      assertThat(span.values()).containsExactly("a", "b");
    }
    log.flush();
    assertThat(released).isEmpty();
    try (ofCompacted) {
      assertThat(ofCompacted.advance()).isTrue();
      assertThat(ofCompacted.value()).isEqualTo("a");
    }

    log.flush();
    assertThat(released).containsExactlyInAnyOrder("a", "b", "c");
    assertThat(contents(log)).isEmpty();
  }

  @Test
  void objectsThatAreAlive_areLetGoByClose_withoutAReport() {
    Timelog<Object> log = logs.open(objects());
    WeakReference<Object> object = append(log, 10);

    log.close();

    assertThat(released).isEmpty();
    assertThat(isCollected(object)).isTrue();
    assertThat(log.isClosed()).isTrue();
  }

  @Test
  void droppedObject_canBeCollected_withoutAListener() {
    Timelog<Object> log = logs.open(Timelog.objects().windowSize(100));
    WeakReference<Object> object = append(log, 10);

    log.deleteBefore(100);

    assertThat(isCollected(object)).isTrue();
    assertThat(log.count(TimeRange.all())).isZero();
  }

  @Test
  void objectsOfABatchThatFailed_areLetGo_andNotReported() {
    Timelog<Object> log = logs.open(objects());
    List<WeakReference<Object>> staged = new ArrayList<>();
    Stream<Entry<Object>> source =
        Stream.of(1, 2, 3)
            .map(
                i -> {
                  if (i == 3) {
                    throw new IllegalStateException("the source ends here");
                  }
                  Object object = new Object();
                  staged.add(new WeakReference<>(object));
                  return new Entry<>(i, object);
                });

    assertThatThrownBy(() -> log.extend(source)).hasMessage("the source ends here");

    assertThat(staged).hasSize(2).allMatch(TimelogObjectsTest::isCollected);
    assertThat(released).isEmpty();
    assertThat(contents(log)).isEmpty();
  }

  @Test
  void typeOfTheValues_isThatOfTheVariable_orOfTheListener() {
    try (Timelog<Integer> ofVariable = Timelog.objects().name("numbers").build();
        Timelog<Integer> ofListener =
            Timelog.objects()
                .dropListener((long timestamp, Integer value) -> released.add(value))
                .windowSize(100)
                .build()) {
      ofVariable.append(10, 1);
      ofListener.append(10, 2);
      ofListener.deleteBefore(100);
      ofListener.flush();
      var said = Timelog.<Integer>objects().build();
      said.append(10, 3);

      int first = ofVariable.at(10).get(0) + said.at(10).get(0);
      said.close();

      assertThat(first).isEqualTo(4);
      assertThat(released).containsExactly(2);
    }
  }

  @Test
  void objectWhoseWriteWasRefused_isLetGo_andNotReported() {
    Timelog<Object> log =
        logs.open(
            objects().memoryBudget(MemoryBudget.ofBytes(32 << 10)).memtableMaxBytes(16 << 10));
    List<WeakReference<Object>> refused = new ArrayList<>();
    long accepted = 0;
    while (refused.isEmpty()) {
      Object object = new Object();
      try {
        log.append(accepted, object);
        accepted++;
      } catch (MemoryBudgetExceededException e) {
        refused.add(new WeakReference<>(object));
      }
    }
    refused.addAll(refuseBatch(log));

    assertThat(refused).hasSize(101).allMatch(TimelogObjectsTest::isCollected);
    assertThat(log.count(TimeRange.all())).isEqualTo(accepted);
    assertThat(released).isEmpty();
  }

  private static List<WeakReference<Object>> refuseBatch(Timelog<Object> log) {
    List<Object> batch = LongStream.range(0, 100).mapToObj(i -> new Object()).toList();
    assertThatThrownBy(() -> log.extend(new long[100], batch))
        .isInstanceOf(MemoryBudgetExceededException.class);
    return batch.stream().map(object -> new WeakReference<>(object)).toList();
  }

  private static WeakReference<Object> append(Timelog<Object> log, long timestamp) {
    Object object = new Object();
    log.append(timestamp, object);
    return new WeakReference<>(object);
  }

  private static boolean isCollected(WeakReference<?> reference) {
    for (int i = 0; i < 100 && !reference.refersTo(null); i++) {
      System.gc();
    }
    return reference.refersTo(null);
  }

  static LongStream seeds() {
    return LongStream.range(0, 6);
  }

  /** Objects are counted by identity; a freed handle would be noticed by the handle table. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyObject_isReleasedOnce_afterTheLastSnapshotThatHasIt(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    IdentityHashMap<Object, Integer> reports = new IdentityHashMap<>();
    Timelog<Object> log =
        logs.open(
            Timelog.objects()
                .windowSize(1 + random.nextInt(200))
                .memtableMaxBytes(4096)
                .targetPageBytes(256)
                .sealedMaxRuns(random.nextInt(4))
                .drainBatchLimit(1 + random.nextInt(100))
                .maintenance(seed % 2 == 0 ? Maintenance.DISABLED : Maintenance.BACKGROUND)
                .dropListener(
                    (timestamp, value) -> {
                      synchronized (reports) {
                        reports.merge(value, 1, Integer::sum);
                      }
                    }));
    Deque<TimelogCursor<Object>> snapshots = new ArrayDeque<>();
    List<Object> written = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      int what = random.nextInt(100);
      if (what < 90) {
        Object object = new Object();
        written.add(object);
        log.append(i / 10 + random.nextInt(50), object);
      } else if (what < 92) {
        snapshots.addLast(log.cursor(TimeRange.all()));
      } else if (what < 95) {
        log.deleteBefore(i / 10 - random.nextInt(300));
      } else if (what < 97) {
        log.deleteRange(TimeRange.of(i / 10 - 20, i / 10 + random.nextInt(50)));
      } else if (what < 98) {
        log.flush();
      } else {
        log.compact();
      }
      if (snapshots.size() > 20) {
        readAllUnreleased(snapshots.removeFirst(), reports);
      }
    }
    snapshots.forEach(snapshot -> readAllUnreleased(snapshot, reports));

    log.deleteRange(TimeRange.all());
    log.flush();
    log.compact();
    log.stopMaintenance();
    while (log.retiredQueueLength() > 0) {
      log.flush();
    }
    assertThat(log.dropListenerFailures()).isZero();
    assertThat(reports).hasSize(written.size());
    assertThat(reports.values()).allMatch(count -> count == 1);
  }

  private static void readAllUnreleased(
      TimelogCursor<Object> snapshot, IdentityHashMap<Object, Integer> reports) {
    try (snapshot) {
      while (snapshot.advance()) {
        Object value = snapshot.value();
        synchronized (reports) {
          assertThat(reports.get(value)).as("reports of an object that can be read").isNull();
        }
      }
    }
  }
}
