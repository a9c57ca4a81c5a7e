package io.timelog.checkpoint;

import static io.timelog.checkpoint.StoreExportTest.key;
import static io.timelog.checkpoint.StoreExportTest.read;
import static io.timelog.checkpoint.StoreExportTest.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.KeyGroups;
import io.timelog.MemoryBudget;
import io.timelog.StoreExport;
import io.timelog.StoreImport;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimeRange;
import io.timelog.TimelogCorruptionException;
import io.timelog.TimelogException;
import io.timelog.TimelogStore;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every byte of an export is changed: an import is refused, or does not need it. */
final class ImportCorruptionTest {
  private static final TimelogStore.Builder SETTINGS =
      TimelogStore.builder().memoryBudget(MemoryBudget.ofBytes(4 << 20)).targetPageBytes(256);

  private final Depot depot = new Depot();
  private Depot.Stored stored = new Depot.Stored(new byte[0], List.of());
  private List<String> all = List.of();
  private List<String> lowGroups = List.of();

  @BeforeEach
  void export() {
    try (TimelogStore store = SETTINGS.build()) {
      Table table =
          store.createTable(
              TableOptions.map("table")
                  .keyGroups(KeyGroups.FIRST_BYTE)
                  .windowSize(1_000, 0)
                  .indexTime()
                  .build());
      for (int i = 0; i < 60; i++) {
        table.put(key(i % 6, i), i, value(i));
      }
      store.flush();
      table.deleteRange(TimeRange.of(40, 45));
      for (int i = 0; i < 6; i++) {
        table.remove(key(i, i), i);
      }
      all = read(table);
      try (StoreExport export = store.beginExport()) {
        stored = depot.store(export);
      }
      for (int i = 0; i < 60; i++) {
        if (i % 6 > 2) {
          table.remove(key(i % 6, i), i);
        }
      }
      lowGroups = read(table);
      assertThat(lowGroups).isNotEmpty().hasSizeLessThan(all.size());
    }
  }

  @AfterEach
  void nothingIsLeft() {
    assertThat(SETTINGS.build()).satisfies(TimelogStore::close);
    assertThat(depot.open).hasValue(0);
  }

  private List<String> imported(byte[] metadata, int lastGroup) {
    try (TimelogStore store =
        StoreImport.into(SETTINGS).add(metadata, depot, 0, lastGroup).finish()) {
      return read(store.table("table"));
    }
  }

  @Test
  void soundFilesAreImported() {
    assertThat(imported(stored.metadata(), 5)).isEqualTo(all);
    assertThat(imported(stored.metadata(), 2)).isEqualTo(lowGroups);
  }

  @Test
  void aChangedByteOfAFileIsNeverData() {
    for (String name : stored.files()) {
      byte[] file = depot.files.get(name);
      for (int at = 0; at < file.length; at++) {
        file[at] ^= (byte) (1 << at % 8);
        assertThatThrownBy(() -> imported(stored.metadata(), 5))
            .as("byte %d of %d of %s", at, file.length, name)
            .isInstanceOf(TimelogCorruptionException.class)
            .hasMessageContaining(name + "@");
        try {
          // A part may not need the byte; then it has what it should have.
          assertThat(imported(stored.metadata(), 2)).as("byte %d", at).isEqualTo(lowGroups);
        } catch (TimelogCorruptionException refused) {
          assertThat(refused.file()).isEqualTo(name);
        }
        file[at] ^= (byte) (1 << at % 8);
      }
    }
    assertThat(imported(stored.metadata(), 5)).isEqualTo(all);
  }

  @Test
  void aChangedByteOfTheMetadataIsRefused() {
    byte[] metadata = stored.metadata();
    for (int at = 0; at < metadata.length; at++) {
      metadata[at] ^= (byte) (1 << at % 8);
      StoreImport refused = StoreImport.into(SETTINGS);
      assertThatThrownBy(() -> refused.add(metadata, depot, 0, 5))
          .as("byte %d of %d", at, metadata.length)
          .isInstanceOf(TimelogCorruptionException.class);
      metadata[at] ^= (byte) (1 << at % 8);
    }
  }

  @Test
  void metadataThatWasCutIsRefused() {
    byte[] metadata = stored.metadata();
    for (int length = 0; length < metadata.length; length++) {
      byte[] cut = Arrays.copyOf(metadata, length);
      StoreImport refused = StoreImport.into(SETTINGS);
      assertThatThrownBy(() -> refused.add(cut, depot, 0, 5))
          .as("length %d", length)
          .isInstanceOf(TimelogCorruptionException.class);
    }
  }

  @Test
  void metadataThatIsSoundButMakesNoSenseIsRefused() {
    byte[] metadata = stored.metadata();
    for (int at = 48; at + 4 <= metadata.length; at++) {
      for (int wrong : new int[] {-1, Integer.MAX_VALUE, 1 << 20}) {
        byte[] changed = metadata.clone();
        ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putInt(at, wrong);
        sign(changed);
        try {
          imported(changed, 5);
        } catch (TimelogException | IllegalArgumentException refused) {
          assertThat(refused.getMessage()).isNotBlank();
        }
      }
    }
  }

  @Test
  void metadataOfANewerFormatIsNamedSo() {
    byte[] metadata = stored.metadata();
    metadata[16] = 2;
    sign(metadata);
    assertThatThrownBy(() -> StoreImport.into(SETTINGS).add(metadata, depot, 0, 5))
        .isInstanceOf(TimelogException.class)
        .isNotInstanceOf(TimelogCorruptionException.class)
        .hasMessageContaining("newer version of Timelog")
        .hasMessageContaining("formatVersion=2");
  }

  private static void sign(byte[] metadata) {
    CRC32C crc = new CRC32C();
    crc.update(metadata, 16, metadata.length - 16);
    ByteBuffer.wrap(metadata).order(ByteOrder.LITTLE_ENDIAN).putInt(12, (int) crc.getValue());
  }
}
