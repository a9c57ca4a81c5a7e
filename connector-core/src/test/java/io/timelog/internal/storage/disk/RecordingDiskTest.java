package io.timelog.internal.storage.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.storage.disk.RecordingDisk.Create;
import io.timelog.internal.storage.disk.RecordingDisk.Delete;
import io.timelog.internal.storage.disk.RecordingDisk.Force;
import io.timelog.internal.storage.disk.RecordingDisk.Mark;
import io.timelog.internal.storage.disk.RecordingDisk.Rename;
import io.timelog.internal.storage.disk.RecordingDisk.SyncDirectory;
import io.timelog.internal.storage.disk.RecordingDisk.Write;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RecordingDiskTest extends DiskContract {
  private final RecordingDisk disk = new RecordingDisk();

  @Override
  Disk disk() {
    return disk;
  }

  @Test
  void operations_areWhatWasDone() throws IOException {
    try (AppendFile file = disk.create("a.tmp")) {
      file.write(bytes("one"));
      file.write(bytes("two"));
      file.force();
    }
    disk.rename("a.tmp", "a");
    disk.mark("renamed");
    disk.syncDirectory();
    disk.delete("a");

    assertThat(disk.operations())
        .containsExactly(
            new Create(0, "a.tmp"),
            new Write(0, 0, bytes("one")),
            new Write(0, 3, bytes("two")),
            new Force(0),
            new Rename(0, "a.tmp", "a"),
            new Mark("renamed"),
            new SyncDirectory(),
            new Delete("a"));
  }

  @Test
  void filesThatACrashLeft_areThere_andAreNoOperations() throws IOException {
    RecordingDisk after = new RecordingDisk(Map.of("a", new byte[] {1, 2}, "b", new byte[0]));

    assertThat(after.list()).containsExactly("a", "b");
    assertThat(after.length("a")).isEqualTo(2);
    assertThat(after.operations()).isEmpty();
    assertThat(after.files()).containsOnlyKeys("a", "b").containsEntry("a", new byte[] {1, 2});
  }
}
