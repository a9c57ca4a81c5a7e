package io.timelog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.Editor.Outcome;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a full store refuses leaves everything as it was; updates that make nothing larger go on.
 */
final class TableWriterRefusalTest {
  private static final int LIST = 5;
  private static final int VALUE_BYTES = 300;

  private final MemoryBudget budget = MemoryBudget.ofBytes(32 << 20);
  private final TimelogStore store = TimelogStore.builder().memoryBudget(budget).build();
  private final TableWriter lists =
      store.createTable(TableOptions.multimap("lists").unbounded().build()).writer();
  private final TableWriter map =
      store.createTable(TableOptions.map("map").unbounded().build()).writer();
  private final Span value = Span.of(new byte[VALUE_BYTES]);
  private final ByteTarget target = new ByteTarget();
  private int keys;

  TableWriterRefusalTest() {
    try {
      while (true) {
        map.put(key(keys), 0, new Span(), value);
        lists.replaceAll(key(keys), 7, list(LIST, VALUE_BYTES));
        keys++;
      }
    } catch (MemoryBudgetExceededException full) {
      assertThat(keys).isGreaterThan(5_000);
    }
  }

  @AfterEach
  void close() {
    store.close();
  }

  private static Span key(int number) {
    return Span.of(ByteBuffer.allocate(12).putInt(4, number).array());
  }

  private static EntryBatch list(int entries, int valueBytes) {
    EntryBatch batch = new EntryBatch();
    for (int i = 0; i < entries; i++) {
      byte[] bytes = new byte[valueBytes];
      Arrays.fill(bytes, (byte) i);
      batch.add(7, Span.of(bytes));
    }
    return batch;
  }

  private List<byte[]> listOf(int key) {
    EntryBatch read = new EntryBatch();
    lists.readBatch(key(key), new BatchPosition(), read);
    List<byte[]> values = new ArrayList<>();
    Span span = new Span();
    for (int i = 0; i < read.size(); i++) {
      values.add(read.value(i, span).toByteArray());
    }
    return values;
  }

  @ParameterizedTest(name = "{0} entries")
  @ValueSource(ints = {2_000, 8_000})
  void refusedReplacement_leavesTheListAsItWas(int entries) {
    List<byte[]> before = listOf(3);
    EntryBatch batch = list(entries, 5_000);

    for (int i = 0; i < 5; i++) {
      assertThatThrownBy(() -> lists.replaceAll(key(3), 7, batch))
          .isInstanceOf(MemoryBudgetExceededException.class)
          .hasMessageContaining("table=lists");
    }

    assertThat(listOf(3)).usingElementComparator(Arrays::compare).isEqualTo(before);
    assertThat(budget.usedBytes()).isLessThanOrEqualTo(budget.limitBytes());
  }

  @Test
  void refusedUpdate_leavesTheEntryAsItWas() {
    for (int i = 0; i < 5; i++) {
      assertThatThrownBy(
              () ->
                  map.update(
                      key(3),
                      0,
                      new Span(),
                      (present, edited) -> {
                        edited.resize(20 << 20);
                        return Outcome.PUT;
                      }))
          .isInstanceOf(MemoryBudgetExceededException.class)
          .hasMessageContaining("table=map");
    }

    assertThat(map.get(key(3), 0, new Span(), target)).isTrue();
    assertThat(target.length()).isEqualTo(VALUE_BYTES);
  }

  @Test
  void updatesThatMakeNothingLarger_areAccepted() {
    for (int key = 0; key < keys; key++) {
      Outcome wanted = key % 2 == 0 ? Outcome.PUT : Outcome.REMOVE;
      Outcome outcome =
          map.update(
              key(key),
              0,
              new Span(),
              (present, edited) -> {
                edited.resize(VALUE_BYTES);
                return wanted;
              });
      assertThat(outcome).isEqualTo(wanted);
    }
  }

  @Test
  void replacementsThatMakeNothingLarger_areAccepted() {
    for (int key = 0; key < keys; key++) {
      int entries = key % 3 == 0 ? LIST - 2 : LIST;
      assertThat(lists.replaceAll(key(key), 7, list(entries, VALUE_BYTES))).isTrue();
    }

    assertThat(listOf(0)).hasSize(LIST - 2);
    assertThat(listOf(keys - 1)).allMatch(bytes -> bytes.length == VALUE_BYTES);
  }

  @Test
  void whatIsRemoved_makesRoomForReplacements() {
    for (int key = 0; key < keys; key += 2) {
      lists.replaceAll(key(key), 7, new EntryBatch());
    }

    for (int key = keys + 1; key < keys + 1 + keys / 4; key++) {
      assertThat(lists.replaceAll(key(key), 7, list(LIST, VALUE_BYTES))).isTrue();
    }
  }

  @Test
  void valueThatIsTooLarge_isRefusedBeforeAnythingIsWritten() {
    assertThatThrownBy(
            () ->
                map.update(
                    key(3),
                    0,
                    new Span(),
                    (present, edited) -> {
                      edited.resize(Table.MAX_PART_BYTES + 1);
                      return Outcome.PUT;
                    }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("A value is too large: bytes=268435457, max=268435456");

    assertThat(map.contains(key(3), 0, new Span())).isTrue();
  }

  @Test
  void replacementsOfAnySize_areDoneOrRefusedAsAWhole() {
    Random random = new Random(5);
    for (int i = 0; i < 300; i++) {
      int key = random.nextInt(20);
      int count = random.nextInt(10) == 0 ? random.nextInt(400) : random.nextInt(8);
      int bytes = random.nextInt(10) == 0 ? random.nextInt(9_000) : random.nextInt(200);
      List<byte[]> before = listOf(key);
      TimeRange seen = random.nextInt(3) > 0 ? TimeRange.all() : TimeRange.empty();
      try (Cursor reader = lists.table().scan(key(key), seen)) {
        lists.replaceAll(key(key), 7, list(count, bytes));
        assertThat(listOf(key)).hasSize(count);
        assertThat(count(reader)).isEqualTo(seen.isEmpty() ? 0 : before.size());
      } catch (MemoryBudgetExceededException refused) {
        assertThat(listOf(key)).usingElementComparator(Arrays::compare).isEqualTo(before);
      }
      if (random.nextInt(50) == 0) {
        flushIfThereIsRoom();
      }
    }
  }

  private void flushIfThereIsRoom() {
    try {
      store.flush();
    } catch (MemoryBudgetExceededException noRoom) {
      assertThat(noRoom.reason()).isEqualTo(MemoryBudgetExceededException.Reason.FULL);
    }
  }

  private static int count(Cursor cursor) {
    int count = 0;
    while (cursor.advance()) {
      count++;
    }
    return count;
  }
}
