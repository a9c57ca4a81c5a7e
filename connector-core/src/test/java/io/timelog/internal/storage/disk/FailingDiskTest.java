package io.timelog.internal.storage.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.timelog.internal.storage.disk.FailingDisk.Fault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Without the call that fails, it is a disk like any other. */
final class FailingDiskTest extends DiskContract {
  private final RecordingDisk recording = new RecordingDisk();
  private final Disk sound = new FailingDisk(recording, Fault.IO_ERROR, Integer.MAX_VALUE);

  @Override
  Disk disk() {
    return sound;
  }

  @Test
  void everyCall_failsOnce() {
    assertThat(failures(Fault.IO_ERROR))
        .containsExactly(
            "Input/output error: call=LOCK",
            "Input/output error: call=LIST",
            "Input/output error: call=CREATE",
            "Input/output error: call=WRITE",
            "Input/output error: call=FORCE",
            "Input/output error: call=RENAME",
            "Input/output error: call=SYNC_DIRECTORY",
            "Input/output error: call=LENGTH",
            "Input/output error: call=OPEN",
            "Input/output error: call=READ",
            "Input/output error: call=DELETE");
    assertThat(failures(Fault.NO_SPACE))
        .containsExactly(
            "No space left on device: call=CREATE", "No space left on device: call=WRITE");
    assertThat(failures(Fault.SHORT_WRITE)).containsExactly("File too large: call=WRITE");
    assertThat(failures(Fault.FAILED_FORCE))
        .containsExactly(
            "Input/output error: call=FORCE", "Input/output error: call=SYNC_DIRECTORY");
  }

  /** How to use it: all calls of some work, one after the other. */
  private static List<String> failures(Fault fault) {
    List<String> failures = new ArrayList<>();
    for (int call = 1; ; call++) {
      FailingDisk disk = new FailingDisk(new RecordingDisk(), fault, call);
      Throwable failure = catchThrowable(() -> work(disk));
      if (!disk.hasFailed()) {
        assertThat(failure).isNull();
        return failures;
      }
      failures.add(failure.getMessage());
    }
  }

  private static void work(Disk disk) throws IOException {
    disk.lock("me").close();
    disk.list();
    try (AppendFile file = disk.create("a")) {
      file.write(bytes("12345678"));
      file.force();
    }
    disk.rename("a", "b");
    disk.syncDirectory();
    disk.length("b");
    try (PositionedFile file = disk.open("b")) {
      read(file, 0, 1);
    }
    disk.delete("b");
  }

  @Test
  void failedWrite_leavesAPartOfItsBytes_andIsTheLast() throws IOException {
    assertThat(afterFailedWrite(Fault.IO_ERROR)).isEqualTo("1234");
    assertThat(afterFailedWrite(Fault.NO_SPACE)).isEqualTo("1234ab");
    assertThat(afterFailedWrite(Fault.SHORT_WRITE)).isEqualTo("1234abc");
  }

  private static String afterFailedWrite(Fault fault) throws IOException {
    RecordingDisk recording = new RecordingDisk();
    // The file is the first that may fail, if the fault has it.
    int call = fault == Fault.SHORT_WRITE ? 2 : 3;
    FailingDisk disk = new FailingDisk(recording, fault, call);
    try (AppendFile file = disk.create("a")) {
      file.write(bytes("1234"));
      assertThatThrownBy(() -> file.write(bytes("abcd"))).hasMessageEndingWith("call=WRITE");
      assertThat(disk.hasFailed()).isTrue();
      assertThatThrownBy(() -> file.write(bytes("efgh")))
          .hasMessage("The file is not used any more after a failure: name=a");
      assertThatThrownBy(file::force)
          .hasMessage("The file is not used any more after a failure: name=a");
    }
    try (PositionedFile file = disk.open("a")) {
      return read(file, 0, (int) file.length());
    }
  }

  @Test
  void failedForce_isTheLastUseOfAFile_andMakesNothingDurable() throws IOException {
    FailingDisk disk = new FailingDisk(recording, Fault.FAILED_FORCE, 1);
    try (AppendFile file = disk.create("a")) {
      file.write(bytes("1"));
      assertThatThrownBy(file::force).hasMessage("Input/output error: call=FORCE");
      assertThatThrownBy(file::force).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> file.write(bytes("2"))).isInstanceOf(IOException.class);
    }

    assertThat(recording.operations()).noneMatch(RecordingDisk.Force.class::isInstance);
  }
}
