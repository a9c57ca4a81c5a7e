package io.timelog.durability;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.CommitLog;
import io.timelog.Cursor;
import io.timelog.MemoryBudget;
import io.timelog.MemoryClaim;
import io.timelog.StoresOnDisks;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimeRange;
import io.timelog.TimelogStore;
import io.timelog.internal.engine.Unwatched;
import io.timelog.internal.storage.disk.RecordingDisk;
import io.timelog.testing.PoisoningSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Scans over many more partition windows in files than there is memory for pages. */
final class ScanOverManyWindowsTest {
  private static final int WINDOWS = 120;
  private static final int KEYS = 30;
  private static final int WINDOW = 2 * KEYS;
  private static final int ENTRIES = WINDOWS * WINDOW;
  private static final int VALUE_BYTES = 200;

  /** Room for a few pages. */
  private static final long LEFT_BYTES = 40 << 10;

  private static final TableOptions EVENTS =
      TableOptions.multimap("events").windowSize(WINDOW, 0).build();

  private static RecordingDisk committed;

  private final PoisoningSource source = new PoisoningSource();
  private final MemoryBudget budget = MemoryBudget.ofBytes(16 << 20, source);
  private TimelogStore store;
  private Table events;
  private MemoryClaim others;

  @BeforeAll
  static void commit() {
    committed = new RecordingDisk();
    try (TimelogStore store =
        StoresOnDisks.open(
            committed, settings(MemoryBudget.ofBytes(32 << 20)), Unwatched.observers())) {
      Table events = store.openTable(EVENTS);
      for (int i = 0; i < ENTRIES; i++) {
        events.append(key(i % KEYS), i, new byte[VALUE_BYTES]);
      }
      store.commit(new byte[0]);
    }
  }

  private static TimelogStore.Builder settings(MemoryBudget budget) {
    return TimelogStore.builder()
        .memoryBudget(budget)
        .commitLog(CommitLog.NONE)
        .targetPageBytes(4096);
  }

  private static byte[] key(int number) {
    return new byte[] {'k', (byte) number};
  }

  @BeforeEach
  void open() {
    store =
        StoresOnDisks.open(
            new RecordingDisk(committed.files()), settings(budget), Unwatched.observers());
    events = store.openTable(EVENTS);
    assertThat(store.recovery().segments()).isGreaterThanOrEqualTo(WINDOWS);
    others = budget.claim();
    others.grow(budget.availableBytes() - LEFT_BYTES);
  }

  @AfterEach
  void close() {
    others.close();
    store.close();
    assertThat(source.bytes()).isZero();
  }

  private static List<Integer> read(Cursor cursor) {
    List<Integer> found = new ArrayList<>();
    try (cursor) {
      while (cursor.advance()) {
        int number = (int) cursor.timestamp();
        assertThat(cursor.key()).isEqualTo(key(number % KEYS));
        assertThat(cursor.value()).hasSize(VALUE_BYTES);
        found.add(number);
      }
    }
    return found;
  }

  /** All entries of a key, then those of the next one. */
  private static List<Integer> byKey() {
    List<Integer> numbers = new ArrayList<>();
    for (int key = 0; key < KEYS; key++) {
      for (int number = key; number < ENTRIES; number += KEYS) {
        numbers.add(number);
      }
    }
    return numbers;
  }

  private static List<Integer> reversed(List<Integer> numbers) {
    List<Integer> reversed = new ArrayList<>();
    for (int i = numbers.size() - 1; i >= 0; i--) {
      reversed.add(numbers.get(i));
    }
    return reversed;
  }

  @Test
  void keys_areReadOneAfterTheOther_acrossAllWindows() {
    assertThat(read(events.scanKeys(null, null, TimeRange.all()))).isEqualTo(byKey());
  }

  @Test
  void keys_areReadBackward() {
    assertThat(read(events.scanKeysBackward(null, null, TimeRange.all())))
        .isEqualTo(reversed(byKey()));
  }

  @Test
  void eachKey_isFoundOnce() {
    assertThat(read(events.keys(TimeRange.all())))
        .isEqualTo(byKey().stream().filter(number -> number < KEYS).toList());
  }

  @Test
  void oneKey_isReadInTheOrderOfTime() {
    List<Integer> ofKey = byKey().subList(0, ENTRIES / KEYS);

    assertThat(read(events.scan(key(0), TimeRange.all()))).isEqualTo(ofKey);
    assertThat(read(events.scanBackward(key(0), TimeRange.all()))).isEqualTo(reversed(ofKey));
  }

  @Test
  void severalScans_areReadSideBySide() {
    List<Integer> byKey = byKey();
    try (Cursor first = events.scanKeys(null, null, TimeRange.all());
        Cursor second = events.scanKeys(null, null, TimeRange.all())) {
      for (int number : byKey) {
        assertThat(first.advance()).isTrue();
        assertThat(second.advance()).isTrue();
        assertThat(first.timestamp()).isEqualTo(number);
        assertThat(second.timestamp()).isEqualTo(number);
        assertThat(first.key()).isEqualTo(second.key());
      }
    }
  }
}
