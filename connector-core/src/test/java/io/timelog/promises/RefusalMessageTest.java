package io.timelog.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.timelog.Codecs;
import io.timelog.MemoryBudget;
import io.timelog.MemoryBudgetExceededException;
import io.timelog.Snapshot;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.Timelog;
import io.timelog.TimelogStore;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A refusal says where it was and which of the causes it has. */
@Timeout(120)
final class RefusalMessageTest {
  private static final long BUDGET_BYTES = 4L << 20;

  private final MemoryBudget budget = MemoryBudget.ofBytes(BUDGET_BYTES);

  @Test
  void fullBudget_isNamedWithTableStoreLimitAndUse() {
    try (TimelogStore store = store("orders")) {
      Table table = store.createTable(TableOptions.map("baskets").build());

      String message = refusal(table, 500);

      assertThat(message).contains("baskets").contains("orders");
      assertThat(message).contains("" + BUDGET_BYTES).contains("used");
    }
  }

  @Test
  void tableThatIsRefused_isNamed_notTheOneThatIsLarge() {
    try (TimelogStore store = store("orders")) {
      Table large = store.createTable(TableOptions.map("large").build());
      Table small = store.createTable(TableOptions.multimap("few").build());
      refusal(large, 500);

      MemoryBudgetExceededException refusal =
          catchThrowableOfType(
              MemoryBudgetExceededException.class,
              () -> {
                for (int i = 0; i < 100; i++) {
                  small.append(Samples.key(i), i, new byte[10_000]);
                }
              });

      assertThat(refusal).hasMessageContaining("few").hasMessageContaining("orders");
    }
  }

  @Test
  void memoryHeldByReaders_isNamed_withTheirAge() {
    try (TimelogStore store = store("orders")) {
      Table table = store.createTable(TableOptions.map("baskets").build());
      put(table, 0, 1_500, 1_000);
      store.flush();
      Snapshot snapshot = store.snapshot();
      try (snapshot) {
        table.deleteBefore(1_500);

        String message = refusal(table, 1_000).toLowerCase(Locale.ROOT);

        assertThat(message).contains("baskets").contains("reader").contains("age");
      }
    }
  }

  @Test
  void valueLargerThanTheBudget_isNamedAsSuch() {
    try (TimelogStore store = store("orders")) {
      Table table = store.createTable(TableOptions.map("baskets").build());
      int bytes = (int) BUDGET_BYTES + 5;

      MemoryBudgetExceededException refusal =
          catchThrowableOfType(
              MemoryBudgetExceededException.class,
              () -> table.put(Samples.key(1), 0, new byte[bytes]));

      assertThat(refusal).hasMessageContaining("baskets").hasMessageContaining("larger");
      // Deleting and closing would not help, so they are not recommended.
      assertThat(refusal.getMessage()).doesNotContain("Delete old entries");
    }
  }

  @Test
  void otherStoresOfTheBudget_areNamed() {
    try (TimelogStore greedy = store("greedy");
        TimelogStore poor = store("poor")) {
      refusal(greedy.createTable(TableOptions.map("all").build()), 500);

      String message = refusal(poor.createTable(TableOptions.map("few").build()), 5_000);

      assertThat(message).contains("few").contains("poor");
      assertThat(message.toLowerCase(Locale.ROOT)).contains("other store");
    }
  }

  @Test
  void refusalOfALog_namesTheLog() {
    try (Timelog<byte[]> log =
        Timelog.builder(Codecs.bytes()).name("clicks").memoryBudget(budget).build()) {
      MemoryBudgetExceededException refusal =
          catchThrowableOfType(
              MemoryBudgetExceededException.class,
              () -> {
                for (int i = 0; i < 10_000; i++) {
                  log.append(i, new byte[1_000]);
                }
              });

      assertThat(refusal).hasMessageContaining("clicks").hasMessageContaining("used");
    }
  }

  private TimelogStore store(String name) {
    return TimelogStore.builder().name(name).memoryBudget(budget).build();
  }

  private static String refusal(Table table, int valueBytes) {
    MemoryBudgetExceededException refusal =
        catchThrowableOfType(
            MemoryBudgetExceededException.class, () -> put(table, 0, 100_000, valueBytes));
    assertThat(refusal).isNotNull();
    return refusal.getMessage();
  }

  private static void put(Table table, int from, int count, int valueBytes) {
    for (int i = from; i < from + count; i++) {
      table.put(Samples.key(i), i, Samples.value(i, valueBytes));
    }
  }
}
