package io.timelog;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Entries that a filter gives up leave with a flush or a merge, and no others do. */
final class EntryFilterTest {
  private static final byte[] KEY = {1, 2, 3};

  /** Entries whose value is a number below this may go. */
  private int expired;

  private boolean expires(Span key, long timestamp, Span subkey, Span value) {
    assertThat(key.toByteArray()).isEqualTo(KEY);
    return ByteBuffer.wrap(value.toByteArray()).getInt() < expired;
  }

  private static byte[] value(int number) {
    return ByteBuffer.allocate(4).putInt(number).array();
  }

  private static List<Integer> read(Table table) {
    List<Integer> values = new ArrayList<>();
    try (Cursor cursor = table.scan(KEY, TimeRange.all())) {
      while (cursor.advance()) {
        values.add(ByteBuffer.wrap(cursor.value()).getInt());
      }
    }
    return values;
  }

  @Test
  void expiredEntriesLeaveWithAFlush() {
    try (TimelogStore store = TimelogStore.builder().build()) {
      Table table = store.createTable(TableOptions.multimap("t").filter(this::expires).build());
      for (int i = 0; i < 10; i++) {
        table.append(KEY, i, value(i));
      }
      expired = 4;
      assertThat(read(table)).hasSize(10);
      store.flush();
      assertThat(read(table)).containsExactly(4, 5, 6, 7, 8, 9);
      table.append(KEY, 3, value(3));
      store.flush();
      assertThat(read(table)).containsExactly(4, 5, 6, 7, 8, 9);
      assertThat(table.stats().filteredEntries()).isEqualTo(5);
    }
  }

  @Test
  void expiredEntriesLeaveWithACompaction() {
    try (TimelogStore store = TimelogStore.builder().build()) {
      Table table = store.createTable(TableOptions.map("t").filter(this::expires).build());
      for (int i = 0; i < 10; i++) {
        table.put(KEY, i, new byte[] {9}, value(i));
      }
      store.flush();
      expired = 4;
      store.compact();
      assertThat(read(table)).containsExactly(4, 5, 6, 7, 8, 9);
      expired = 100;
      store.compact();
      assertThat(read(table)).isEmpty();
      assertThat(table.stats().segmentBytes()).isZero();
    }
  }

  @Test
  void anOlderValueOfAMapDoesNotComeBack() {
    try (TimelogStore store = TimelogStore.builder().build()) {
      Table table = store.createTable(TableOptions.map("t").filter(this::expires).build());
      table.put(KEY, 1, value(50));
      store.flush();
      table.put(KEY, 1, value(5));
      expired = 10;
      store.flush();
      assertThat(read(table)).containsExactly(5);
      store.compact();
      assertThat(read(table)).isEmpty();
    }
  }

  @Test
  void openReadersKeepWhatTheySaw() {
    try (TimelogStore store = TimelogStore.builder().build()) {
      Table table = store.createTable(TableOptions.multimap("t").filter(this::expires).build());
      table.append(KEY, 1, value(1));
      expired = 4;
      try (Snapshot snapshot = store.snapshot()) {
        store.flush();
        assertThat(read(table)).isEmpty();
        try (Cursor cursor = snapshot.table("t").scan(KEY, TimeRange.all())) {
          assertThat(cursor.advance()).isTrue();
        }
      }
    }
  }

  @Test
  void whatAFilterThrowsIsCountedAndTheEntryStays() {
    try (TimelogStore store = TimelogStore.builder().build()) {
      Table table =
          store.createTable(
              TableOptions.multimap("t")
                  .filter(
                      (key, timestamp, subkey, value) -> {
                        throw new AssertionError("a filter that fails");
                      })
                  .build());
      for (int i = 0; i < 10; i++) {
        table.append(KEY, i, value(i));
      }
      store.flush();
      store.compact();
      assertThat(read(table)).hasSize(10);
      assertThat(table.stats().filterFailures()).isEqualTo(20);
      assertThat(table.stats().filteredEntries()).isZero();
    }
  }

