package io.timelog.internal.storage.disk;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.TimelogCorruptionException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every disk promises. */
abstract class DiskContract {
  /** An empty disk, the same for a whole test. */
  abstract Disk disk() throws IOException;

  @AfterEach
  final void clearInterrupt() {
    Thread.interrupted();
  }

  @Test
  void newDisk_hasNoFiles() throws IOException {
    assertThat(disk().list()).isEmpty();
  }

  @Test
  void writtenBytes_areReadBackAtAnyPlace() throws IOException {
    try (AppendFile file = disk().create("a.log")) {
      assertThat(file.name()).isEqualTo("a.log");
      file.write(bytes("hello "));
      file.write(bytes(""));
      file.write(bytes("world"));
      assertThat(file.position()).isEqualTo(11);
      file.force();
    }

    assertThat(disk().length("a.log")).isEqualTo(11);
    try (PositionedFile file = disk().open("a.log")) {
      assertThat(file.name()).isEqualTo("a.log");
      assertThat(file.length()).isEqualTo(11);
      assertThat(read(file, 0, 11)).isEqualTo("hello world");
      assertThat(read(file, 4, 3)).isEqualTo("o w");
      assertThat(read(file, 11, 0)).isEmpty();
    }
  }

  @Test
  void closedFile_isForcedByItsName_andStaysAsItIs() throws IOException {
    try (AppendFile file = disk().create("a")) {
      file.write(bytes("hello"));
    }

    Thread.currentThread().interrupt();
    disk().force("a");

    assertThat(Thread.interrupted()).isTrue();
    try (PositionedFile file = disk().open("a")) {
      assertThat(read(file, 0, 5)).isEqualTo("hello");
    }
    assertThatThrownBy(() -> disk().force("b")).isInstanceOf(NoSuchFileException.class);
    assertThat(disk().list()).containsExactly("a");
  }

  @Test
  void write_takesTheRemainingBytesOfAnyBuffer() throws IOException {
    ByteBuffer array = ByteBuffer.wrap("--array--".getBytes(US_ASCII)).position(2).limit(7).slice();
    ByteBuffer direct = ByteBuffer.allocateDirect(200_000);
    for (int i = 0; i < direct.capacity(); i++) {
      direct.put(i, (byte) (i * 31));
    }
    ByteBuffer readOnly = ByteBuffer.wrap("read-only".getBytes(US_ASCII)).asReadOnlyBuffer();
    readOnly.position(5);

    try (AppendFile file = disk().create("a")) {
      file.write(array.position(1));
      file.write(direct);
      file.write(readOnly);
      assertThat(array.hasRemaining()).isFalse();
      assertThat(direct.hasRemaining()).isFalse();
      assertThat(readOnly.hasRemaining()).isFalse();
    }

    try (PositionedFile file = disk().open("a")) {
      assertThat(read(file, 0, 4)).isEqualTo("rray");
      ByteBuffer back = ByteBuffer.allocateDirect(200_000);
      file.read(4, back);
      assertThat(back.flip()).isEqualTo(direct.flip());
      assertThat(read(file, 200_004, 4)).isEqualTo("only");
    }
  }

  @Test
  void read_fillsWhatTheTargetHasRoomFor() throws IOException {
    write("a", "0123456789".repeat(5_000));

    try (PositionedFile file = disk().open("a")) {
      for (ByteBuffer target :
          new ByteBuffer[] {ByteBuffer.allocate(40_010), ByteBuffer.allocateDirect(40_010)}) {
        target.position(3).limit(40_005);
        file.read(7, target);
        assertThat(target.position()).isEqualTo(40_005);
        assertThat(target.limit()).isEqualTo(40_005);
        assertThat(target.get(2)).isZero();
        assertThat(target.get(3)).isEqualTo((byte) '7');
        assertThat(target.get(40_004)).isEqualTo((byte) '8');
      }
    }
  }

  @Test
  void readBehindTheEnd_isReportedWithTheOffset_andMovesNothing() throws IOException {
    write("a.seg", "12345");

    try (PositionedFile file = disk().open("a.seg")) {
      ByteBuffer target = ByteBuffer.allocate(10).position(1);
      assertThatThrownBy(() -> file.read(2, target))
          .isInstanceOf(TimelogCorruptionException.class)
          .hasMessage("File ends too early: length=5, expectedLength=5, source=a.seg@5");
      assertThat(target.position()).isEqualTo(1);
    }
  }

  @Test
  void nameThatIsTaken_isRefused() throws IOException {
    write("a", "1");

    assertThatThrownBy(() -> disk().create("a")).isInstanceOf(FileAlreadyExistsException.class);
    assertThat(content("a")).isEqualTo("1");
  }

