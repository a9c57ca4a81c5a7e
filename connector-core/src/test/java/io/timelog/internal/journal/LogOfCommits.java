package io.timelog.internal.journal;

import io.timelog.internal.storage.disk.Disk;
import java.io.IOException;
import java.util.UUID;

/** A log of some commits in a directory, for tests of those who look at one. */
public final class LogOfCommits {
  /** The store whose log it is. */
  public static final UUID STORE = LoggedStore.ID;

  private static final long FILE_BYTES = 500;

  private LogOfCommits() {}

  /**
   * Writes commits from 1 on, each of one row and forced, into several files.
   *
   * @return what a manifest may say that is made then; its own commit is 0
   */
  public static LogManifest write(Disk disk, int commits) throws IOException {
    try (LogOnDisk on = new LogOnDisk(disk, SyncPolicy.SYNCED, FILE_BYTES)) {
      for (int commit = 1; commit <= commits; commit++) {
        on.commitRow(commit, "value");
      }
      return on.manifest(0);
    }
  }

  /** The token of a commit. */
  public static byte[] token(long commit) {
    return LogOnDisk.token(commit).bytes();
  }
}
