package io.timelog.flink.internal.timer;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.MemoryBudget;
import io.timelog.Snapshot;
import io.timelog.TimelogStore;
import io.timelog.flink.internal.key.CompositeKeyFormat;
import io.timelog.flink.internal.table.CanonicalEntries;
import io.timelog.flink.internal.table.CanonicalSink;
import io.timelog.flink.internal.table.StateLayouts;
import io.timelog.flink.internal.table.StateTables;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupedInternalPriorityQueue;
import org.apache.flink.runtime.state.StateSerializerProvider;
import org.apache.flink.runtime.state.ttl.TtlTimeProvider;
import org.apache.flink.streaming.api.operators.TimerHeapInternalTimer;
import org.apache.flink.streaming.api.operators.TimerSerializer;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A queue of timers in a table, beside a sorted set. */
final class TableTimerQueueTest {
  private static final int KEY_GROUPS = 300;
  private static final int OPERATIONS = Integer.getInteger("model.operations", 40_000);
  private static final TimerSerializer<String, TimeWindow> SERIALIZER =
      new TimerSerializer<>(StringSerializer.INSTANCE, new TimeWindow.Serializer());

  private final TimelogStore store =
      TimelogStore.builder().memoryBudget(MemoryBudget.ofBytes(256 << 20)).build();
  private final StateTables<String> tables = tables(store);
  private final TableTimers timers = timers(tables);
  private final KeyGroupedInternalPriorityQueue<TimerHeapInternalTimer<String, TimeWindow>> queue =
      timers.createOrUpdate("timers", SERIALIZER, false);
  private final TreeSet<TimerHeapInternalTimer<String, TimeWindow>> model =
      new TreeSet<>(
          Comparator.comparingLong(
                  (TimerHeapInternalTimer<String, TimeWindow> timer) -> timer.getTimestamp())
              .thenComparing(TimerHeapInternalTimer::getKey)
              .thenComparing(timer -> timer.getNamespace().getEnd()));

  @AfterEach
  void close() {
    store.close();
  }

  private static StateTables<String> tables(TimelogStore store) {
    return new StateTables<>(
        store,
        new StateLayouts<>(
            StateSerializerProvider.fromNewRegisteredSerializer(StringSerializer.INSTANCE),
            CompositeKeyFormat.keyGroups(KEY_GROUPS),
            TtlTimeProvider.DEFAULT),
        TimelogStore.builder()::build);
  }

  private static TableTimers timers(StateTables<String> tables) {
    return new TableTimers(tables, KeyGroupRange.of(0, KEY_GROUPS - 1), KEY_GROUPS);
  }

  static LongStream seeds() {
    Long seed = Long.getLong("seed");
    return seed == null ? LongStream.rangeClosed(1, 6) : LongStream.of(seed);
  }

