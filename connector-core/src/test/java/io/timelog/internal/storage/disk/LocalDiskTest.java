package io.timelog.internal.storage.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalDiskTest extends DiskContract {
  @TempDir Path parent;
  private Path directory = Path.of("");

  @BeforeEach
  void nameADirectory() {
    directory = parent.resolve("a").resolve("store");
  }

  @Override
  Disk disk() throws IOException {
    return LocalDisk.in(directory);
  }

  @Test
  void directoryAndFiles_areForTheirUserAlone() throws IOException {
    assumeTrue(parent.getFileSystem().supportedFileAttributeViews().contains("posix"));
    write("a.log", "1");
    disk().lock("me").close();

    assertThat(permissions(directory)).isEqualTo("rwx------");
    assertThat(permissions(directory.getParent())).isEqualTo("rwx------");
    assertThat(permissions(directory.resolve("a.log"))).isEqualTo("rw-------");
    assertThat(permissions(directory.resolve(Disk.LOCK))).isEqualTo("rw-------");
  }

  @Test
  void directoryThatIsThere_keepsItsPermissions() throws IOException {
    assumeTrue(parent.getFileSystem().supportedFileAttributeViews().contains("posix"));
    Files.createDirectories(directory);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-x---"));

    assertThat(disk().list()).isEmpty();

    assertThat(permissions(directory)).isEqualTo("rwxr-x---");
  }

  @Test
  void fileInPlaceOfTheDirectory_isReported() throws IOException {
    Files.createDirectories(directory.getParent());
    Files.createFile(directory);

    assertThatThrownBy(this::disk).isInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  void fileOfTheMachine_isOneOfTheDisk_whateverBecomesOfItsOtherName() throws IOException {
    Path elsewhere = Files.writeString(parent.resolve("elsewhere"), "hello");

    assertThat(disk().link(elsewhere, "a")).isTrue();

    Files.delete(elsewhere);
    assertThat(disk().list()).containsExactly("a");
    assertThat(disk().length("a")).isEqualTo(5);
    assertThatThrownBy(() -> disk().link(elsewhere, "b")).isInstanceOf(NoSuchFileException.class);
    Path another = Files.writeString(parent.resolve("another"), "world");
    assertThatThrownBy(() -> disk().link(another, "a"))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(directory.resolve("a")).hasContent("hello");
  }

  @Test
  void fileOfTheDisk_getsANameElsewhere_andStaysThereWhenItIsDeletedHere() throws IOException {
    write("a", "hello");
    Path elsewhere = parent.resolve("elsewhere");

    assertThat(disk().linkTo("a", elsewhere)).isTrue();
    disk().delete("a");

    assertThat(elsewhere).hasContent("hello");
  }

  @Test
  void linkToADirectory_isThatDirectory() throws IOException {
    write("a", "1");
    Path link = Files.createSymbolicLink(parent.resolve("link"), directory);
    LocalDisk linked = LocalDisk.in(link);

    assertThat(linked.directory()).isEqualTo(directory.toRealPath());
    try (DirectoryLock lock = disk().lock("by its name")) {
      assertThat(lock).isNotNull();
      assertThatThrownBy(() -> linked.lock("by a link"))
          .isInstanceOfSatisfying(
              DirectoryLockedException.class, e -> assertThat(e.holder()).isEqualTo("by its name"));
    }
  }

  @Test
  void lockFile_staysWhenTheLockIsGiven_andTellsTheNextHolder() throws IOException {
    disk().lock("the first, with a long name").close();
    disk().lock("the next").close();

    assertThat(directory.resolve(Disk.LOCK)).hasContent("the next\n");
  }

  @Test
  void shortenedFile_isReportedThoughItsLengthIsKnown() throws IOException {
    write("a", "12345");
    try (PositionedFile file = disk().open("a")) {
      Files.writeString(directory.resolve("a"), "123");

      assertThatThrownBy(() -> read(file, 0, 5))
          .hasMessage("File ends too early: length=3, expectedLength=5, source=a@3");
    }
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
