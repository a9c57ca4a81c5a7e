package io.timelog.internal.storage.disk;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The lock of a directory of the operating system: that of a file in it. */
final class LocalLock implements DirectoryLock {

  /*
   * The operating system gives a file's lock to a process, and takes it away when the process closes the
   * file, whichever time that it has it open. Java says nothing then, not even when asked whether the lock
   * is valid. So within the process a map decides, before the file is opened; the file is opened once for
   * a lock and never for reading what is in it; and it is never deleted, because the next one to come would
   * lock another file of the same name.
   *
   * If the class was loaded twice, there are two such maps, and the JDK's own, which knows all, is asked too
   * late: the file is open then. It stays open, or closing it would let go of the other's lock.
   */

  /** The locks of this process, which also keeps them from being collected, and so closed. */
  private static final Map<Path, LocalLock> HELD = new HashMap<>();

  /** Files whose lock another loader of this class has. */
  private static final List<RandomAccessFile> OPEN_FOR_EVER = new ArrayList<>();

  private static final int MAX_HOLDER_BYTES = 4096;

  /** What a lock is taken for. */
  private enum Mode {
    OWN("rw"),
    READ_BESIDE_OTHERS("r");

    private final String access;

    Mode(String access) {
      this.access = access;
    }
  }

  private final Path directory;

  /** Null if the directory is read in which nobody ever took the lock. */
  private final @Nullable RandomAccessFile file;

  private final String holder;
  private boolean closed;

  private LocalLock(Path directory, @Nullable RandomAccessFile file, String holder) {
    this.directory = directory;
    this.file = file;
    this.holder = holder;
  }

  /**
   * Takes the lock.
   *
   * @param directory a real path
   * @throws DirectoryLockedException if somebody has it
   */
  static LocalLock take(Path directory, Path path, FileAttribute<?>[] permissions, String holder)
      throws IOException {
    synchronized (HELD) {
      requireNotHeld(directory);
      try {
        Files.createFile(path, permissions);
      } catch (FileAlreadyExistsException madeBefore) {
        // As it should be: it is never deleted.
      }
      RandomAccessFile file = lockFile(directory, path, Mode.OWN);
      writeHolder(file, holder);
      return hold(new LocalLock(directory, file, holder));
    }
  }

  /**
   * Takes the lock so that no owner can, beside others who read; changes nothing. In this process
   * one at a time may read.
   *
   * @param directory a real path
   * @throws DirectoryLockedException if somebody has it
   */
  static LocalLock takeToRead(Path directory, Path path, String reader) throws IOException {
    synchronized (HELD) {
      requireNotHeld(directory);
      RandomAccessFile file =
          Files.exists(path) ? lockFile(directory, path, Mode.READ_BESIDE_OTHERS) : null;
      return hold(new LocalLock(directory, file, reader));
    }
  }

  private static void requireNotHeld(Path directory) throws DirectoryLockedException {
    LocalLock other = HELD.get(directory);
    if (other != null) {
      throw new DirectoryLockedException(directory.toString(), other.holder);
    }
  }

  private static LocalLock hold(LocalLock lock) {
    HELD.put(lock.directory, lock);
    return lock;
  }

  private static RandomAccessFile lockFile(Path directory, Path path, Mode mode)
      throws IOException {
    RandomAccessFile file = new RandomAccessFile(path.toFile(), mode.access);
    FileLock lock;
    try {
      lock = file.getChannel().tryLock(0, Long.MAX_VALUE, mode == Mode.READ_BESIDE_OTHERS);
    } catch (OverlappingFileLockException e) {
      OPEN_FOR_EVER.add(file);
      throw new DirectoryLockedException(
          directory.toString(), "another copy of Timelog in this process");
    } catch (IOException e) {
      file.close();
      throw e;
    }
    if (lock == null) {
      try (file) {
        throw new DirectoryLockedException(directory.toString(), read(file));
      }
    }
    return file;
  }

  /** What the holder has written, which may be writing it just now. */
  static String read(RandomAccessFile file) throws IOException {
    byte[] bytes = new byte[MAX_HOLDER_BYTES];
    int length = Math.max(0, file.read(bytes));
    return new String(bytes, 0, length, StandardCharsets.UTF_8).strip();
  }

  private static void writeHolder(RandomAccessFile file, String holder) throws IOException {
    try {
      file.setLength(0);
      file.write((holder + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    synchronized (HELD) {
      if (closed) {
        return;
      }
      closed = true;
      try {
        // Before somebody else may open it.
        if (file != null) {
          file.close();
        }
      } finally {
        HELD.remove(directory);
      }
    }
  }
}
