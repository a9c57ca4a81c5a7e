package io.timelog.internal.storage.disk;

import java.nio.file.FileSystemException;

/** Somebody else has the directory. */
public final class DirectoryLockedException extends FileSystemException {
  private static final long serialVersionUID = 1L;

  private final String holder;

  /**
   * The directory is locked.
   *
   * @param directory the directory
   * @param holder what its owner said when it took the lock
   */
  public DirectoryLockedException(String directory, String holder) {
    super(directory, null, "The directory is in use: holder=" + holder);
    this.holder = holder;
  }

  /** What the owner said when it took the lock. */
  public String holder() {
    return holder;
  }
}
