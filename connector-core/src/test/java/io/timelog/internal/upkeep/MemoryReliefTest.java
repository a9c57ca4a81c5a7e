package io.timelog.internal.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What relief does, in which order, and when it ends. */
@Timeout(60)
final class MemoryReliefTest {
  private static final long LIMIT_BYTES = 1 << 20;
  private static final long RESERVE_BYTES = LIMIT_BYTES / 16;

  /** What is freed beyond what was asked for. */
  private static final long SLACK_BYTES = LIMIT_BYTES / 64;

  private static final long ASKED_BYTES = 10_000;
  private static final long WANTED_BYTES = RESERVE_BYTES + ASKED_BYTES + SLACK_BYTES;

  private final BufferPool pool = new BufferPool(LIMIT_BYTES);
  private final MemoryAccount memory = new MemoryAccount(pool);
  private final MemoryAccount other = new MemoryAccount(pool);
  private final HandMadeTable table = new HandMadeTable("t", memory);
  private final SealedRuns runs = new SealedRuns(bytes -> {});
  private final Rounds rounds = new Rounds("store", () -> List.of(table), runs, bytes -> {}, 1);
  private final List<String> steps = new ArrayList<>();
  private final Garbage memtables = new Garbage();
  private final MemoryRelief relief = new MemoryRelief(RESERVE_BYTES, rounds, memtables, memory);
  private long filler;

  /** Frees what a test says, step by step. */
  private final class Garbage implements Memtables {
    private long tidied;
    private final List<Long> sealed = new ArrayList<>();
    private final List<Long> givenUp = new ArrayList<>();
    private long roomOfSeal;

    @Override
    public void tidy() {
      steps.add("tidy");
      free(tidied);
      tidied = 0;
    }

    @Override
    public boolean dropTombstones() {
      return false;
    }

    @Override
    public boolean dropGivenUp() {
      if (givenUp.isEmpty()) {
        return false;
      }
      steps.add("filter");
      free(givenUp.remove(0));
      return true;
    }

    @Override
    public boolean sealOne(long maxBytes) {
      roomOfSeal = maxBytes;
      if (sealed.isEmpty()) {
        return false;
      }
      steps.add("seal");
      free(sealed.remove(0));
      return true;
    }
  }

  @BeforeEach
  void join() {
    memory.join(
        (wanted, patience) -> {
          steps.add("itself");
          return false;
        });
    other.join(
        (wanted, patience) -> {
          steps.add("others for " + wanted);
          return false;
        });
  }

  @AfterEach
  void nothingIsLeft() {
    table.close();
    memory.releaseHeap(filler);
    assertThat(memory.usedBytes()).isZero();
  }

  @Test
  void roomThatIsThere_isTakenAsItIs() {
    leave(WANTED_BYTES);

    relief.relieve(() -> ASKED_BYTES);

    assertThat(steps).isEmpty();
  }

  @Test
  void reserveAndSomeSlack_areFreedAsWell() {
    leave(WANTED_BYTES - 1);

    relief.relieve(() -> ASKED_BYTES);

    assertThat(steps).startsWith("tidy");
  }

  @Test
  void freeBuffers_areGivenUpBeforeAnythingIsDone() {
    memory.give(memory.take(MemoryAccount.MAX_SLAB_BYTES / 2));
    assertThat(memory.pooledBytes()).isPositive();
    leave(WANTED_BYTES - 1);

    relief.relieve(() -> ASKED_BYTES);

    assertThat(steps).isEmpty();
    assertThat(memory.pooledBytes()).isZero();
  }

  @Test
  void reports_comeFirst() {
    table.reportTo(
        (key, keyOffset, keyLength, timestamp, payload, offset, length) -> steps.add("report"));
    table.put(1, 0, 100);
    table.put(2, 0, 100);
    table.drop(0);
    leave(WANTED_BYTES / 2);

    relief.relieve(() -> ASKED_BYTES);

    assertThat(steps).startsWith("report", "report", "tidy");
  }

  @Test
  void whatIsDeletedAsAWhole_leavesBeforeAnythingIsTidied() {
    for (int key = 0; key < 20; key++) {
      table.put(key, 0, 10_000);
    }
    table.seal(0);
    leave(WANTED_BYTES - 1);
    table.raiseFloor(HandMadeTable.WIDTH);

    relief.relieve(() -> ASKED_BYTES);

    assertThat(steps).isEmpty();
    assertThat(table.view().windows()).isEmpty();
  }

