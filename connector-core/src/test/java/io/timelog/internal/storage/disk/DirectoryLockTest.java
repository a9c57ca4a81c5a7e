package io.timelog.internal.storage.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.testing.Mutator;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One owner of a directory among all processes. */
final class DirectoryLockTest {
  @TempDir Path directory;

  @Test
  void lockOfThisProcess_isNotHadByAnother() throws Exception {
    LocalDisk disk = LocalDisk.in(directory);
    try (DirectoryLock lock = disk.lock("store=clicks")) {
      assertThat(lock).isNotNull();
      // Asked in vain, which must not let go of it.
      assertThatThrownBy(() -> disk.lock("again")).isInstanceOf(DirectoryLockedException.class);

      try (OtherProcess other = new OtherProcess(directory)) {
        assertThat(other.answer()).isEqualTo("refused: store=clicks");
      }
    }
    try (OtherProcess other = new OtherProcess(directory)) {
      assertThat(other.answer()).isEqualTo("locked");
    }
  }

  @Test
  void lockOfAnotherProcess_isNotHadByThisOne_andGoesWhenItIsKilled() throws Exception {
    LocalDisk disk = LocalDisk.in(directory);
    try (OtherProcess other = new OtherProcess(directory)) {
      assertThat(other.answer()).isEqualTo("locked");
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> disk.lock("me"))
            .isInstanceOfSatisfying(
                DirectoryLockedException.class,
                e -> assertThat(e.holder()).isEqualTo("the other process"));
      }

      other.kill();

      try (DirectoryLock lock = disk.lock("me")) {
        assertThat(lock).isNotNull();
      }
    }
  }

  @Test
  void whoReads_keepsOwnersAway_andOnlyThem() throws Exception {
    LocalDisk disk = LocalDisk.in(directory);
    disk.lock("the owner before").close();
    try (DirectoryLock reading = disk.lockToRead("reader")) {
      assertThat(reading).isNotNull();
      assertThatThrownBy(() -> disk.lock("me"))
          .isInstanceOfSatisfying(
              DirectoryLockedException.class, e -> assertThat(e.holder()).isEqualTo("reader"));
      try (OtherProcess other = new OtherProcess(directory)) {
        assertThat(other.answer()).isEqualTo("refused: the owner before");
      }
    }
    try (OtherProcess other = new OtherProcess(directory)) {
      assertThat(other.answer()).isEqualTo("locked");
      assertThatThrownBy(() -> disk.lockToRead("reader"))
          .isInstanceOfSatisfying(
              DirectoryLockedException.class,
              e -> assertThat(e.holder()).isEqualTo("the other process"));
    }
  }

  @Test
  void reading_makesNoLockFile_andChangesNone() throws Exception {
    LocalDisk disk = LocalDisk.in(directory);
    Path file = directory.resolve(Disk.LOCK);
    disk.lockToRead("reader").close();
    assertThat(file).doesNotExist();
    disk.lock("owner").close();
    disk.lockToRead("reader").close();
    assertThat(file).hasContent("owner\n");
    try (DirectoryLock lock = disk.lock("owner")) {
      assertThat(lock).isNotNull();
      assertThatThrownBy(() -> disk.lockToRead("reader"))
          .isInstanceOf(DirectoryLockedException.class);
    }
  }

  /** What is in it is for people; nothing is concluded from it. */
  @Test
  void anyBytesInTheLockFile_areNoObstacle() throws Exception {
    LocalDisk disk = LocalDisk.in(directory);
    disk.lock("owner").close();
    Path file = directory.resolve(Disk.LOCK);
    Mutator mutator = new Mutator(1);
    for (int i = 0; i < 500; i++) {
      Files.write(file, mutator.mutate(Files.readAllBytes(file)));
      disk.lockToRead("reader").close();
      disk.lock("owner of turn " + i).close();
      assertThat(file).hasContent("owner of turn " + i + "\n");
    }
  }

  /** A process that takes the lock and keeps it until it ends. */
  private static final class OtherProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;

    OtherProcess(Path directory) throws IOException {
      process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  LockingProcess.class.getName(),
                  directory.toString())
              .redirectErrorStream(true)
              .start();
      output =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    String answer() throws IOException {
      return output.readLine();
    }

    void kill() {
      process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
      kill();
    }
  }
}
