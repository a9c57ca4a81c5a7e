package io.timelog;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Entries that are nothing but a key and a time. */
class EmptyValuesTest {
  private static final byte[] KEY = {1, 2, 3};
  private static final int ENTRIES = 2_000;

  @Test
  void areReadInBothDirectionsFromMemtableAndSegment() {
    try (TimelogStore store = TimelogStore.builder().build()) {
      Table table = store.createTable(TableOptions.multimap("marks").build());
      for (int i = 0; i < ENTRIES; i++) {
        table.append(KEY, i, new byte[0]);
      }
      assertThat(count(table.scan(KEY, TimeRange.all()))).isEqualTo(ENTRIES);

      store.flush();

      assertThat(count(table.scan(KEY, TimeRange.all()))).isEqualTo(ENTRIES);
      assertThat(count(table.scanBackward(KEY, TimeRange.all()))).isEqualTo(ENTRIES);
      assertThat(count(table.scanAll(TimeRange.all()))).isEqualTo(ENTRIES);
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
}
