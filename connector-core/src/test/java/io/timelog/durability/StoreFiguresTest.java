package io.timelog.durability;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.CommitLog;
import io.timelog.Cursor;
import io.timelog.MemoryBudget;
import io.timelog.StoreStats;
import io.timelog.StoresOnDisks;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimeRange;
import io.timelog.TimelogStore;
import io.timelog.durability.ReadingDisk.Read;
import io.timelog.internal.engine.Unwatched;
import io.timelog.internal.storage.disk.ForwardingDisk;
import io.timelog.internal.storage.disk.ForwardingPositionedFile;
import io.timelog.internal.storage.disk.PositionedFile;
import io.timelog.internal.storage.disk.RecordingDisk;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What the numbers of a store in a directory tell an operator. */
final class StoreFiguresTest {
  private static final int WINDOW = 1_000;
  private static final int KEYS = 50;
  private static final TableOptions EVENTS =
      TableOptions.multimap("events").windowSize(WINDOW, 0).build();

  private final RecordingDisk recording = new RecordingDisk();
  private final ReadingDisk disk = new ReadingDisk(recording);

  private static TimelogStore.Builder settings(long budgetBytes, CommitLog log) {
    return TimelogStore.builder()
        .memoryBudget(MemoryBudget.ofBytes(budgetBytes))
        .commitLog(log)
        .targetPageBytes(4096);
  }

  private static void append(Table events, int from, int to) {
    for (int i = from; i < to; i++) {
      events.append(("key-" + i % KEYS).getBytes(US_ASCII), i, new byte[100]);
    }
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

  private void commitWindows(int windows) {
    try (TimelogStore store =
        StoresOnDisks.open(recording, settings(32 << 20, CommitLog.NONE), Unwatched.observers())) {
      Table events = store.openTable(EVENTS);
      for (int window = 0; window < windows; window++) {
        append(events, window * WINDOW, (window + 1) * WINDOW);
        // A file for each.
        store.commit(new byte[0]);
      }
    }
  }

  @Test
  void cache_countsWhatIsReadAndWhatIsThere() {
    commitWindows(4);
    try (TimelogStore store =
        StoresOnDisks.open(disk, settings(16 << 20, CommitLog.NONE), Unwatched.observers())) {
      Table events = store.openTable(EVENTS);
      disk.takeReads();
      assertThat(store.stats().cacheMisses()).isZero();

      count(events.scanByKey(TimeRange.all()));

      StoreStats cold = store.stats();
      long read = disk.takeReads().stream().mapToLong(Read::length).sum();
      assertThat(cold.cacheReadBytes()).isEqualTo(read);
      assertThat(cold.cacheMisses()).isBetween(4L, read / 4096);
      assertThat(cold.cacheBytes()).isBetween(read, 2 * read);
      assertThat(cold.cacheHits()).isPositive();

      count(events.scanByKey(TimeRange.all()));

      StoreStats warm = store.stats();
      assertThat(warm.cacheMisses()).isEqualTo(cold.cacheMisses());
      assertThat(warm.cacheReadBytes()).isEqualTo(read);
      assertThat(warm.cacheHits()).isGreaterThan(cold.cacheHits() + read / 8192);
    }
  }

  @Test
  void spilledBytes_areThoseThatLeftMemory() {
    try (TimelogStore store =
        StoresOnDisks.open(disk, settings(2 << 20, CommitLog.NONE), Unwatched.observers())) {
      Table events = store.openTable(EVENTS);
      append(events, 0, 1_000);
      assertThat(store.stats().spilledBytes()).isZero();

      append(events, 1_000, 60_000);

      long written = recording.files().values().stream().mapToLong(file -> file.length).sum();
      assertThat(store.stats().spilledBytes()).isBetween(4L << 20, written);
    }
  }

  @Test
  void log_countsWhatIsAppendedAndForced() {
    try (TimelogStore store =
        StoresOnDisks.open(disk, settings(16 << 20, CommitLog.SYNCED), Unwatched.observers())) {
      Table events = store.openTable(EVENTS);
      store.commit(new byte[] {1});
      StoreStats before = store.stats();

      append(events, 0, 100);
      store.commit(new byte[] {2});

      StoreStats after = store.stats();
      assertThat(after.logForces()).isEqualTo(before.logForces() + 1);
      assertThat(after.committedBytes() - before.committedBytes())
          .isEqualTo(after.logBytes() - before.logBytes())
          .isGreaterThan(100 * 100);
    }
  }

  @Test
  void bufferedLog_isNotForcedByCommits() {
    try (TimelogStore store =
        StoresOnDisks.open(disk, settings(16 << 20, CommitLog.BUFFERED), Unwatched.observers())) {
      Table events = store.openTable(EVENTS);
      long before = store.stats().logForces();

      append(events, 0, 100);
      store.commit(new byte[] {1});

      assertThat(store.stats().logForces()).isEqualTo(before);
      assertThat(store.stats().committedBytes()).isGreaterThan(100 * 100);
    }
  }

  @Test
  void storeInMemory_hasNoneOfThem() {
    try (TimelogStore store = settings(16 << 20, CommitLog.NONE).build()) {
      append(store.openTable(EVENTS), 0, 10_000);
      store.flush();

      StoreStats stats = store.stats();
      assertThat(stats.cacheBytes() + stats.cacheMisses() + stats.cacheHits()).isZero();
      assertThat(stats.cacheReadBytes() + stats.spilledBytes()).isZero();
      assertThat(stats.committedBytes() + stats.logForces()).isZero();
    }
  }

  @Test
  void filesThatStayOpen_areNoMoreThanWasSaid() {
    commitWindows(12);
    OpenHandles handles = new OpenHandles();
    try (TimelogStore store =
        StoresOnDisks.open(
            handles, settings(16 << 20, CommitLog.NONE).maxOpenFiles(3), Unwatched.observers())) {
      assertThat(recording.files().keySet().stream().filter(name -> name.endsWith(".seg")))
          .hasSizeGreaterThanOrEqualTo(12);

      assertThat(count(store.openTable(EVENTS).scanByKey(TimeRange.all()))).isEqualTo(12 * WINDOW);

      assertThat(handles.open.get()).isEqualTo(3);
      assertThat(handles.most.get()).isLessThanOrEqualTo(4);
    }
    assertThat(handles.open.get()).isZero();
  }

  /** Counts files that are open for reading. */
  private final class OpenHandles extends ForwardingDisk {
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    OpenHandles() {
      super(recording);
    }

    @Override
    public PositionedFile open(String name) throws IOException {
      PositionedFile file = super.open(name);
      int now = open.incrementAndGet();
      most.accumulateAndGet(now, Math::max);
      return new ForwardingPositionedFile(file) {
        @Override
        public void close() throws IOException {
          open.decrementAndGet();
          super.close();
        }
      };
    }
  }
}
