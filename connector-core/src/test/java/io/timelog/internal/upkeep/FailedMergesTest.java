package io.timelog.internal.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.tombstone.Tombstone;
import io.timelog.internal.tombstone.Tombstones;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.TableView;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A merge that failed is tried again only when it may end otherwise. */
final class FailedMergesTest {
  private static final long ROOM = 1_000;
  private static final long FLOOR = 7;
  private static final int ROWS = 8;

  private final MemoryAccount memory = new MemoryAccount(new BufferPool(1 << 20));
  private final HandMadeTable table = new HandMadeTable("t", memory);
  private final FailedMerges failed = new FailedMerges();

  @BeforeEach
  void write() {
    for (int i = 0; i < ROWS; i++) {
      table.put(i, 0, 10);
    }
    table.put(1, HandMadeTable.WIDTH, 10);
  }

  @AfterEach
  void free() {
    table.close();
  }

  @Test
  void windowThatNeverFailed_isTried() {
    assertThat(mayFit(ROOM)).isTrue();
  }

  @Test
  void windowThatFailed_isNotTriedAgain_norWithLessRoom() {
    fail(ROOM);

    assertThat(mayFit(ROOM)).isFalse();
    assertThat(mayFit(ROOM / 2)).isFalse();
  }

  @Test
  void otherWindow_isTried() {
    fail(ROOM);

    assertThat(failed.mayFit(table.window(HandMadeTable.WIDTH), ROOM, table.view(), FLOOR))
        .isTrue();
  }

  @Test
  void aThirdMoreRoom_isWorthATrial() {
    fail(ROOM);

    assertThat(mayFit(ROOM * 4 / 3)).isFalse();
    assertThat(mayFit(ROOM * 4 / 3 + 2)).isTrue();
  }

  @Test
  void windowThatFreedLittle_isNotTriedWithAnyRoom() {
    fail(Long.MAX_VALUE);

    assertThat(mayFit(Long.MAX_VALUE)).isFalse();
  }

  @Test
  void newDelete_isWorthATrial() {
    fail(ROOM);
    Tombstones deletes = Tombstones.NONE.with(new Tombstone(0, 5, 3));
    TableView next = table.view().withWindowsAndNeededOf(table.view().windows(), deletes);

    assertThat(failed.mayFit(table.window(0), ROOM, next, FLOOR)).isTrue();
  }

  @Test
  void higherFloor_isWorthATrial() {
    fail(ROOM);

    assertThat(failed.mayFit(table.window(0), ROOM, table.view(), FLOOR + 1)).isTrue();
  }

  @Test
  void aQuarterMoreNewerRows_areWorthATrial() {
    fail(ROOM);
    table.put(ROWS, 0, 10);
    table.put(ROWS + 1, 0, 10);
    assertThat(mayFit(ROOM)).isFalse();

    table.put(ROWS + 2, 0, 10);

    assertThat(mayFit(ROOM)).isTrue();
  }

  @Test
  void windowThatIsGone_isForgotten() {
    PartitionWindow gone = table.window(0);
    PartitionWindow other = table.window(HandMadeTable.WIDTH);
    fail(ROOM);
    TableView next = table.view().withWindows(List.of(other));

    failed.add(other, ROOM, next, FLOOR);

    assertThat(failed.mayFit(gone, ROOM, table.view(), FLOOR)).isTrue();
    assertThat(failed.mayFit(other, ROOM, next, FLOOR)).isFalse();
  }

  private void fail(long room) {
    failed.add(table.window(0), room, table.view(), FLOOR);
  }

  private boolean mayFit(long room) {
    return failed.mayFit(table.window(0), room, table.view(), FLOOR);
  }
}
