package io.timelog.internal.storage.disk;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/** What a lock file says, for tests that write it. */
public final class LockFiles {
  private LockFiles() {}

  /** The holder that somebody is told of who does not get the lock. */
  public static String holder(Path file) throws IOException {
    try (RandomAccessFile input = new RandomAccessFile(file.toFile(), "r")) {
      return LocalLock.read(input);
    }
  }
}
