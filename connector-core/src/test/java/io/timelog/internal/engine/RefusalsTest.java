package io.timelog.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.MemoryBudget;
import io.timelog.MemoryBudgetExceededException;
import io.timelog.MemoryBudgetExceededException.Reason;
import io.timelog.MemoryClaim;
import io.timelog.MemoryUse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RefusalsTest {
  private static final long LIMIT_BYTES = 1_000;
  private static final long REQUESTED_BYTES = 200;

  private final MemoryBudget budget = MemoryBudget.ofBytes(LIMIT_BYTES);
  private final MemoryClaim used = budget.claim();
  private final WriterGate gate = new WriterGate("orders");
  private long own;
  private long free;
  private long exports;
  private final Refusals refusals =
      new Refusals(
          "orders", budget, gate, List::of, this::openReaders, () -> own, () -> free, () -> 50);

  private long openReaders() {
    return gate.openReaders() + exports;
  }

  @AfterEach
  void giveBack() {
    used.close();
  }

  @Test
  void messages_sayWhatAndWhere() {
    assertThat(refusals.closed()).hasMessage("The store is closed: store=orders");
    assertThat(refusals.dropped("baskets"))
        .hasMessage("The table was dropped: table=baskets, store=orders");
    assertThat(refusals.reporting())
        .hasMessage(
            "A drop listener or filter must not write to its store, maintain or close it:"
                + " store=orders");
  }

  @Test
  void fullStore_isNamedWithItsTableAndUse() {
    used.grow(900);
    own = 800;

    MemoryBudgetExceededException refusal = explained();

    assertThat(refusal.reason()).isEqualTo(Reason.FULL);
    assertThat(refusal.store()).isEqualTo("orders");
    assertThat(refusal.table()).isEqualTo("baskets");
    assertThat(refusal.use())
        .isEqualTo(new MemoryUse(REQUESTED_BYTES, 900, LIMIT_BYTES, 50, 0, 0, 100));
  }

  @Test
  void freeBuffers_areNotThoseOfOtherStores() {
    used.grow(900);
    own = 300;
    free = 100;

    assertThat(explained().use().otherStoresBytes()).isEqualTo(500);
    assertThat(explained().reason()).isEqualTo(Reason.OTHER_STORES);
  }

  @Test
  void bytesThatChangeMeanwhile_areNeverNegative() {
    used.grow(100);
    own = 300;

    assertThat(explained().use().otherStoresBytes()).isZero();
  }

  @Test
  void bytesThatNoPresentViewHas_areThoseOfReaders_ifThereAreAny() {
    used.grow(900);
    own = 900;
    assertThat(explained().use().heldByReadersBytes()).isZero();

    ReaderEpoch reader = gate.presentEpoch();
    reader.arrive();
    gate.enter();
    gate.exit();

    assertThat(explained().use().heldByReadersBytes()).isEqualTo(900);
    assertThat(explained().use().oldestReaderNanos()).isPositive();
    assertThat(explained().reason()).isEqualTo(Reason.HELD_BY_READERS);
    reader.leave();
    assertThat(explained().reason()).isEqualTo(Reason.FULL);
  }

  @Test
  void bytesThatOnlyAnExportHas_areThoseOfReaders() {
    used.grow(900);
    own = 900;
    exports = 1;

    assertThat(explained().use().heldByReadersBytes()).isEqualTo(900);
    assertThat(explained().reason()).isEqualTo(Reason.HELD_BY_READERS);
  }

  @Test
  void failureOfTheSource_staysTheCause() {
    OutOfMemoryError failure = new OutOfMemoryError("from the test");

    MemoryBudgetExceededException refusal =
        refusals.explained(
            new MemoryBudgetExceededException(REQUESTED_BYTES, 0, LIMIT_BYTES, failure), "baskets");

    assertThat(refusal.reason()).isEqualTo(Reason.SOURCE_EXHAUSTED);
    assertThat(refusal).hasCause(failure);
    assertThat(refusal.table()).isEqualTo("baskets");
  }

  private MemoryBudgetExceededException explained() {
    return refusals.explained(
        new MemoryBudgetExceededException(REQUESTED_BYTES, 0, LIMIT_BYTES), "baskets");
  }
}
