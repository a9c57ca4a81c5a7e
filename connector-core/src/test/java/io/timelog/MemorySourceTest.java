package io.timelog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.testing.PoisoningSource;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class MemorySourceTest {
  private static final byte[] KEY = {1};

  /** Has no more than so many bytes. */
  private static final class SmallSource implements MemorySource {
    private final AtomicLong left;

    SmallSource(long bytes) {
      left = new AtomicLong(bytes);
    }

    @Override
    public ByteBuffer allocate(int bytes) {
      if (left.addAndGet(-bytes) < 0) {
        left.addAndGet(bytes);
        throw new OutOfMemoryError("no more");
      }
      return ByteBuffer.allocateDirect(bytes);
    }

    @Override
    public void free(ByteBuffer buffer) {
      left.addAndGet(buffer.capacity());
    }

    @Override
    public String toString() {
      return "small";
    }
  }

  @Test
  void everythingThatWasGiven_comesBackWhenTheLastReaderOfAClosedStoreLeaves() {
    PoisoningSource source = new PoisoningSource();
    MemoryBudget budget = MemoryBudget.ofBytes(64 << 20, source);
    TimelogStore store = TimelogStore.builder().memoryBudget(budget).build();
    Table table = store.createTable(TableOptions.multimap("t").unbounded().build());
    fill(table, 2_000);
    store.flush();
    fill(table, 2_000);
    assertThat(source.bytes()).isPositive().isLessThanOrEqualTo(budget.usedBytes());
    Cursor cursor = table.scan(KEY, TimeRange.all());

    store.close();

    for (int i = 0; i < 3_999; i++) {
      assertThat(cursor.advance()).isTrue();
      assertThat(cursor.value()).isEqualTo(new byte[1_000]);
    }
    assertThat(source.bytes()).isPositive();
    cursor.close();
    assertThat(source.bytes()).isZero();
    assertThat(budget.usedBytes()).isZero();
  }

  @Test
  void memoryThatOneStoreFreed_isThereForAnother() {
    SmallSource source = new SmallSource(5 << 20);
    MemoryBudget budget = MemoryBudget.ofBytes(64 << 20, source);
    try (TimelogStore first = TimelogStore.builder().memoryBudget(budget).build();
        TimelogStore second = TimelogStore.builder().memoryBudget(budget).build()) {
      Table freed = first.createTable(TableOptions.multimap("t").windowSize(10_000, 0).build());
      fill(freed, 3_000);
      freed.deleteBefore(1_000_000);

      fill(second.createTable(TableOptions.multimap("t").unbounded().build()), 3_000);
    }
    assertThat(budget.usedBytes()).isZero();
  }

  @Test
  void sourceThatIsExhausted_isARefusalThatSaysSo_andTheBudgetStaysTrue() {
    MemoryBudget budget = MemoryBudget.ofBytes(64 << 20, new SmallSource(2 << 20));
    try (TimelogStore store = TimelogStore.builder().memoryBudget(budget).build()) {
      Table table = store.createTable(TableOptions.multimap("t").windowSize(10_000, 0).build());

      assertThatThrownBy(() -> fill(table, 10_000))
          .isInstanceOfSatisfying(
              MemoryBudgetExceededException.class,
              refusal ->
                  assertThat(refusal.reason())
                      .isEqualTo(MemoryBudgetExceededException.Reason.SOURCE_EXHAUSTED))
          .hasMessageMatching(
              "The source of memory is exhausted before the budget and the operation was not carried"
                  + " out: requestedBytes=\\d+, usedBytes=\\d+, limitBytes=67108864, table=t, .*"
                  + "-XX:MaxDirectMemorySize.*")
          .hasCauseInstanceOf(OutOfMemoryError.class);
      assertThat(budget.usedBytes()).isLessThan(3 << 20);

      table.deleteBefore(1_000_000);
      fill(table, 100);
    }
    assertThat(budget.usedBytes()).isZero();
  }

  @Test
  void sourceThatFailsToFree_harmsNobody() {
    MemorySource source =
        new MemorySource() {
          @Override
          public ByteBuffer allocate(int bytes) {
            return ByteBuffer.allocateDirect(bytes);
          }

          @Override
          public void free(ByteBuffer buffer) {
            throw new IllegalStateException("not mine");
          }
        };
    MemoryBudget budget = MemoryBudget.ofBytes(64 << 20, source);
    try (TimelogStore store = TimelogStore.builder().memoryBudget(budget).build()) {
      fill(store.createTable(TableOptions.multimap("t").unbounded().build()), 1_000);
    }
    assertThat(budget.usedBytes()).isZero();
  }

  @Test
  void buffersThatCannotBeUsed_areRefused() {
    MemorySource source =
        new MemorySource() {
          @Override
          public ByteBuffer allocate(int bytes) {
            return ByteBuffer.allocate(bytes);
          }

          @Override
          public void free(ByteBuffer buffer) {}
        };
    MemoryBudget budget = MemoryBudget.ofBytes(64 << 20, source);
    try (TimelogStore store = TimelogStore.builder().memoryBudget(budget).build()) {
      Table table = store.createTable(TableOptions.multimap("t").unbounded().build());

      assertThatThrownBy(() -> fill(table, 1))
          .isInstanceOf(MemoryBudgetExceededException.class)
          .hasRootCauseInstanceOf(IllegalStateException.class);
    }
    assertThat(budget.usedBytes()).isZero();
  }

  @Test
  void claim_isCountedAndGivesBackOnlyWhatItTook() {
    MemoryBudget budget = MemoryBudget.ofBytes(1_000);
    MemoryClaim claim = budget.claim();
    claim.grow(600);

    assertThat(claim.tryGrow(401)).isFalse();
    assertThatThrownBy(() -> claim.grow(401)).isInstanceOf(MemoryBudgetExceededException.class);
    assertThatThrownBy(() -> claim.shrink(601))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("A claim cannot give back more than it took: bytes=601, taken=600");
    assertThat(budget.usedBytes()).isEqualTo(600);
    claim.close();
    claim.close();
    claim.shrink(1);
    assertThat(budget.usedBytes()).isZero();
  }

  private static void fill(Table table, int entries) {
    for (int i = 0; i < entries; i++) {
      table.append(KEY, i, new byte[1_000]);
    }
  }
}