  @Test
  void aFilterIsToldWhenAFlushOrMergeBegins() {
    List<String> calls = new ArrayList<>();
    try (TimelogStore store = TimelogStore.builder().build()) {
      Table table =
          store.createTable(
              TableOptions.multimap("t")
                  .filter(
                      new EntryFilter() {
                        @Override
                        public void begin() {
                          calls.add("begin");
                        }

                        @Override
                        public boolean mayDrop(Span key, long timestamp, Span subkey, Span value) {
                          calls.add("entry " + timestamp);
                          return false;
                        }
                      })
                  .build());
      table.append(KEY, 1, value(1));
      table.append(KEY, 2, value(2));
      store.flush();
      store.compact();
      assertThat(calls)
          .containsExactly("begin", "entry 1", "entry 2", "begin", "entry 1", "entry 2");
    }
  }

  @Test
  void aFilterThatFailsWhenAFlushBegins_isCounted() {
    try (TimelogStore store = TimelogStore.builder().build()) {
      Table table =
          store.createTable(
              TableOptions.multimap("t")
                  .filter(
                      new EntryFilter() {
                        @Override
                        public void begin() {
                          throw new IllegalStateException("from the test");
                        }

                        @Override
                        public boolean mayDrop(Span key, long timestamp, Span subkey, Span value) {
                          return true;
                        }
                      })
                  .build());
      table.append(KEY, 1, value(1));
      store.flush();
      assertThat(read(table)).isEmpty();
      assertThat(table.stats().filterFailures()).isEqualTo(1);
    }
  }

  @Test
  void aFilterCannotWriteToItsStore() {
    List<String> refusals = new ArrayList<>();
    try (TimelogStore store = TimelogStore.builder().build()) {
      Table table =
          store.createTable(
              TableOptions.multimap("t")
                  .filter(
                      (key, timestamp, subkey, value) -> {
                        try {
                          store.table("t").append(KEY, 5, value(5));
                        } catch (IllegalStateException refused) {
                          refusals.add(refused.getMessage());
                        }
                        return false;
                      })
                  .build());
      table.append(KEY, 1, value(1));
      store.flush();
      assertThat(refusals).singleElement().asString().contains("filter must not write");
      assertThat(read(table)).containsExactly(1);
      table.append(KEY, 2, value(2));
      assertThat(read(table)).hasSize(2);
    }
  }

  @Test
  @Timeout(60)
  void theMaintenanceThreadFilters() {
    try (TimelogStore store =
        TimelogStore.builder()
            .maintenance(Maintenance.BACKGROUND)
            .memtableMaxBytes(64 << 10)
            .build()) {
      Table table =
          store.createTable(
              TableOptions.multimap("t")
                  .windowSize(1_000, 0)
                  .filter((key, timestamp, subkey, value) -> timestamp % 2 == 0)
                  .build());
      int i = 0;
      while (table.stats().filteredEntries() == 0) {
        table.append(KEY, i++ % 10_000, value(7));
      }
      store.flush();
      store.compact();
      try (Cursor cursor = table.scan(KEY, TimeRange.all())) {
        while (cursor.advance()) {
          assertThat(cursor.timestamp() % 2).isEqualTo(1);
        }
      }
    }
  }

  @Test
  void anImportedTableGetsItsFilter() {
    expired = 4;
    try (TimelogStore store = TimelogStore.builder().build()) {
      Table table = store.createTable(TableOptions.map("t").build());
      for (int i = 0; i < 10; i++) {
        table.put(KEY, i, value(i));
      }
      try (StoreExport export = store.beginExport()) {
        export.write();
        try (TimelogStore restored =
            StoreImport.into(TimelogStore.builder())
                .table(TableOptions.map("t").filter(this::expires).build())
                .add(export.metadata(), export::open, 0, 0)
                .finish()) {
          assertThat(read(restored.table("t"))).hasSize(10);
          restored.compact();
          assertThat(read(restored.table("t"))).hasSize(6);
        }
      }
    }
  }
}
