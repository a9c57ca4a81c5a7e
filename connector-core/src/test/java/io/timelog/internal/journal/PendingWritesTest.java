package io.timelog.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.MemoryBudgetExceededException;
import io.timelog.Span;
import io.timelog.internal.storage.disk.RecordingDisk;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class PendingWritesTest {
  private final RecordingDisk disk = new RecordingDisk();
  private LogOnDisk on;
  private PendingWrites pending;
  private long empty;

  @BeforeEach
  void open() throws IOException {
    on = new LogOnDisk(disk, SyncPolicy.SYNCED, Long.MAX_VALUE);
    pending = on.pending;
    empty = on.memory.usedBytes();
  }

  @AfterEach
  void close() {
    on.close();
    assertThat(on.memory.usedBytes()).isZero();
  }

  private List<String> committed() throws IOException {
    on.log.commit(1, LogOnDisk.token(1));
    return LogOnDisk.seen(disk, on.manifest(1));
  }

  private void makeRoomAndDelete(long first, long last, long version) {
    pending.makeRoomForOperation();
    pending.deleteRange(1, first, last, version);
  }

  private void makeRoomAndRaiseFloor(int table, long cutoff) {
    pending.makeRoomForOperation();
    pending.floor(table, cutoff);
  }

  @Test
  void memory_isCounted_andGivenBackByACommit() throws IOException {
    PendingWindow window = pending.window(LogOnDisk.window(1));
    for (int i = 0; i < 10_000; i++) {
      Row.append("key" + i, i % 100, "value").writeTo(window);
    }
    makeRoomAndDelete(1, 2, 3);

    assertThat(pending.heldBytes()).isEqualTo(on.memory.usedBytes() - empty);
    assertThat(pending.bytes()).isBetween(150_000L, pending.heldBytes());

    assertThat(committed()).hasSize(10_003);
    assertThat(pending.isEmpty()).isTrue();
    assertThat(pending.heldBytes()).isZero();
    assertThat(on.memory.usedBytes()).isEqualTo(empty);
  }

  @Test
  void rowThatDoesNotFit_isRefusedBeforeAnythingChanges() throws IOException {
    PendingWindow window = pending.window(LogOnDisk.window(1));
    Row.append("k", 1, "v").writeTo(window);
    long used = on.memory.usedBytes();

    assertThatThrownBy(() -> window.makeRoom(10, (int) LogOnDisk.BUDGET))
        .isInstanceOf(MemoryBudgetExceededException.class);
    assertThatThrownBy(
            () -> pending.window(LogOnDisk.window(2)).makeRoom(10, (int) LogOnDisk.BUDGET))
        .isInstanceOf(MemoryBudgetExceededException.class);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> window.makeRoom(10, 1 << 30))
        .withMessage(
            "A row is too long for the log, or too many at once: rows=1, keyLength=10,"
                + " payloadLength=1073741824, max=1073741824");

    assertThat(on.memory.usedBytes()).isEqualTo(used);
    Row.append("k", 2, "w").writeTo(window);
    assertThat(committed())
        .containsExactly("section 1 serial 1 base 1 window 0..99", "k@1=v", "k@2=w", "commit 1 t1");
  }

  @Test
  void windowThatWasRefusedMemory_goesOnWhenThereIsSome() throws IOException {
    PendingWindow window = pending.window(LogOnDisk.window(1));
    assertThatThrownBy(() -> window.makeRoom(10, (int) LogOnDisk.BUDGET))
        .isInstanceOf(MemoryBudgetExceededException.class);
    on.log.commit(1, LogOnDisk.token(0));

    Row.append("k", 1, "v").writeTo(window);

    on.log.commit(2, LogOnDisk.token(2));
    assertThat(LogOnDisk.seen(disk, on.manifest(1))).contains("k@1=v");
  }

  @Test
  void rowWithoutRoom_isAMistake() {
    PendingWindow window = pending.window(LogOnDisk.window(1));

    assertThatIllegalStateException()
        .isThrownBy(() -> window.append(new Span(), 1, new Span()))
        .withMessageStartingWith("No room was made for a row: ");
    assertThatIllegalStateException()
        .isThrownBy(() -> pending.floor(1, 2))
        .withMessage("No room was made for an operation");
  }

  @Test
  void rowThatIsLargerThanASlab_isWritten() throws IOException {
    PendingWindow window = pending.window(LogOnDisk.window(1));
    String large = "x".repeat(1_500_000);
    Row.append("k", 1, "a").writeTo(window);
    Row.append("k", 2, large).writeTo(window);
    Row.append("k", 3, "b").writeTo(window);

    assertThat(committed()).contains("k@1=a", "k@2=" + large, "k@3=b");
  }

  @Test
  void windowThatDies_takesWithItWhatIsPending() throws IOException {
    PendingWindow dies = pending.window(LogOnDisk.window(1));
    PendingWindow lives = pending.window(LogOnDisk.window(2));
    Row.append("k", 1, "a").writeTo(dies);
    Row.append("k", 1, "b").writeTo(lives);
    makeRoomAndDelete(50, 60, 2);
    Row.append("k", 1, "c").writeTo(dies);

    dies.discard();

    assertThat(committed())
        .containsExactly(
            "section 1 serial 2 base 1 window 0..99",
            "k@1=b",
            "delete 1 50..60 at 2",
            "commit 1 t1");
  }

  @Test
  void manyWindowsThatDie_leaveNothingBehind() throws IOException {
    for (int serial = 1; serial <= 10_000; serial++) {
      PendingWindow window = pending.window(LogOnDisk.window(serial));
      Row.append("k", 1, "a").writeTo(window);
      window.discard();
    }

    assertThat(pending.isEmpty()).isTrue();
    assertThat(on.memory.usedBytes()).isEqualTo(empty);
    assertThat(committed()).containsExactly("commit 1 t1");
  }

  @Test
  void deleteOverAllKeys_isBehindWhatWasWritten_andBeforeWhatFollows() throws IOException {
    PendingWindow window = pending.window(LogOnDisk.window(1));
    Row.append("k", 1, "a").writeTo(window);
    makeRoomAndDelete(0, 9, 5);
    Row.append("k", 2, "b").writeTo(window);
    Row.append("k", 1, "c").writeTo(window);

    assertThat(committed())
        .containsExactly(
            "section 1 serial 1 base 1 window 0..99",
            "k@1=a",
            "delete 1 0..9 at 5",
            "section 1 serial 1 base 1 window 0..99",
            "k@2=b",
            "k@1=c",
            "commit 1 t1");
  }

  @Test
  void floor_closesNothing_andOnlyItsLastValueIsWritten() throws IOException {
    PendingWindow window = pending.window(LogOnDisk.window(1));
    Row.append("k", 1, "a").writeTo(window);
    makeRoomAndRaiseFloor(1, 10);
    makeRoomAndRaiseFloor(2, 5);
    Row.append("k", 40, "b").writeTo(window);
    makeRoomAndRaiseFloor(1, 20);

    assertThat(committed())
        .containsExactly(
            "section 1 serial 1 base 1 window 0..99",
            "k@1=a",
            "k@40=b",
            "floor 2 5",
            "floor 1 20",
            "commit 1 t1");
    assertThat(on.memory.usedBytes()).isEqualTo(empty);
  }

  @Test
  void whatASealedWindowOwes_isBeforeTheWindowInItsPlace() throws IOException {
    PendingWindow older = pending.window(LogOnDisk.window(1));
    Row.append("k", 1, "a").writeTo(older);
    PendingWindow newer = pending.window(LogOnDisk.window(2));
    Row.append("k", 1, "b").writeTo(newer);

    assertThat(committed())
        .containsExactly(
            "section 1 serial 1 base 1 window 0..99",
            "k@1=a",
            "section 1 serial 2 base 1 window 0..99",
            "k@1=b",
            "commit 1 t1");
  }

  @Test
  void everyTimestamp_isWritten() throws IOException {
    PendingWindow window =
        pending.window(new LoggedWindow(1, 1, 1, Long.MIN_VALUE, Long.MAX_VALUE));
    Row.append("k", Long.MAX_VALUE, "a").writeTo(window);
    Row.append("k", Long.MIN_VALUE, "b").writeTo(window);
    Row.append("k", 0, "c").writeTo(window);
    Row.append("k", -1, "d").writeTo(window);

    assertThat(committed())
        .contains("k@" + Long.MAX_VALUE + "=a", "k@" + Long.MIN_VALUE + "=b", "k@0=c", "k@-1=d");
  }
}
