package io.timelog.durability;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.BusyPolicy;
import io.timelog.CommitLog;
import io.timelog.Cursor;
import io.timelog.ExportedFile;
import io.timelog.Maintenance;
import io.timelog.MemoryBudget;
import io.timelog.StoreExport;
import io.timelog.StoresOnDisks;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimeRange;
import io.timelog.TimelogStore;
import io.timelog.internal.engine.Unwatched;
import io.timelog.internal.storage.disk.RecordingDisk;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A host that keeps state of many times its memory, and has another thread export it and maintain
 * it all the time, is refused nothing: whatever that thread holds, it holds for a while.
 */
@Execution(ExecutionMode.CONCURRENT)
final class MaintenanceBesideWritesTest {
  private static final long BUDGET_BYTES = 2 << 20;
  private static final int ENTRIES = 16_000;
  private static final int KEYS = 500;
  private static final int VALUE_BYTES = 1_000;

  private final MemoryBudget budget = MemoryBudget.ofBytes(BUDGET_BYTES);
  private final ExecutorService other = Executors.newSingleThreadExecutor();

  @AfterEach
  void end() throws InterruptedException {
    other.shutdownNow();
    assertThat(other.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
  }

  private TimelogStore open() {
    return StoresOnDisks.open(
        new RecordingDisk(),
        TimelogStore.builder()
            .memoryBudget(budget)
            .maintenance(Maintenance.DISABLED)
            .busyPolicy(BusyPolicy.FLUSH)
            .commitLog(CommitLog.NONE)
            .targetPageBytes(4096),
        Unwatched.observers());
  }

  private static byte[] key(int number) {
    return ("key-" + number % KEYS).getBytes(US_ASCII);
  }

  private static byte[] value(int number) {
    byte[] value = new byte[VALUE_BYTES];
    ByteBuffer.wrap(value).putInt(number);
    return value;
  }

  @Test
  void writesAndReads_areNotRefused_forWhatAnotherThreadHolds() throws Exception {
    try (TimelogStore store = open()) {
      Table events = store.openTable(TableOptions.multimap("events").unbounded().build());
      Future<?> export = other.submit(() -> {});
      for (int i = 0; i < ENTRIES; i++) {
        if (i % 50 == 0 && export.isDone()) {
          export.get();
          StoreExport moment = store.beginExport();
          export = other.submit(() -> write(moment, store));
        }
        events.append(key(i), i, value(i));
        if (i % 7 == 0) {
          assertThat(readAll(events.scan(key(i), TimeRange.all()))).isEqualTo(i / KEYS + 1);
        }
      }
      export.get();

      assertThat(readAll(events.scanByKey(TimeRange.all()))).isEqualTo(ENTRIES);
    }
    assertThat(budget.usedBytes()).isZero();
  }

  private static int readAll(Cursor cursor) {
    int entries = 0;
    try (cursor) {
      while (cursor.advance()) {
        assertThat(cursor.value()).isEqualTo(value((int) cursor.timestamp()));
        entries++;
      }
    }
    return entries;
  }

  private static void write(StoreExport export, TimelogStore store) {
    try (export) {
      for (ExportedFile file : export.write()) {
        try (InputStream in = file.newInputStream()) {
          in.transferTo(OutputStream.nullOutputStream());
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    store.maintain();
  }
}
