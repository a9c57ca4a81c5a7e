package io.timelog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A round of maintenance on the thread that asks for it. */
final class StoreMaintainTest {
  private static final int ROUNDS = 60;

  private final TimelogStore store = TimelogStore.builder().build();
  private final Table table = store.createTable(TableOptions.map("t").unbounded().build());
  private final Random random = new Random(1);

  private void put(int entries, int keys) {
    for (int i = 0; i < entries; i++) {
      table.put(new byte[] {(byte) random.nextInt(keys), (byte) i}, i, new byte[20]);
    }
    store.flush();
  }

  private List<String> files() {
    try (StoreExport export = store.beginExport()) {
      return export.write().stream().map(ExportedFile::name).toList();
    }
  }

  @Test
  void segments_stayFewHoweverManyAreAdded() {
    for (int i = 0; i < ROUNDS; i++) {
      put(10, 100);
      store.maintain();

      assertThat(table.stats().level0Segments()).isLessThan(12);
    }
  }

  @Test
  void largeWindow_isNotWrittenAnewForALittleMore() {
    put(30_000, 100);
    List<String> base = files();

    for (int i = 0; i < ROUNDS; i++) {
      put(10, 100);
      store.maintain();
    }

    assertThat(files()).containsAll(base);
    assertThat(table.stats().level0Segments()).isLessThan(12);
  }

  @Test
  void closedStore_isLeftAlone() {
    store.close();

    assertThatCode(store::maintain).doesNotThrowAnyException();
  }
}
