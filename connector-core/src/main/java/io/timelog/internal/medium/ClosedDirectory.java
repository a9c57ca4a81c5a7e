package io.timelog.internal.medium;

import io.timelog.StoreLockedException;
import io.timelog.TimelogStorageException;
import io.timelog.internal.storage.disk.DirectoryLock;
import io.timelog.internal.storage.disk.DirectoryLockedException;
import io.timelog.internal.storage.disk.Disk;
import io.timelog.internal.storage.disk.ExplainingDisk;
import io.timelog.internal.storage.disk.LocalDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A directory in which no store is open, for as long as somebody reads what the last one has left.
 * Until it is closed, no store can be opened in it. Nothing is changed, not even {@code LOCK}.
 */
public final class ClosedDirectory implements AutoCloseable {
  private final Path path;
  private final Disk disk;
  private final DirectoryLock lock;

  private ClosedDirectory(Path path, Disk disk, DirectoryLock lock) {
    this.path = path;
    this.disk = disk;
    this.lock = lock;
  }

  /** Something that is read in a directory. */
  public interface Reading<T> {
    /**
     * Reads.
     *
     * @throws IOException if the disk refuses
     */
    T read(Disk disk) throws IOException;
  }

  /**
   * The directory at a path; empty if there is nothing.
   *
   * @throws StoreLockedException if a store is open in it, or somebody else reads in this process
   * @throws TimelogStorageException if the file system refuses
   */
  public static Optional<ClosedDirectory> find(Path path) {
    try {
      Optional<LocalDisk> found = LocalDisk.find(path);
      if (found.isEmpty()) {
        return Optional.empty();
      }
      LocalDisk disk = found.get();
      DirectoryLock lock = disk.lockToRead(Holder.of("none, the directory is being read"));
      return Optional.of(new ClosedDirectory(disk.directory(), new ExplainingDisk(disk), lock));
    } catch (DirectoryLockedException e) {
      throw new StoreLockedException(path, e.holder(), e);
    } catch (IOException e) {
      throw DirectoryMedium.refused("The directory cannot be read", path, e);
    }
  }

  /**
   * Reads.
   *
   * @throws TimelogStorageException if the file system refuses
   */
  public <T> T read(Reading<T> reading) {
    try {
      return reading.read(disk);
    } catch (IOException e) {
      throw DirectoryMedium.refused("The directory cannot be read", path, e);
    }
  }

  /**
   * Lets stores be opened again. Closing twice does nothing.
   *
   * @throws TimelogStorageException if the file system refuses
   */
  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw DirectoryMedium.refused("The directory cannot be left", path, e);
    }
  }
}
