package io.timelog.durability;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.CommitLog;
import io.timelog.Cursor;
import io.timelog.MemoryBudget;
import io.timelog.StoresOnDisks;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimeRange;
import io.timelog.TimelogCorruptionException;
import io.timelog.TimelogStorageException;
import io.timelog.TimelogStore;
import io.timelog.durability.ReadingDisk.Read;
import io.timelog.internal.engine.Unwatched;
import io.timelog.internal.storage.disk.RecordingDisk;
import io.timelog.testing.PoisoningSource;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A store whose state is ten times its memory, read from where it lies. */
final class LargerThanMemoryTest {
  private static final long BUDGET_BYTES = 512 << 10;
  private static final int KEYS = 300;
  private static final int ENTRIES = 60_000;
  private static final int VALUE_BYTES = 96;
  private static final int PAGE_BYTES = 4096;
  private static final TableOptions EVENTS =
      TableOptions.multimap("events").windowSize(10_000, 0).build();

  private static RecordingDisk committed;
  private static long committedBytes;

  private final PoisoningSource source = new PoisoningSource();
  private final MemoryBudget budget = MemoryBudget.ofBytes(BUDGET_BYTES, source);
  private final ReadingDisk disk = new ReadingDisk(new RecordingDisk(committed.files()));
  private TimelogStore store;
  private Table events;

  @BeforeAll
  static void commit() {
    committed = new RecordingDisk();
    try (TimelogStore store =
        StoresOnDisks.open(
            committed, settings(MemoryBudget.ofBytes(32 << 20)), Unwatched.observers())) {
      Table events = store.openTable(EVENTS);
      for (int i = 0; i < ENTRIES; i++) {
        events.append(key(i % KEYS), i, value(i));
      }
      store.commit(new byte[0]);
    }
    committedBytes = committed.files().values().stream().mapToLong(file -> file.length).sum();
    assertThat(committedBytes).isGreaterThan(10 * BUDGET_BYTES);
  }

  private static TimelogStore.Builder settings(MemoryBudget budget) {
    return TimelogStore.builder()
        .memoryBudget(budget)
        .commitLog(CommitLog.NONE)
        .targetPageBytes(PAGE_BYTES);
  }

  private static byte[] key(int number) {
    return ("key-" + number).getBytes(US_ASCII);
  }

  private static byte[] value(int number) {
    byte[] value = new byte[VALUE_BYTES];
    Arrays.fill(value, (byte) number);
    ByteBuffer.wrap(value).putInt(number);
    return value;
  }

  @BeforeEach
  void open() {
    store = StoresOnDisks.open(disk, settings(budget), Unwatched.observers());
    events = store.openTable(EVENTS);
  }

  @AfterEach
  void close() {
    store.close();
    assertThat(budget.usedBytes()).isZero();
    assertThat(source.bytes()).isZero();
  }

  /** Fails if the entry is not as it was written; returns its number. */
  private int check(Cursor cursor) {
    int number = (int) cursor.timestamp();
    assertThat(cursor.key()).isEqualTo(key(number % KEYS));
    assertThat(cursor.value()).isEqualTo(value(number));
    assertThat(source.bytes()).isLessThanOrEqualTo(BUDGET_BYTES);
    return number;
  }

  private List<Integer> readAll(Cursor cursor) {
    List<Integer> numbers = new ArrayList<>();
    try (cursor) {
      while (cursor.advance()) {
        numbers.add(check(cursor));
      }
    }
    return numbers;
  }

  @Test
  void opening_readsNeitherRowsNorIndexes() {
    long read = disk.takeReads().stream().mapToLong(Read::length).sum();

    assertThat(read).isLessThan(committedBytes / 20);
  }

  @Test
  void scans_findEverything_inEveryOrder() {
    List<Integer> byTime = readAll(events.scanAll(TimeRange.all()));
    assertThat(byTime).hasSize(ENTRIES).isSorted().doesNotHaveDuplicates();
    List<Integer> backward = readAll(events.scanAllBackward(TimeRange.all()));
    assertThat(backward).hasSize(ENTRIES);
    assertThat(backward.get(0)).isEqualTo(ENTRIES - 1);
    assertThat(readAll(events.scanByKey(TimeRange.all()))).hasSize(ENTRIES).doesNotHaveDuplicates();
    assertThat(readAll(events.scanKeys(null, null, TimeRange.all())))
        .hasSize(ENTRIES)
        .doesNotHaveDuplicates();
    assertThat(readAll(events.keys(TimeRange.all()))).hasSize(KEYS);
  }

