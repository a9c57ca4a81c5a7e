package io.timelog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the numbers of a store tell an operator. */
@Timeout(60)
final class StoreNumbersTest {
  private static final byte[] KEY = "key".getBytes(UTF_8);
  private static final byte[] VALUE = "value".getBytes(UTF_8);

  private final TimelogStore store = TimelogStore.builder().build();

  @AfterEach
  void close() {
    store.close();
  }

  private Table table(LateEntries policy) {
    return store.createTable(
        TableOptions.multimap("events").windowSize(100, 0).lateEntries(policy).build());
  }

  @Test
  void droppedEntries_countTheWindowsOfWhichADeleteLeavesNoRow() {
    for (LateEntries policy : LateEntries.values()) {
      Table table = table(policy);
      table.append(KEY, 10, VALUE);
      table.append(KEY, 20, VALUE);
      table.append(KEY, 130, VALUE);
      store.flush();
      table.append(KEY, 30, VALUE);

      table.deleteBefore(120);

      assertThat(table.stats().droppedEntries()).isEqualTo(3);
      table.deleteBefore(200);
      assertThat(table.stats().droppedEntries()).isEqualTo(4);
      store.dropTable("events");
    }
  }

  @Test
  void snapshotAge_growsOnceTheTableHasMovedOn_andEndsWithTheSnapshot() {
    Table table = table(LateEntries.ACCEPT);
    table.append(KEY, 10, VALUE);
    Snapshot snapshot = store.snapshot();
    assertThat(table.stats().snapshotAgeMillis()).isZero();

    table.deleteBefore(100);
    while (table.stats().snapshotAgeMillis() == 0) {
      Thread.onSpinWait();
    }
    snapshot.close();

    assertThat(table.stats().snapshotAgeMillis()).isZero();
  }

  @Test
  void maintenanceTime_growsWithEveryFlushAndCompaction() {
    Table table = table(LateEntries.ACCEPT);
    table.append(KEY, 10, VALUE);

    store.flush();
    long afterFlush = store.stats().maintenanceNanos();
    store.compact();

    assertThat(afterFlush).isPositive();
    assertThat(store.stats().maintenanceNanos()).isGreaterThan(afterFlush);
  }
}
