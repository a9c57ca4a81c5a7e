package io.timelog.durability;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.CommitLog;
import io.timelog.StoresOnDisks;
import io.timelog.TimelogStorageException;
import io.timelog.TimelogStore;
import io.timelog.internal.engine.Unwatched;
import io.timelog.internal.storage.disk.CrashStates;
import io.timelog.internal.storage.disk.FailingDisk;
import io.timelog.internal.storage.disk.FailingDisk.Fault;
import io.timelog.internal.storage.disk.RecordingDisk;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whichever call of a disk fails, the last commit stays good and the next one succeeds. */
@Execution(ExecutionMode.CONCURRENT)
final class RefusingDiskTest {
  private static final int ROUNDS = 3;

  /** So many that the log gets another file, and a manifest lets one go. */
  private static final int ROUNDS_OF_LOG = 4;

  private static Stream<Arguments> faultsAndLogs() {
    return Arrays.stream(Fault.values())
        .flatMap(fault -> Arrays.stream(CommitLog.values()).map(log -> Arguments.of(fault, log)));
  }

  @ParameterizedTest
  @MethodSource("faultsAndLogs")
  void everyCall_mayFail(Fault fault, CommitLog log) {
    boolean failed = true;
    int refusedCommits = 0;
    int refusedOpenings = 0;
    for (int call = 1; failed; call++) {
      RecordingDisk recording = new RecordingDisk();
      FailingDisk failing = new FailingDisk(recording, fault, call);
      RecordedLife life = new RecordedLife(recording, failing, log, List.of(Contents.EMPTY));
      try {
        life.live(new StoreScript(call), log == CommitLog.NONE ? ROUNDS : ROUNDS_OF_LOG, 6);
        refusedCommits += life.refusals();
      } catch (TimelogStorageException e) {
        assertThat(e.getMessage()).startsWith("The store cannot be opened; see to the file");
        assertThat(e.operation()).isNotBlank();
        refusedOpenings++;
      }
      failed = failing.hasFailed();

      assertThat(life.refusals()).as("call %s", call).isLessThanOrEqualTo(1);
      assertIsLawfulNow(recording, life, log, call);
      new CrashStates(4096, 4, 1)
          .forEach(
              recording,
              life.operationsBeforeRefusal(),
              crash ->
                  assertThat(RecordedLife.violation(crash.disk(), log, life.lawful(crash)))
                      .as("%s", crash)
                      .isNull());
    }

    assertThat(refusedCommits).isPositive();
    assertThat(refusedOpenings).isPositive();
  }

  private static void assertIsLawfulNow(
      RecordingDisk recording, RecordedLife life, CommitLog log, int call) {
    List<Object> marks =
        recording.operations().stream()
            .filter(RecordingDisk.Mark.class::isInstance)
            .map(operation -> ((RecordingDisk.Mark) operation).what())
            .toList();
    try (TimelogStore store =
        StoresOnDisks.open(recording, StoreScript.settings(log), Unwatched.observers())) {
      assertThat(life.lawful(marks)).as("call %s", call).contains(Contents.of(store));
    }
  }
}