  @Test
  void garbageOfMemtables_isTidiedBeforeAnythingIsFlushedOrSealed() {
    sealed();
    leave(WANTED_BYTES / 2);
    memtables.tidied = WANTED_BYTES / 2 + 1;
    memtables.sealed.add(1L);

    relief.relieve(() -> ASKED_BYTES);

    assertThat(steps).containsExactly("tidy");
    assertThat(runs.count()).isOne();
  }

  @Test
  void whatIsSealed_isFlushedBeforeMoreIsSealed() {
    sealed();
    leave(WANTED_BYTES / 2);
    memtables.sealed.add(WANTED_BYTES);

    relief.relieve(() -> ASKED_BYTES);

    assertThat(runs.count()).isZero();
    assertThat(rounds.flushes()).isOne();
  }

  @Test
  void windows_areSealedOneByOne_untilThereIsRoom() {
    leave(WANTED_BYTES / 2);
    memtables.sealed.addAll(List.of(1_000L, WANTED_BYTES / 2, 1_000L));

    relief.relieve(() -> ASKED_BYTES);

    assertThat(steps).containsExactly("tidy", "seal", "seal");
    assertThat(memtables.roomOfSeal).isEqualTo(WANTED_BYTES / 2 + 1_000);
  }

  @Test
  void whatFiltersGiveUp_isLookedForOnlyIfARequestWouldBeRefused() {
    leave(WANTED_BYTES - SLACK_BYTES);
    memtables.givenUp.add(WANTED_BYTES);

    relief.relieve(() -> ASKED_BYTES);

    assertThat(steps).doesNotContain("filter");
  }

  @Test
  void whatFiltersGiveUp_comesAfterAllElse_andBeforeOtherStores() {
    leave(WANTED_BYTES / 2);
    memtables.sealed.add(1_000L);
    memtables.givenUp.addAll(List.of(1_000L, WANTED_BYTES / 2));

    relief.relieve(() -> ASKED_BYTES);

    assertThat(steps).containsExactly("tidy", "seal", "filter", "filter");
  }

  @Test
  void otherStores_areAskedOnlyForWhatTheStoreItselfDoesNotFind() {
    leave(WANTED_BYTES / 2);
    memtables.sealed.add(1_000L);

    relief.relieve(() -> ASKED_BYTES);

    assertThat(steps).containsExactly("tidy", "seal", "others for " + WANTED_BYTES);
  }

  @Test
  void otherStores_areNotAskedForWhatIsKeptForFlushes_whichTheyLeaveFreeAnyhow() {
    other.keepForFlush(ASKED_BYTES);
    leave(WANTED_BYTES / 2);

    relief.relieve(() -> ASKED_BYTES);

    assertThat(steps).containsExactly("tidy", "others for " + WANTED_BYTES);
  }

  @Test
  void otherStores_areNotAskedForTheSakeOfAnother() {
    leave(RESERVE_BYTES / 2);

    relief.relieveOwn();

    assertThat(steps).containsExactly("tidy");
  }

  @Test
  void maintenance_isHeldOffUntilItIsLetGo() {
    leave(WANTED_BYTES / 2);

    relief.holdOff(() -> ASKED_BYTES);
    assertThat(isFree()).isFalse();
    relief.letGo();

    assertThat(isFree()).isTrue();
    assertThat(steps).containsExactly("tidy");
  }

  @Test
  void maintenance_isLetGoIfReliefFails() {
    sealed();
    leave(WANTED_BYTES / 2);
    table.beforeSegment(
        () -> {
          throw new IllegalStateException("from the test");
        });

    assertThatThrownBy(() -> relief.holdOff(() -> ASKED_BYTES)).hasMessage("from the test");

    assertThat(isFree()).isTrue();
  }

  private boolean isFree() {
    return CompletableFuture.supplyAsync(() -> rounds.tryExclusively(() -> {}, 0)).join();
  }

  private void sealed() {
    table.put(1, 0, 100);
    runs.add(new SealedRun(List.of(table.seal(0))));
  }

  /** Fills the budget up to so many bytes. */
  private void leave(long bytes) {
    long more = memory.availableBytes() - bytes;
    memory.reserveHeap(more);
    filler += more;
  }

  private void free(long bytes) {
    memory.releaseHeap(bytes);
    filler -= bytes;
  }
}