  private static TimerHeapInternalTimer<String, TimeWindow> timer(long time, int key) {
    return new TimerHeapInternalTimer<>(time, "key " + key, new TimeWindow(0, key % 3));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void queue_answersAsASortedSetDoes(long seed) throws Exception {
    Random random = new Random(seed);
    long now = 0;
    for (int i = 0; i < OPERATIONS; i++) {
      int what = random.nextInt(1_000);
      if (what == 0) {
        fireUntil(now += random.nextInt(20_000));
      } else if (what == 1) {
        compareAll();
      } else if (what < 60) {
        poll();
      } else if (what < 200) {
        remove(any(random, now));
      } else if (what < 210) {
        addMany(random, now);
      } else {
        add(any(random, now));
      }
    }
    compareAll();
    fireUntil(Long.MAX_VALUE);
    assertThat(queue.isEmpty()).isTrue();
    assertThat(model).isEmpty();
  }

  /** Mostly soon; at times late, at an end of time, or at the same moment as many others. */
  private static TimerHeapInternalTimer<String, TimeWindow> any(Random random, long now) {
    int key = random.nextInt(500);
    return switch (random.nextInt(20)) {
      case 0 -> timer(now - random.nextInt(1_000), key);
      case 1 -> timer(random.nextBoolean() ? Long.MAX_VALUE : Long.MIN_VALUE, key);
      case 2, 3, 4 -> timer(now + random.nextInt(1 << 30), key);
      case 5, 6, 7 -> timer((now / 10_000 + 1) * 10_000, random.nextInt(100_000));
      default -> timer(now + random.nextInt(20_000), key);
    };
  }

  private void addMany(Random random, long now) {
    List<TimerHeapInternalTimer<String, TimeWindow>> many = new ArrayList<>();
    for (int i = random.nextInt(500); i > 0; i--) {
      many.add(any(random, now));
    }
    queue.addAll(many);
    model.addAll(many);
    compareHead();
  }

  private void add(TimerHeapInternalTimer<String, TimeWindow> timer) {
    boolean first = model.isEmpty() || timer.getTimestamp() < model.first().getTimestamp();
    boolean mayBeFirst = queue.add(timer);
    model.add(timer);
    assertThat(mayBeFirst || !first).as("head has changed unsaid: timer=%s", timer).isTrue();
    compareHead();
  }

  private void remove(TimerHeapInternalTimer<String, TimeWindow> timer) {
    queue.remove(timer);
    model.remove(timer);
    compareHead();
  }

  private void compareHead() {
    TimerHeapInternalTimer<String, TimeWindow> head = queue.peek();
    if (model.isEmpty()) {
      assertThat(head).isNull();
    } else {
      assertThat(head).isNotNull();
      assertThat(head.getTimestamp()).isEqualTo(model.first().getTimestamp());
    }
  }

  private void poll() {
    compareHead();
    TimerHeapInternalTimer<String, TimeWindow> head = queue.poll();
    assertThat(head == null || model.remove(head)).as("timer=%s", head).isTrue();
  }

  private void fireUntil(long time) {
    while (queue.peek() != null && queue.peek().getTimestamp() <= time) {
      poll();
    }
    compareHead();
  }

  @SuppressWarnings("try") // nothing interrupts the thread of a test
  private void compareAll() throws Exception {
    assertThat(queue.size()).isEqualTo(model.size());
    Set<TimerHeapInternalTimer<String, TimeWindow>> found = new HashSet<>();
    try (CloseableIterator<TimerHeapInternalTimer<String, TimeWindow>> all = queue.iterator()) {
      all.forEachRemaining(found::add);
    }
    assertThat(found).isEqualTo(Set.copyOf(model));
    found.clear();
    for (int group = 0; group < KEY_GROUPS; group++) {
      found.addAll(queue.getSubsetForKeyGroup(group));
    }
    assertThat(found).isEqualTo(Set.copyOf(model));
    compareHead();
  }

  @Test
  void momentOfManyTimers_isReadInParts() {
    for (int i = 0; i < 60_000; i++) {
      add(timer(1_000, i));
    }
    add(timer(2_000, 0));

    fireUntil(1_500);

    assertThat(queue.size()).isEqualTo(1);
    assertThat(queue.poll()).isEqualTo(timer(2_000, 0));
  }

  @Test
  void queueThatGoesUpAndDown_keepsNoMemoryOfTimersThatFired() {
    for (int round = 0; round < 200; round++) {
      for (int i = 0; i < 1_000; i++) {
        add(timer(round * 10_000L + i, i));
      }
      fireUntil(round * 10_000L + 9_000);
    }

    queue.getSubsetForKeyGroup(0);
    assertThat(store.memoryBudget().usedBytes()).isLessThan(8 << 20);
  }

  @Test
  void timersThatFired_areInNoSnapshot() throws Exception {
    for (int i = 0; i < 100; i++) {
      add(timer(i / 10, i));
    }
    fireUntil(4);
    for (int i = 0; i < 5; i++) {
      poll();
    }

    assertThat(entries()).hasSize(45);
  }

  @Test
  void restoredTimers_areTheOnesOfTheSnapshot() throws Exception {
    fillAndFireSome();
    List<byte[]> entries = entries();

    try (TimelogStore other = TimelogStore.builder().build()) {
      TableTimers restored = timers(tables(other));
      CanonicalSink sink = restored.restored(timers.moment().get(0).meta());
      for (byte[] entry : entries) {
        sink.accept(entry, new byte[0]);
      }
      KeyGroupedInternalPriorityQueue<TimerHeapInternalTimer<String, TimeWindow>> after =
          restored.createOrUpdate("timers", SERIALIZER, false);

      assertThat(drained(after)).isEqualTo(Set.copyOf(model));
    }
  }

  @Test
  void tableOfASnapshot_isTakenOver() throws Exception {
    fillAndFireSome();
    TimersAtMoment moment = timers.moment().get(0);
    TableTimers other = timers(tables);

    other.adopt(moment.meta(), store.table(moment.table()));

    assertThat(drained(other.createOrUpdate("timers", SERIALIZER, false)))
        .isEqualTo(Set.copyOf(model));
  }

  @Test
  void tableOfASnapshot_isReadIntoAQueueOnTheHeap() throws Exception {
    fillAndFireSome();
    TimersAtMoment moment = timers.moment().get(0);
    HeapTimers other = new HeapTimers(tables, KeyGroupRange.of(0, KEY_GROUPS - 1), KEY_GROUPS);

    other.adopt(moment.meta(), store.table(moment.table()));

    assertThat(drained(other.createOrUpdate("timers", SERIALIZER, false)))
        .isEqualTo(Set.copyOf(model));
    assertThat(store.tables()).isEmpty();
  }

  private void fillAndFireSome() {
    for (int i = 0; i < 5_000; i++) {
      add(timer(i % 700, i));
    }
    fireUntil(100);
  }

  /** What a queue has, which must come in the order of time. */
  private static Set<TimerHeapInternalTimer<String, TimeWindow>> drained(
      KeyGroupedInternalPriorityQueue<TimerHeapInternalTimer<String, TimeWindow>> of) {
    long last = Long.MIN_VALUE;
    Set<TimerHeapInternalTimer<String, TimeWindow>> polled = new HashSet<>();
    while (!of.isEmpty()) {
      TimerHeapInternalTimer<String, TimeWindow> timer = of.poll();
      assertThat(timer.getTimestamp()).isGreaterThanOrEqualTo(last);
      last = timer.getTimestamp();
      polled.add(timer);
    }
    return polled;
  }

  private List<byte[]> entries() throws IOException {
    List<byte[]> keys = new ArrayList<>();
    TimersAtMoment moment = timers.moment().get(0);
    try (Snapshot snapshot = store.snapshot();
        CanonicalEntries entries = moment.entries(snapshot)) {
      while (entries.advance()) {
        keys.add(entries.key());
      }
    }
    return keys;
  }
}
