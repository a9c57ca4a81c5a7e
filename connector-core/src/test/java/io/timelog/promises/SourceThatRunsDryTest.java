package io.timelog.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.timelog.Maintenance;
import io.timelog.MemoryBudget;
import io.timelog.MemoryBudgetExceededException;
import io.timelog.MemoryBudgetExceededException.Reason;
import io.timelog.MemorySource;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimeRange;
import io.timelog.TimelogStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A source that has less than the budget is told as what it is, and stores go on with what it has.
 */
@Timeout(120)
final class SourceThatRunsDryTest {
  private static final long SOURCE_BYTES = 4L << 20;
  private static final int VALUE_BYTES = 1_000;

  /** Direct memory up to a bound, or less if it is said so. */
  private static final class Bounded implements MemorySource {
    private final AtomicLong given = new AtomicLong();
    private volatile boolean dry;
    private final boolean throwsErrors;

    Bounded(boolean throwsErrors) {
      this.throwsErrors = throwsErrors;
    }

    @Override
    public ByteBuffer allocate(int bytes) {
      if (dry || given.addAndGet(bytes) > SOURCE_BYTES) {
        given.addAndGet(dry ? 0 : -bytes);
        if (throwsErrors) {
          throw new OutOfMemoryError("Cannot reserve " + bytes + " bytes, from the test");
        }
        throw new IllegalStateException("from the test");
      }
      return ByteBuffer.allocateDirect(bytes);
    }

    @Override
    public void free(ByteBuffer buffer) {
      given.addAndGet(-buffer.capacity());
    }
  }

  private final Bounded source = new Bounded(true);
  private final MemoryBudget budget = MemoryBudget.ofBytes(64L << 20, source);

  @ParameterizedTest(name = "maintenance {0}")
  @EnumSource(Maintenance.class)
  void storeThatIsRefused_takesRemovals_andGoesOn(Maintenance maintenance) {
    try (TimelogStore store = store("store", maintenance)) {
      Table table = store.createTable(TableOptions.map("t").build());
      for (int round = 0; round < 4; round++) {
        int entries = fill(table);
        assertThat(entries).isGreaterThan((int) (SOURCE_BYTES / VALUE_BYTES / 2));
        for (int i = 0; i < entries * 3 / 4; i++) {
          table.remove(Samples.key(i), i);
        }
        assertThat(Samples.drain(table.scanAll(TimeRange.all())))
            .isEqualTo(entries - entries * 3 / 4);
        table.deleteRange(TimeRange.all());
      }
    }
    assertThat(source.given).hasValue(0);
    assertThat(budget.usedBytes()).isZero();
  }

  /**
   * Of another length each, so that no block that became free is just as large as one that comes.
   */
  @ParameterizedTest(name = "maintenance {0}")
  @EnumSource(Maintenance.class)
  void storeThatIsRefused_takesWritesAfterRemovals(Maintenance maintenance) {
    try (TimelogStore store = store("store", maintenance)) {
      Table table = store.createTable(TableOptions.map("t").build());
      SplittableRandom random = new SplittableRandom(5);
      for (int round = 0; round < 4; round++) {
        List<Integer> lengths = new ArrayList<>();
        try {
          while (true) {
            int length = random.nextInt(2 * VALUE_BYTES);
            table.put(Samples.key(lengths.size()), 0, new byte[length]);
            lengths.add(length);
          }
        } catch (MemoryBudgetExceededException full) {
          assertThat(full.reason()).isEqualTo(Reason.SOURCE_EXHAUSTED);
        }
        for (int i = 0; i < lengths.size(); i++) {
          if (i % 4 != 0) {
            table.remove(Samples.key(i), 0);
          }
        }
        for (int i = 0; i < lengths.size() / 4; i++) {
          table.put(Samples.key(-1 - i), 0, new byte[random.nextInt(2 * VALUE_BYTES)]);
        }
        table.deleteRange(TimeRange.all());
      }
    }
    assertThat(source.given).hasValue(0);
  }

