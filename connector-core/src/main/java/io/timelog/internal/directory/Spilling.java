package io.timelog.internal.directory;

import io.timelog.internal.manifest.FileId;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.storage.SegmentInput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Moves segments of a store from memory into files. Thread-safe. */
final class Spilling {
  private static final Logger LOG = LoggerFactory.getLogger(Spilling.class);

  private final StoreDirectory directory;
  private final MemoryAccount memory;
  private final AtomicBoolean refused = new AtomicBoolean();

  /**
   * For the segments of one store.
   *
   * @param memory what the store has of the budget
   */
  Spilling(StoreDirectory directory, MemoryAccount memory) {
    this.directory = directory;
    this.memory = memory;
    memory.letSegmentsLeave();
  }

  /** Whether a segment that is made now had better not stay in memory. */
  boolean isDue() {
    return memory.isShort();
  }

  /**
   * Has a segment lie in a file of the machine. Where the disk refuses, it has to be copied, as if
   * there were no such file.
   *
   * @return whether it does
   */
  boolean adopt(FileId segment, long length, Path file) {
    try {
      return directory.adopt(segment, length, file);
    } catch (IOException e) {
      LOG.warn("A file cannot be taken without a copy: file={}, reason={}", file, e.getMessage());
      return false;
    }
  }

  /**
   * Writes a segment into a file. Where the disk refuses, segments stay in memory, as if there were
   * no disk; a commit will say why.
   *
   * @return whether it is in a file
   */
  boolean spill(SegmentInput segment) {
    try {
      directory.spill(FileId.of(segment.name()), UnstoredSegment.of(segment));
      refused.set(false);
      return true;
    } catch (IOException e) {
      if (!refused.getAndSet(true)) {
        LOG.warn(
            "A segment cannot be moved into a file and stays in memory: reason={}", e.getMessage());
      }
      return false;
    }
  }
}