  @Test
  void fileThatIsNotThere_isReported() throws IOException {
    Disk disk = disk();

    assertThatThrownBy(() -> disk.open("a")).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> disk.length("a")).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> disk.rename("a", "b")).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> disk.delete("a")).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void renamedFile_takesThePlaceOfAnother() throws IOException {
    write("a", "new");
    write("b", "old");

    disk().rename("a", "b");

    assertThat(disk().list()).containsExactly("b");
    assertThat(content("b")).isEqualTo("new");
  }

  @Test
  void deletedFile_isNotListed() throws IOException {
    write("b", "2");
    write("a", "1");
    assertThat(disk().list()).containsExactly("a", "b");

    disk().delete("a");
    disk().syncDirectory();

    assertThat(disk().list()).containsExactly("b");
  }

  @Test
  void openFile_isReadThoughItWasDeleted() throws IOException {
    write("a", "1");
    try (PositionedFile file = disk().open("a")) {
      disk().delete("a");

      assertThat(read(file, 0, 1)).isEqualTo("1");
    }
  }

  @Test
  void closedFile_isNotRead() throws IOException {
    write("a", "1");
    PositionedFile file = disk().open("a");
    file.close();
    file.close();

    assertThatThrownBy(() -> read(file, 0, 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("The file is closed: name=a");
  }

  @Test
  void closedFile_isNotWritten() throws IOException {
    AppendFile file = disk().create("a");
    file.close();
    file.close();

    assertThatThrownBy(() -> file.write(bytes("1"))).isInstanceOf(IOException.class);
    assertThatThrownBy(file::force).isInstanceOf(IOException.class);
    assertThat(content("a")).isEmpty();
  }

  @Test
  void interruptedThread_doesAllOfIt_andIsInterruptedStill() throws IOException {
    Thread.currentThread().interrupt();
    Disk disk = disk();

    try (DirectoryLock lock = disk.lock("me")) {
      assertThat(lock).isNotNull();
      try (AppendFile file = disk.create("a")) {
        file.write(bytes("1"));
        file.force();
      }
      disk.syncDirectory();
      disk.rename("a", "b");
      try (PositionedFile file = disk.open("b")) {
        assertThat(read(file, 0, 1)).isEqualTo("1");
        assertThat(file.length()).isEqualTo(1);
      }
      assertThat(disk.length("b")).isEqualTo(1);
      assertThat(disk.list()).containsExactly("b");
      disk.delete("b");
    }

    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void lock_isHadByOne_andNamesTheHolder() throws IOException {
    Disk disk = disk();
    DirectoryLock lock = disk.lock("store=clicks, pid=7");

    assertThatThrownBy(() -> disk.lock("another"))
        .isInstanceOfSatisfying(
            DirectoryLockedException.class,
            e -> assertThat(e.holder()).isEqualTo("store=clicks, pid=7"))
        .hasMessageEndingWith("The directory is in use: holder=store=clicks, pid=7");

    lock.close();
    lock.close();
    try (DirectoryLock next = disk.lock("another")) {
      assertThat(next).isNotNull();
      lock.close();
      assertThatThrownBy(() -> disk.lock("third"))
          .isInstanceOfSatisfying(
              DirectoryLockedException.class, e -> assertThat(e.holder()).isEqualTo("another"));
    }
  }

  @Test
  void lock_isNoFileOfTheStore() throws IOException {
    Disk disk = disk();
    try (DirectoryLock lock = disk.lock("me")) {
      assertThat(lock).isNotNull();
      assertThat(disk.list()).isEmpty();
      assertThatThrownBy(() -> disk.open(Disk.LOCK)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> disk.create(Disk.LOCK)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> disk.delete(Disk.LOCK)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> disk.rename("a", Disk.LOCK))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(disk.list()).isEmpty();
  }

  final void write(String name, String content) throws IOException {
    try (AppendFile file = disk().create(name)) {
      file.write(bytes(content));
    }
  }

  final String content(String name) throws IOException {
    try (PositionedFile file = disk().open(name)) {
      return read(file, 0, (int) file.length());
    }
  }

  static String read(PositionedFile file, long offset, int length) throws IOException {
    ByteBuffer target = ByteBuffer.allocateDirect(length);
    file.read(offset, target);
    assertThat(target.hasRemaining()).isFalse();
    byte[] bytes = new byte[length];
    target.flip().get(bytes);
    return new String(bytes, US_ASCII);
  }

  static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(US_ASCII));
  }
}
