package io.timelog.internal.storage.disk;

import static io.timelog.internal.storage.disk.DiskContract.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.internal.storage.disk.FailingDisk.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ExplainingDiskTest {
  @Test
  void everyFailure_saysWhichFileItIsAbout_andWhatWasToBeDone() {
    List<String> failures = new ArrayList<>();
    boolean failed = true;
    for (int call = 1; failed; call++) {
      FailingDisk failing = new FailingDisk(new RecordingDisk(), Fault.IO_ERROR, call);
      try {
        useAll(new ExplainingDisk(failing));
      } catch (DiskException e) {
        failures.add(e.operation() + " " + e.file());
        assertThat(e).hasMessageContaining("Input/output error").hasCause(e.reason());
      } catch (IOException e) {
        throw new AssertionError("not explained", e);
      }
      failed = failing.hasFailed();
    }

    assertThat(failures)
        .containsExactly(
            "lock LOCK",
            "create a",
            "write a",
            "sync a",
            "rename a",
            "sync ",
            "list ",
            "measure b",
            "open b",
            "read b",
            "delete b");
  }

  private static void useAll(Disk disk) throws IOException {
    try (DirectoryLock lock = disk.lock("test")) {
      assertThat(lock).isNotNull();
      try (AppendFile file = disk.create("a")) {
        file.write(bytes("1"));
        file.force();
        assertThat(file.position()).isEqualTo(1);
      }
      disk.rename("a", "b");
      disk.syncDirectory();
      assertThat(disk.list()).containsExactly("b");
      assertThat(disk.length("b")).isEqualTo(1);
      try (PositionedFile file = disk.open("b")) {
        assertThat(file.length()).isEqualTo(1);
        file.read(0, ByteBuffer.allocate(1));
      }
      disk.delete("b");
    }
  }

  @Test
  void fileThatIsGone_isDeletedIfItIsPresent() throws IOException {
    new ExplainingDisk(new RecordingDisk()).deleteIfPresent("a");

    FailingDisk failing = new FailingDisk(new RecordingDisk(), Fault.IO_ERROR, 1);
    assertThatThrownBy(() -> new ExplainingDisk(failing).deleteIfPresent("a"))
        .isInstanceOf(DiskException.class)
        .hasMessageContaining("Input/output error");
  }

  @Test
  void directoryThatIsInUse_isToldAsItIs() throws IOException {
    RecordingDisk disk = new RecordingDisk();
    try (DirectoryLock lock = disk.lock("first")) {
      assertThat(lock).isNotNull();
      assertThatThrownBy(() -> new ExplainingDisk(disk).lock("second"))
          .isInstanceOf(DirectoryLockedException.class);
    }
  }
}
