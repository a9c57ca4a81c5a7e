package io.timelog.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.BusyPolicy;
import io.timelog.KeyGroups;
import io.timelog.LateEntries;
import io.timelog.Maintenance;
import io.timelog.MemoryBudget;
import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memtable.MemtableWindow;
import io.timelog.internal.read.ReadLease;
import io.timelog.internal.row.Rule;
import io.timelog.internal.row.WindowIndex;
import io.timelog.internal.storage.MemoryStorage;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What readers hold back of a window, and when it is copied to be free of them. */
final class HeldBackMemoryTest {
  private static final long BUDGET_BYTES = 64 << 20;
  private static final long MAY_BE_HELD_BACK = BUDGET_BYTES / 32;
  private static final byte[] NO_SUBKEY = {};
  private static final int KEYS = 1_000;
  private static final int ROWS_OF_KEY = 20;
  private static final int VALUE_BYTES = 100;

  private final BufferPool pool = new BufferPool(BUDGET_BYTES);
  private final StoreEngine store =
      new StoreEngine(
          new StoreSettings(
              "store",
              MemoryBudget.ofBytes(BUDGET_BYTES),
              pool,
              Maintenance.DISABLED,
              BusyPolicy.FLUSH,
              BUDGET_BYTES,
              8_192,
              4,
              100),
          MemoryStorage::new,
          new StoreObservers(List.of()));
  private final Deque<ReadLease> readers = new ArrayDeque<>();
  private final SplittableRandom random = new SplittableRandom(1);

  @BeforeEach
  void begin() {
    assertThat(pool.usedBytes()).isZero();
  }

  @AfterEach
  void close() {
    readers.forEach(ReadLease::close);
    store.close();
    assertThat(pool.usedBytes()).isZero();
  }

  private TableEngine filled(WindowIndex index) {
    TableEngine table =
        store.createTable(
            new TableSettings(
                "table",
                Rule.MAP,
                LateEntries.ACCEPT,
                KeyGroups.NONE,
                WindowGrid.unbounded(),
                index,
                null,
                null));
    for (int time = 0; time < ROWS_OF_KEY; time++) {
      for (int number = 0; number < KEYS; number++) {
        put(table, number, time);
      }
    }
    return table;
  }

  private static void put(TableEngine table, int number, long time) {
    byte[] key = ByteBuffer.allocate(4).putInt(number).array();
    table.put(key, time, NO_SUBKEY, new byte[VALUE_BYTES]);
  }

  private long held() {
    return pool.usedBytes() - pool.freeBytes();
  }

  /** The newest row of any key is put anew, while so many of the latest readers are open. */
  private void overwriteNewest(TableEngine table, int times, int open) {
    for (int i = 0; i < times; i++) {
      readers.add(table.lease());
      put(table, random.nextInt(KEYS), ROWS_OF_KEY - 1);
      if (readers.size() > open) {
        readers.remove().close();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(WindowIndex.class)
  void readersThatComeAndGo_haveTheRowsTheySeeKeptAndNoWindowCopied(WindowIndex index) {
    TableEngine table = filled(index);
    MemtableWindow window = table.active().current();
    long before = held();

    overwriteNewest(table, 20_000, 2_000);

    assertThat(table.active().current()).isSameAs(window);
    assertThat(held() - before).isLessThan(MAY_BE_HELD_BACK);
  }

  @ParameterizedTest
  @EnumSource(WindowIndex.class)
  void forgottenReader_besideOthers_holdsWhatItSeesAndLittleMore(WindowIndex index) {
    TableEngine table = filled(index);
    long live = held();
    long most = 0;
    try (ReadLease forgotten = table.lease()) {
      for (int round = 0; round < 20; round++) {
        for (int time = 0; time < ROWS_OF_KEY; time++) {
          for (int number = 0; number < KEYS; number++) {
            if (number % 10 == 0) {
              overwriteNewest(table, 1, 3);
            }
            put(table, number, time);
          }
          most = Math.max(most, held());
        }
      }
      assertThat(forgotten.view().windowCount()).isOne();
    }

    assertThat(most).isLessThan(3 * live + 2 * MAY_BE_HELD_BACK);
  }
}
