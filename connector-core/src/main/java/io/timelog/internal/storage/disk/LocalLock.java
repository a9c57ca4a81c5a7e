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

  private final Path directory;
  private final RandomAccessFile file;
  private final String holder;
  private boolean closed;

  private LocalLock(Path directory, RandomAccessFile file, String holder) {
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
      LocalLock other = HELD.get(directory);
      if (other != null) {
        throw new DirectoryLockedException(directory.toString(), other.holder);
      }
      LocalLock lock = new LocalLock(directory, lockFile(directory, path, permissions), holder);
      lock.writeHolder();
      HELD.put(directory, lock);
      return lock;
    }
  }

  private static RandomAccessFile lockFile(
      Path directory, Path path, FileAttribute<?>[] permissions) throws IOException {
    try {
      Files.createFile(path, permissions);
    } catch (FileAlreadyExistsException madeBefore) {
      // As it should be: it is never deleted.
    }
    RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
    FileLock lock;
    try {
      lock = file.getChannel().tryLock();
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
  private static String read(RandomAccessFile file) throws IOException {
    byte[] bytes = new byte[MAX_HOLDER_BYTES];
    int length = Math.max(0, file.read(bytes));
    return new String(bytes, 0, length, StandardCharsets.UTF_8).strip();
  }

  private void writeHolder() throws IOException {
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
        file.close();
      } finally {
        HELD.remove(directory);
      }
    }
  }
}
