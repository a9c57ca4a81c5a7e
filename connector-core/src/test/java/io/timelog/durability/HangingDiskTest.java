package io.timelog.durability;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.Maintenance;
import io.timelog.MaintenancePool;
import io.timelog.MemoryBudget;
import io.timelog.StoresOnDisks;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimelogStore;
import io.timelog.internal.engine.Unwatched;
import io.timelog.internal.storage.disk.AppendFile;
import io.timelog.internal.storage.disk.Disk;
import io.timelog.internal.storage.disk.ForwardingDisk;
import io.timelog.internal.storage.disk.RecordingDisk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A disk that does not answer keeps the thread that maintains its store, and no other store. */
@Timeout(120)
final class HangingDiskTest {
  private static final TableOptions EVENTS =
      TableOptions.multimap("events").windowSize(10, 0).build();

  /** A log of so many bytes is too long, and one of twice as many is not left to maintenance. */
  private static final int LOG_BYTES = 4096;

  private static final int COMMITS = 8;

  private final MaintenancePool pool = MaintenancePool.ofThreads(2);
  private final MemoryBudget budget = MemoryBudget.ofBytes(64 << 20);
  private final RecordingDisk recording = new RecordingDisk();
  private final CountDownLatch hangs = new CountDownLatch(1);
  private final CountDownLatch goesOn = new CountDownLatch(1);

  /** Hangs when a segment is to be written. */
  private final class HangingDisk extends ForwardingDisk {
    HangingDisk(Disk disk) {
      super(disk);
    }

    @Override
    public AppendFile create(String name) throws IOException {
      if (name.endsWith(".seg")) {
        hangs.countDown();
        try {
          goesOn.await();
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
      }
      return super.create(name);
    }
  }

  private TimelogStore.Builder maintained() {
    return TimelogStore.builder()
        .memoryBudget(budget)
        .logMaxBytes(LOG_BYTES)
        .maintenance(Maintenance.BACKGROUND)
        .maintenancePool(pool);
  }

  private TimelogStore open(Disk disk) {
    return StoresOnDisks.open(disk, maintained(), Unwatched.observers());
  }

  @Test
  void otherStores_areMaintained_andTheHangingOneIsWrittenTo() throws Exception {
    TimelogStore hanging = open(new HangingDisk(recording));
    List<TimelogStore> others = new ArrayList<>();
    try {
      Table events = hanging.openTable(EVENTS);
      for (int commit = 0; commit < COMMITS; commit++) {
        events.append(new byte[] {'k'}, commit, new byte[600]);
        hanging.commit(new byte[] {(byte) commit});
      }
      assertThat(hanging.stats().logBytes()).isBetween((long) LOG_BYTES, 2L * LOG_BYTES);
      assertThat(hangs.await(60, TimeUnit.SECONDS)).isTrue();

      CountDownLatch reported = new CountDownLatch(50);
      for (int i = 0; i < 50; i++) {
        TimelogStore other = open(new RecordingDisk());
        others.add(other);
        dropOne(other, reported);
      }
      assertThat(reported.await(60, TimeUnit.SECONDS)).as("others are maintained").isTrue();
      events.append(new byte[] {'k'}, COMMITS, new byte[1]);
      hanging.commit("last".getBytes(UTF_8));

      CompletableFuture<Void> closing = CompletableFuture.runAsync(hanging::close);
      assertThat(closing).isNotDone();
      goesOn.countDown();
      closing.get(60, TimeUnit.SECONDS);
    } finally {
      goesOn.countDown();
      hanging.close();
      others.forEach(TimelogStore::close);
    }
    try (TimelogStore again = open(recording)) {
      assertThat(Entries.read(again.table("events"))).hasSize(COMMITS + 1);
    }
  }

  private static void dropOne(TimelogStore store, CountDownLatch reported) {
    Table heard =
        store.createTable(
            TableOptions.multimap("heard")
                .windowSize(10, 0)
                .dropListener((key, timestamp, subkey, value) -> reported.countDown())
                .build());
    heard.append(new byte[] {'k'}, 5, new byte[] {'v'});
    heard.deleteBefore(10);
  }
}
