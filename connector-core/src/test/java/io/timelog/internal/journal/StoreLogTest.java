package io.timelog.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.timelog.internal.manifest.CommitToken;
import io.timelog.internal.manifest.LogEntry;
import io.timelog.internal.storage.disk.RecordingDisk;
import io.timelog.internal.storage.disk.RecordingDisk.Force;
import io.timelog.internal.storage.disk.RecordingDisk.Operation;
import io.timelog.internal.storage.disk.RecordingDisk.SyncDirectory;
import io.timelog.internal.storage.disk.RecordingDisk.Write;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class StoreLogTest {
  private static final long ONE_FILE = Long.MAX_VALUE;

  private final RecordingDisk disk = new RecordingDisk();

  private List<Operation> operationsFrom(int start) {
    return disk.operations().subList(start, disk.operations().size());
  }

  @Test
  void commit_isOneWrite_andAForceIfThePolicyWantsIt() throws IOException {
    for (SyncPolicy policy : SyncPolicy.values()) {
      try (LogOnDisk on = new LogOnDisk(new RecordingDisk(), policy, ONE_FILE)) {
        RecordingDisk own = (RecordingDisk) on.disk;
        int before = own.operations().size();

        on.commitRow(1, "v");

        List<Operation> done = own.operations().subList(before, own.operations().size());
        assertThat(done).hasSize(policy == SyncPolicy.SYNCED ? 2 : 1);
        assertThat(done.get(0)).isInstanceOf(Write.class);
        assertThat(done.subList(1, done.size())).allMatch(Force.class::isInstance);
      }
    }
  }

  @Test
  void commitOfNothingNew_writesNothing() throws IOException {
    try (LogOnDisk on = new LogOnDisk(disk, SyncPolicy.SYNCED, ONE_FILE)) {
      on.commitRow(1, "v");
      int before = disk.operations().size();

      assertThat(on.log.commit(2, LogOnDisk.token(1))).isFalse();
      assertThat(operationsFrom(before)).isEmpty();
      assertThat(on.log.commit(3, LogOnDisk.token(3))).isTrue();
      assertThat(((Write) operationsFrom(before).get(0)).bytes().limit()).isEqualTo(64);
    }
  }

  @Test
  void commitThatEndsParts_isWritten() throws IOException {
    try (LogOnDisk on = new LogOnDisk(disk, SyncPolicy.SYNCED, ONE_FILE)) {
      on.log.commit(1, LogOnDisk.token(1));
      Row.append("k", 1, "v").writeTo(on.pending.window(LogOnDisk.window(1)));
      on.log.relieve();
      assertThat(on.pending.isEmpty()).isTrue();
      assertThat(LogOnDisk.seen(disk, on.manifest(1))).containsExactly("commit 1 t1");

      assertThat(on.log.commit(2, LogOnDisk.token(1))).isTrue();
      assertThat(LogOnDisk.seen(disk, on.manifest(1))).contains("k@1=v", "commit 2 t1");
    }
  }

  @Test
  void commitsThatDoNotAscend_areRefused() throws IOException {
    try (LogOnDisk on = new LogOnDisk(disk, SyncPolicy.SYNCED, ONE_FILE)) {
      on.commitRow(4, "v");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> on.log.commit(4, CommitToken.EMPTY))
          .withMessage("Commits must ascend: commit=4, last=4");

      on.log.write(5, CommitToken.EMPTY);
      assertThatIllegalStateException()
          .isThrownBy(() -> on.log.write(6, CommitToken.EMPTY))
          .withMessage("A commit is not settled: commit=5");
    }
  }

  @Test
  void muchThatIsPending_isWrittenEarly() throws IOException {
    try (LogOnDisk on = new LogOnDisk(disk, SyncPolicy.SYNCED, ONE_FILE)) {
      PendingWindow window = on.pending.window(LogOnDisk.window(1));
      int before = disk.operations().size();
      int rows = 0;
      while (operationsFrom(before).isEmpty()) {
        Row.append("key", rows++, "x".repeat(100)).writeTo(window);
        on.log.writeEarly();
      }

      assertThat(rows * 110L).isBetween(256L << 10, 270L << 10);
      assertThat(on.pending.heldBytes()).isZero();
      assertThat(operationsFrom(before)).allMatch(Write.class::isInstance);
      on.log.commit(1, LogOnDisk.token(1));
      assertThat(LogOnDisk.seen(disk, on.manifest(1))).hasSize(rows + 2);
    }
  }

  @Test
  void earlyBytes_areAPartOfTheBudget() {
    assertThat(LogSettings.earlyBytes(16L << 20)).isEqualTo(256 << 10);
    assertThat(LogSettings.earlyBytes(1L << 30)).isEqualTo(16 << 20);
  }

  @Test
  void batchOfSeveralPieces_isReadAgain() throws IOException {
    try (LogOnDisk on = new LogOnDisk(disk, SyncPolicy.SYNCED, ONE_FILE)) {
      String value = "y".repeat(200_000);
      on.commitRow(1, value);
      on.commitRow(2, "small");

      assertThat(LogOnDisk.seen(disk, on.manifest(2)))
          .contains("k@1=" + value, "commit 1 t1", "k@2=small", "commit 2 t2");
    }
  }

  @Test
  void fullFile_isForced_andFollowedByOneThatNamesIt() throws IOException {
    try (LogOnDisk on = new LogOnDisk(disk, SyncPolicy.BUFFERED, 200)) {
      on.commitRow(1, "a");
      on.commitRow(2, "b");
      int before = disk.operations().size();

      on.commitRow(3, "c");

      assertThat(operationsFrom(before))
          .extracting(operation -> operation.getClass().getSimpleName())
          .containsExactly("Force", "Create", "Write", "Force", "SyncDirectory", "Write");
      assertThat(operationsFrom(before).get(4)).isEqualTo(new SyncDirectory());
      long length = disk.files().get(LoggedStore.logName(1)).length;
      assertThat(on.log.files())
          .containsExactly(new LogEntry(1, length), new LogEntry(2, LogEntry.OPEN));
      assertThat(on.log.lengthBytes())
          .isEqualTo(length + disk.files().get(LoggedStore.logName(2)).length);

      // A manifest of before leads to the file that it does not know.
      LogManifest older = new LogManifest(List.of(new LogEntry(1, LogEntry.OPEN)), 1, 1);
      assertThat(LogOnDisk.seen(disk, older)).contains("k@3=c", "commit 3 t3");
      assertThat(LogOnDisk.seen(disk, on.manifest(3))).isEqualTo(LogOnDisk.seen(disk, older));
    }
  }

  @Test
  void file_isObsolete_whenALaterCommitCoversIt_andNobodyNeedsItsRows() throws IOException {
    try (LogOnDisk on = new LogOnDisk(disk, SyncPolicy.SYNCED, 100)) {
      for (int commit = 1; commit <= 4; commit++) {
        on.commitRow(commit, "v");
      }
      assertThat(on.log.files()).hasSize(4);

      assertThat(on.log.obsolete(4, serial -> false)).isEqualTo(3);
      assertThat(on.log.obsolete(2, serial -> false)).isEqualTo(1);
      assertThat(on.log.obsolete(4, Set.of(2L)::contains)).isEqualTo(1);
      assertThat(on.log.obsolete(4, Set.of(1L)::contains)).isZero();

      on.log.forget(1);
      assertThat(on.log.files()).hasSize(3);
      LogEntry first = on.log.files().get(0);
      assertThat(on.log.firstBatch(first)).isEqualTo(2);
      assertThat(on.log.obsolete(4, Set.of(3L)::contains)).isEqualTo(1);
      disk.delete(LoggedStore.logName(1));
      assertThat(LogOnDisk.seen(disk, on.manifest(4))).hasSize(9).contains("commit 2 t2");
    }
  }

  @Test
  void partsOfALaterCommit_keepTheirFile() throws IOException {
    try (LogOnDisk on = new LogOnDisk(disk, SyncPolicy.SYNCED, 100)) {
      on.commitRow(1, "a");
      Row.append("k", 2, "b").writeTo(on.pending.window(LogOnDisk.window(2)));
      on.log.relieve();
      Row.append("k", 3, "c").writeTo(on.pending.window(LogOnDisk.window(3)));
      on.log.relieve();

      // The second file has a part that no commit covers, whatever is said of its rows.
      assertThat(on.log.obsolete(1, serial -> false)).isZero();
      on.log.commit(2, LogOnDisk.token(2));
      assertThat(on.log.obsolete(1, serial -> false)).isZero();
      assertThat(on.log.obsolete(2, serial -> false)).isEqualTo(3);
    }
  }

  @Test
  void recoveredLog_endsWithItsLastCommit() throws IOException {
    LogManifest manifest;
    try (LogOnDisk on = new LogOnDisk(disk, SyncPolicy.BUFFERED, ONE_FILE)) {
      on.commitRow(1, "a");
      on.commitRow(2, "b");
      Row.append("k", 9, "cut").writeTo(on.pending.window(LogOnDisk.window(9)));
      on.log.relieve();
      manifest = on.manifest(0);
    }
    int length = disk.files().get(LoggedStore.logName(1)).length;
    RecoveredLog found = LogOnDisk.recover(disk, manifest);
    SeenLog seen = new SeenLog();
    found.replay(seen);

    assertThat(seen.lines).hasSize(6).doesNotContain("k@9=cut");
    assertThat(found.commit()).isEqualTo(2);
    assertThat(found.token()).isEqualTo(LogOnDisk.token(2));
    assertThat(found.lengthBytes() + found.cutBytes()).isEqualTo(length);
    assertThat(found.cutBytes()).isPositive();
    assertThat(found.files()).containsExactly(1L);
    assertThat(found.lastFile()).isEqualTo(1);
    assertThat(found.lastFileEnd()).isEqualTo(found.lengthBytes());
  }

  @Test
  void logThatStartsAnew_hasACommit_andNoRowsOfBefore() throws IOException {
    try (LogOnDisk on = new LogOnDisk(disk, SyncPolicy.SYNCED, ONE_FILE)) {
      on.commitRow(1, "a");
      Row.append("k", 2, "b").writeTo(on.pending.window(LogOnDisk.window(2)));

      on.log.startAnew(2, LogOnDisk.token(2));

      assertThat(on.log.files()).containsExactly(new LogEntry(2, LogEntry.OPEN));
      assertThat(LogOnDisk.seen(disk, on.manifest(2))).containsExactly("commit 2 t2");
      on.log.commit(3, LogOnDisk.token(3));
      assertThat(LogOnDisk.seen(disk, on.manifest(3)))
          .containsExactly(
              "commit 2 t2", "section 1 serial 2 base 1 window 0..99", "k@2=b", "commit 3 t3");
    }
  }

  @Test
  void commits_areForcedSideBySide_andSettledEach() throws IOException {
    List<LogOnDisk> logs = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      SyncPolicy policy = i % 5 == 0 ? SyncPolicy.BUFFERED : SyncPolicy.SYNCED;
      LogOnDisk on = new LogOnDisk(new RecordingDisk(), policy, ONE_FILE);
      Row.append("k", 1, "v").writeTo(on.pending.window(LogOnDisk.window(1)));
      on.log.write(1, LogOnDisk.token(1));
      logs.add(on);
    }

    ForceGroup.shared().force(logs.stream().map(on -> on.log).toList());

    for (LogOnDisk on : logs) {
      List<Operation> done = ((RecordingDisk) on.disk).operations();
      boolean isForced = done.get(done.size() - 1) instanceof Force;
      assertThat(isForced).isEqualTo(on.log.awaitsForce());
      on.log.settle();
      assertThat(on.pending.isEmpty()).isTrue();
      on.close();
    }
  }

  @Test
  void interruptOfWhoForcesMany_isNoFailure() throws IOException {
    List<LogOnDisk> logs = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      LogOnDisk on = new LogOnDisk(new RecordingDisk(), SyncPolicy.SYNCED, ONE_FILE);
      on.log.write(1, LogOnDisk.token(1));
      logs.add(on);
    }

    Thread.currentThread().interrupt();
    ForceGroup.shared().force(logs.stream().map(on -> on.log).toList());

    assertThat(Thread.interrupted()).isTrue();
    for (LogOnDisk on : logs) {
      on.log.settle();
      on.close();
    }
  }
}
