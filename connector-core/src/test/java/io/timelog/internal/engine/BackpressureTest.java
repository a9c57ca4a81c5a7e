package io.timelog.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.BusyPolicy;
import io.timelog.TimelogBusyException;
import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.upkeep.HandMadeTable;
import io.timelog.internal.upkeep.Rounds;
import io.timelog.internal.upkeep.SealedRun;
import io.timelog.internal.upkeep.SealedRuns;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class BackpressureTest {
  private static final int MAX_RUNS = 2;

  private final BufferPool pool = new BufferPool(1 << 20);
  private final MemoryAccount memory = new MemoryAccount(pool);
  private final HandMadeTable table = new HandMadeTable("t", memory);
  private final SealedRuns runs = new SealedRuns(bytes -> {});
  private final Rounds rounds = new Rounds("store", () -> List.of(table), runs, bytes -> {}, 1);

  @AfterEach
  void free() {
    table.close();
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(BusyPolicy.class)
  void asManyRunsAsAreAllowed_mayWait(BusyPolicy policy) {
    Backpressure backpressure = withRuns(MAX_RUNS, policy);

    backpressure.apply();
    backpressure.catchUp();

    assertThat(runs.count()).isEqualTo(MAX_RUNS);
    assertThat(backpressure.busyWrites()).isZero();
  }

  @Test
  void oneRunMore_isToldToTheWriter() {
    Backpressure backpressure = withRuns(MAX_RUNS + 1, BusyPolicy.RAISE);

    assertThatThrownBy(backpressure::apply)
        .isInstanceOf(TimelogBusyException.class)
        .hasMessageContaining("" + (MAX_RUNS + 1))
        .hasMessageContaining("" + MAX_RUNS);

    assertThat(runs.count()).isEqualTo(MAX_RUNS + 1);
    assertThat(backpressure.busyWrites()).isOne();
  }

  @Test
  void oneRunMore_isOnlyCounted() {
    Backpressure backpressure = withRuns(MAX_RUNS + 1, BusyPolicy.SILENT);

    backpressure.apply();
    backpressure.apply();

    assertThat(runs.count()).isEqualTo(MAX_RUNS + 1);
    assertThat(backpressure.busyWrites()).isEqualTo(2);
  }

  @Test
  void oneRunMore_isFlushedWithTheOthers() {
    Backpressure backpressure = withRuns(MAX_RUNS + 1, BusyPolicy.FLUSH);

    backpressure.apply();
    backpressure.apply();

    assertThat(runs.count()).isZero();
    assertThat(backpressure.busyWrites()).isOne();
  }

  @Test
  void writeThatWasAccepted_doesNotFailForLackOfMemoryForAFlush() {
    Backpressure backpressure = withRuns(MAX_RUNS + 1, BusyPolicy.FLUSH);
    pool.trim();
    memory.reserveHeap(memory.availableBytes() - 100);

    backpressure.apply();

    assertThat(runs.count()).isEqualTo(MAX_RUNS + 1);
    assertThat(backpressure.busyWrites()).isOne();
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(BusyPolicy.class)
  void pieceOfAWrite_isHeldUpOnlyForAFlush(BusyPolicy policy) {
    Backpressure backpressure = withRuns(MAX_RUNS + 1, policy);

    backpressure.catchUp();

    boolean flushes = policy == BusyPolicy.FLUSH;
    assertThat(runs.count()).isEqualTo(flushes ? 0 : MAX_RUNS + 1);
    assertThat(backpressure.busyWrites()).isEqualTo(flushes ? 1 : 0);
  }

  private Backpressure withRuns(int count, BusyPolicy policy) {
    for (int i = 0; i < count; i++) {
      table.put(1, i * HandMadeTable.WIDTH, 10);
      runs.add(new SealedRun(List.of(table.seal(i * HandMadeTable.WIDTH))));
    }
    return new Backpressure(runs, MAX_RUNS, policy, rounds);
  }
}