  @Test
  void refusal_hasTheFailureOfTheSource_andTheFlagToRaise() {
    try (TimelogStore store = store("orders", Maintenance.DISABLED)) {
      Table table = store.createTable(TableOptions.map("baskets").build());

      MemoryBudgetExceededException refusal =
          catchThrowableOfType(MemoryBudgetExceededException.class, () -> fillForEver(table));

      assertThat(refusal.reason()).isEqualTo(Reason.SOURCE_EXHAUSTED);
      assertThat(refusal).hasRootCauseInstanceOf(OutOfMemoryError.class);
      assertThat(refusal)
          .hasMessageContaining("MaxDirectMemorySize")
          .hasMessageContaining("baskets")
          .hasMessageContaining("orders");
    }
  }

  /** A failure now and then, at any moment, tears nothing and leaks nothing. */
  @Test
  void sourceThatIsDryNowAndThen_tearsNothing() {
    Bounded other = new Bounded(false);
    MemoryBudget budgetOfOther = MemoryBudget.ofBytes(64L << 20, other);
    SplittableRandom random = new SplittableRandom(1);
    try (TimelogStore store =
        TimelogStore.builder()
            .memoryBudget(budgetOfOther)
            .memtableMaxBytes(256 << 10)
            .sealedMaxRuns(2)
            .build()) {
      Table table = store.createTable(TableOptions.map("t").windowSize(100, 0).build());
      int[] lengths = new int[500];
      Arrays.fill(lengths, -1);
      for (int i = 0; i < 20_000; i++) {
        other.dry = random.nextInt(4) == 0;
        int number = random.nextInt(lengths.length);
        try {
          if (random.nextInt(4) == 0) {
            table.remove(Samples.key(number), number);
            lengths[number] = -1;
          } else {
            int length = random.nextInt(random.nextInt(20) == 0 ? 50_000 : 2_000);
            table.put(Samples.key(number), number, new byte[length]);
            lengths[number] = length;
          }
          if (random.nextInt(500) == 0) {
            store.flush();
          }
        } catch (MemoryBudgetExceededException refused) {
          assertThat(refused.reason()).isEqualTo(Reason.SOURCE_EXHAUSTED);
        }
      }
      for (int i = 0; i < lengths.length; i++) {
        byte[] value = table.get(Samples.key(i), i);
        assertThat(value == null ? -1 : value.length).isEqualTo(lengths[i]);
      }
    }
    assertThat(budgetOfOther.usedBytes()).isZero();
    assertThat(other.given).hasValue(0);
  }

  @Test
  void whatOneStoreFrees_anotherCanHave() {
    try (TimelogStore one = store("one", Maintenance.DISABLED);
        TimelogStore other = store("other", Maintenance.DISABLED)) {
      Table first = one.createTable(TableOptions.map("t").build());
      Table second = other.createTable(TableOptions.map("t").build());
      int entries = fill(first);
      first.deleteRange(TimeRange.all());

      for (int i = 0; i < entries * 3 / 4; i++) {
        put(second, i);
      }
    }
    assertThat(source.given).hasValue(0);
  }

  private TimelogStore store(String name, Maintenance maintenance) {
    return TimelogStore.builder().name(name).memoryBudget(budget).maintenance(maintenance).build();
  }

  private static int fill(Table table) {
    for (int i = 0; ; i++) {
      try {
        put(table, i);
      } catch (MemoryBudgetExceededException full) {
        assertThat(full.reason()).isEqualTo(Reason.SOURCE_EXHAUSTED);
        return i;
      }
    }
  }

  private static void fillForEver(Table table) {
    for (int i = 0; ; i++) {
      put(table, i);
    }
  }

  private static void put(Table table, int number) {
    table.put(Samples.key(number), number, Samples.value(number, VALUE_BYTES));
  }
}