  @Test
  void keys_areFoundOneByOne() {
    for (int key = 0; key < KEYS; key += 7) {
      List<Integer> forward = readAll(events.scan(key(key), TimeRange.all()));
      assertThat(forward).hasSize(ENTRIES / KEYS).isSorted().startsWith(key);
      List<Integer> backward = readAll(events.scanBackward(key(key), TimeRange.all()));
      assertThat(backward).hasSize(ENTRIES / KEYS).endsWith(key);
      assertThat(events.count(key(key), TimeRange.of(0, ENTRIES))).isEqualTo(ENTRIES / KEYS);
    }
    assertThat(readAll(events.scan(key(KEYS), TimeRange.all()))).isEmpty();
    assertThat(events.minTimestamp()).hasValue(0);
    assertThat(events.maxTimestamp()).hasValue(ENTRIES - 1);
  }

  @Test
  void scanByKey_readsEachPageOnce_severalAtATime() {
    disk.takeReads();

    readAll(events.scanByKey(TimeRange.all()));

    List<Read> reads = disk.takeReads();
    long pages = reads.stream().mapToLong(Read::length).sum() / PAGE_BYTES;
    assertThat(pages).isGreaterThan(1000);
    assertThat(reads.size()).isLessThan((int) pages / 2);
    assertThat(reads).allMatch(read -> read.length() <= BUDGET_BYTES / 16);
    // Where one segment of a run ends and the next begins is looked at before.
    assertThat(ReadingDisk.bytesReadAgain(reads))
        .isLessThanOrEqualTo(2L * store.recovery().segments() * 2 * PAGE_BYTES);
  }

  @Test
  void manyCursors_keepWhatTheyStandOn() {
    List<Cursor> cursors = new ArrayList<>();
    for (int key = 0; key < 20; key++) {
      cursors.add(events.scan(key(key), TimeRange.all()));
    }
    for (int step = 0; step < ENTRIES / KEYS; step++) {
      for (int key = 0; key < 20; key++) {
        assertThat(cursors.get(key).advance()).isTrue();
      }
      for (int key = 0; key < 20; key++) {
        assertThat(check(cursors.get(key))).isEqualTo(step * KEYS + key);
      }
    }
    cursors.forEach(Cursor::close);
  }

  @Test
  void writes_takeTheMemoryOfPages() {
    readAll(events.scanByKey(TimeRange.all()));
    for (int i = ENTRIES; i < ENTRIES + 500; i++) {
      events.append(key(i % KEYS), i, value(i));
    }
    store.commit(new byte[0]);

    assertThat(readAll(events.scanByKey(TimeRange.all()))).hasSize(ENTRIES + 500);
  }

  @Test
  void deletedWindows_areNotRead_andTheirFilesGo() {
    disk.takeReads();

    events.deleteBefore(50_000);
    store.maintain();
    store.commit(new byte[0]);

    long read = disk.takeReads().stream().mapToLong(Read::length).sum();
    assertThat(read).isLessThan(committedBytes / 20);
    assertThat(readAll(events.scanAll(TimeRange.all()))).hasSize(ENTRIES - 50_000);
  }

  @Test
  void readThatFails_saysWhere_andChangesNothing() {
    disk.fail(true);
    assertThatThrownBy(() -> readAll(events.scanByKey(TimeRange.all())))
        .isInstanceOfSatisfying(
            TimelogStorageException.class,
            e -> {
              assertThat(e.path().startsWith(StoresOnDisks.DIRECTORY)).isTrue();
              assertThat(e.getMessage())
                  .startsWith("A file of the store cannot be read")
                  .contains("Input/output error");
            });

    disk.fail(false);
    assertThat(readAll(events.scanByKey(TimeRange.all()))).hasSize(ENTRIES);
  }

  @Test
  void damagedPage_isFoundByWhoReadsIt_withFileAndOffset() {
    String file =
        committed.files().keySet().stream().filter(n -> n.endsWith(".seg")).findFirst().get();
    byte[] bytes = committed.files().get(file).clone();
    int at = 1_000; // in the first page
    bytes[at] ^= 1;
    Map<String, byte[]> files = new HashMap<>(committed.files());
    files.put(file, bytes);

    try (TimelogStore damaged =
        StoresOnDisks.open(
            new RecordingDisk(files),
            settings(MemoryBudget.ofBytes(BUDGET_BYTES)),
            Unwatched.observers())) {
      Table table = damaged.openTable(EVENTS);
      assertThatThrownBy(() -> readAll(table.scanByKey(TimeRange.all())))
          .isInstanceOfSatisfying(
              TimelogCorruptionException.class,
              e -> {
                assertThat(e.file()).isEqualTo(file);
                assertThat(e.offset()).isBetween(1L, (long) at);
              });
    }
  }
}
