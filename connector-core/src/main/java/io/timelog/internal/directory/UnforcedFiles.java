package io.timelog.internal.directory;

import io.timelog.internal.directory.StoreFile.Kind;
import io.timelog.internal.storage.disk.Disk;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/**
 * Files of segments whose bytes are not durable: those that were not forced yet, and those of which
 * nobody can know. A manifest names neither. For one thread at a time.
 */
final class UnforcedFiles {
  /*
   * When a file system cannot write what it was given, it says so once, to who forces the file next, and
   * takes the bytes for written from then on. So a file of which a force has failed is never
   * forced again: what lies there is written anew, into another one.
   */
  private final Disk disk;
  private final Set<Long> unforced = new HashSet<>();
  private final Set<Long> doubtful = new HashSet<>();

  /** None of the files of a disk. */
  UnforcedFiles(Disk disk) {
    this.disk = disk;
  }

  /** A file was made without being forced. */
  void add(long number) {
    unforced.add(number);
  }

  /**
   * Makes the bytes of a file durable, unless they are.
   *
   * @throws IOException if that is not known to have happened; the file is doubtful then
   */
  void force(long number) throws IOException {
    if (unforced.remove(number)) {
      try {
        disk.force(new StoreFile(Kind.SEGMENTS, number).name());
      } catch (IOException e) {
        doubtful.add(number);
        throw e;
      }
    }
  }

  /** Whether it can not be known of the bytes of a file whether they are durable. */
  boolean isDoubtful(long number) {
    return doubtful.contains(number);
  }

  /** A file was deleted. */
  void deleted(long number) {
    unforced.remove(number);
    doubtful.remove(number);
  }
}
