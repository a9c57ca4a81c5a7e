package io.timelog.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.upkeep.MemoryRelief;
import io.timelog.internal.upkeep.Memtables;
import io.timelog.internal.upkeep.Rounds;
import io.timelog.internal.upkeep.SealedRuns;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class NeighbourReliefTest {
  private static final long LIMIT_BYTES = 1 << 20;

  private final WriterGate gate = new WriterGate("idle");
  private final BufferPool pool = new BufferPool(LIMIT_BYTES);
  private final MemoryAccount memory = new MemoryAccount(pool);
  private final MemoryAccount other = new MemoryAccount(pool);
  private final Garbage garbage = new Garbage();
  private boolean closed;

  /** Memory that is freed when the memtables are tidied. */
  private final class Garbage implements Memtables {
    private long bytes;
    private int tidied;

    @Override
    public void tidy() {
      tidied++;
      memory.releaseHeap(bytes);
      bytes = 0;
    }

    @Override
    public boolean dropTombstones() {
      return false;
    }

    @Override
    public boolean dropGivenUp() {
      return false;
    }

    @Override
    public boolean sealOne(long maxBytes) {
      return false;
    }
  }

  @BeforeEach
  void joinAndFill() {
    Rounds rounds = new Rounds("idle", List::of, new SealedRuns(bytes -> {}), bytes -> {}, 1);
    MemoryRelief relief = new MemoryRelief(0, rounds, garbage, memory);
    memory.join(new NeighbourRelief(gate, () -> closed, rounds, relief, memory, () -> {}));
    other.join((wanted, patience) -> false);
    memory.reserveHeap(LIMIT_BYTES);
    garbage.bytes = LIMIT_BYTES / 2;
  }

  @Test
  void idleStore_isRelievedByAnother() {
    other.relieveOthers(1000);

    assertThat(memory.availableBytes()).isEqualTo(LIMIT_BYTES / 2);
    assertThat(memory.wasAsked()).isFalse();
    gate.enter();
    gate.exit();
  }

  @Test
  void idleStore_freesNoMoreThanIsAskedForBesideWhatIsKeptForFlushes() {
    other.keepForFlush(1000);
    memory.releaseHeap(LIMIT_BYTES / 4);
    garbage.bytes = LIMIT_BYTES / 4;

    other.relieveOthers(LIMIT_BYTES / 4 - 1000);
    assertThat(garbage.tidied).isZero();

    other.relieveOthers(LIMIT_BYTES / 4 - 999);
    assertThat(garbage.tidied).isOne();
  }

  @Test
  void storeWithAWriterAtWork_isAsked_andNotWaitedFor() {
    gate.enter();
    other.relieveOthers(1000);
    gate.exit();

    assertThat(garbage.tidied).isZero();
    assertThat(memory.wasAsked()).isTrue();
    assertThat(memory.wasAsked()).isFalse();
  }

  @Test
  void storeWithAClaimedGate_isAsked_andNotWaitedFor() {
    gate.claim();
    other.relieveOthers(1000);
    gate.unclaim();

    assertThat(garbage.tidied).isZero();
    assertThat(memory.wasAsked()).isTrue();
  }

  @Test
  void storeThatHadNothingToGive_isLeftAlone_untilItIsWrittenTo() {
    garbage.bytes = 0;
    other.relieveOthers(1000);
    other.relieveOthers(1000);
    assertThat(garbage.tidied).isOne();

    gate.enter();
    gate.exit();
    other.relieveOthers(1000);
    assertThat(garbage.tidied).isEqualTo(2);
  }

  @Test
  void storeThatIsClosed_isLeftAlone() {
    closed = true;

    other.relieveOthers(1000);

    assertThat(garbage.tidied).isZero();
  }

  @Test
  void storeWhoseAccountIsClosed_isNotAsked() {
    memory.close();

    other.relieveOthers(1000);

    assertThat(garbage.tidied).isZero();
    assertThat(memory.wasAsked()).isFalse();
  }

  @Test
  void storeThatAsks_isNotAskedItself() {
    memory.relieveOthers(1000);

    assertThat(garbage.tidied).isZero();
  }
}
