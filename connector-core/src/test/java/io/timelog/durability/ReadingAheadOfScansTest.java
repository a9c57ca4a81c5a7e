package io.timelog.durability;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.CommitLog;
import io.timelog.Cursor;
import io.timelog.MemoryBudget;
import io.timelog.StoresOnDisks;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimeRange;
import io.timelog.TimelogStore;
import io.timelog.durability.ReadingDisk.Read;
import io.timelog.internal.engine.Unwatched;
import io.timelog.internal.storage.disk.RecordingDisk;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is read from files ahead of a scan, of keys with many pages each. */
final class ReadingAheadOfScansTest {
  private static final int KEYS = 4;
  private static final int ENTRIES = 40_000;
  private static final int VALUE_BYTES = 96;
  private static final int PAGE_BYTES = 4096;
  private static final TableOptions EVENTS =
      TableOptions.multimap("events").windowSize(ENTRIES, 0).build();

  /** Timestamp, value, and where it ends. */
  private static final long KEY_BYTES = (long) ENTRIES / KEYS * (Long.BYTES + VALUE_BYTES);

  private static RecordingDisk committed;

  private final ReadingDisk disk = new ReadingDisk(new RecordingDisk(committed.files()));
  private TimelogStore store;
  private Table events;

  @BeforeAll
  static void commit() {
    committed = new RecordingDisk();
    try (TimelogStore store =
        StoresOnDisks.open(committed, settings(32 << 20), Unwatched.observers())) {
      Table events = store.openTable(EVENTS);
      for (int i = 0; i < ENTRIES; i++) {
        events.append(key(i % KEYS), i, new byte[VALUE_BYTES]);
      }
      store.commit(new byte[0]);
    }
  }

  private static TimelogStore.Builder settings(long budgetBytes) {
    return TimelogStore.builder()
        .memoryBudget(MemoryBudget.ofBytes(budgetBytes))
        .commitLog(CommitLog.NONE)
        .targetPageBytes(PAGE_BYTES);
  }

  private static byte[] key(int number) {
    return ("key-" + number).getBytes(US_ASCII);
  }

  @BeforeEach
  void open() {
    store = StoresOnDisks.open(disk, settings(16 << 20), Unwatched.observers());
    events = store.openTable(EVENTS);
    // Where segments of a run begin.
    count(events.scan(key(0), TimeRange.of(0, 1)));
    disk.takeReads();
  }

  @AfterEach
  void close() {
    store.close();
  }

  private static int count(Cursor cursor) {
    int count = 0;
    try (cursor) {
      while (cursor.advance()) {
        count++;
      }
    }
    return count;
  }

  /** Bytes of some reads, of which none is read twice. */
  private static long bytes(List<Read> reads) {
    assertThat(ReadingDisk.bytesReadAgain(reads)).isZero();
    return reads.stream().mapToLong(Read::length).sum();
  }

  @Test
  void scanOfAKey_readsItsPages_inFewReads() {
    assertThat(count(events.scan(key(1), TimeRange.all()))).isEqualTo(ENTRIES / KEYS);

    List<Read> reads = disk.takeReads();
    assertThat(bytes(reads)).isBetween(KEY_BYTES - 4 * PAGE_BYTES, KEY_BYTES + KEY_BYTES / 16);
    assertThat(reads).hasSizeLessThan((int) (KEY_BYTES / PAGE_BYTES / 6));
  }

  @Test
  void scanOfAKeyBackward_readsTheSame() {
    assertThat(count(events.scanBackward(key(1), TimeRange.all()))).isEqualTo(ENTRIES / KEYS);

    List<Read> reads = disk.takeReads();
    assertThat(bytes(reads)).isBetween(KEY_BYTES - 4 * PAGE_BYTES, KEY_BYTES + KEY_BYTES / 16);
    assertThat(reads).hasSizeLessThan((int) (KEY_BYTES / PAGE_BYTES / 6));
  }

  @Test
  void scanOfARange_readsNothingBehindIt() {
    TimeRange range = TimeRange.of(ENTRIES / 4, ENTRIES / 2);

    assertThat(count(events.scan(key(1), range))).isEqualTo(ENTRIES / KEYS / 4);

    assertThat(bytes(disk.takeReads())).isLessThan(KEY_BYTES / 4 + 6 * PAGE_BYTES);
  }

  @Test
  void scanOfAllKeys_readsOnFromKeyToKey() {
    assertThat(count(events.scanByKey(TimeRange.all()))).isEqualTo(ENTRIES);

    List<Read> reads = disk.takeReads();
    assertThat(bytes(reads)).isGreaterThan(KEYS * KEY_BYTES - 8 * PAGE_BYTES);
    assertThat(reads).hasSizeLessThan((int) (KEYS * KEY_BYTES / PAGE_BYTES / 6));
  }

  @Test
  void entryThatIsLookedUp_costsAPage() {
    assertThat(events.count(key(2), TimeRange.of(20_002, 20_003))).isEqualTo(1);

    assertThat(disk.takeReads()).allMatch(read -> read.length() < 2 * PAGE_BYTES);
  }
}
