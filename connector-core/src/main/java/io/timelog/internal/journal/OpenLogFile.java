package io.timelog.internal.journal;

import io.timelog.internal.manifest.CommitToken;
import io.timelog.internal.storage.disk.AppendFile;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The file of the log that is written. The writer writes to it, any thread forces it, one at a
 * time.
 *
 * <p>A batch is <em>written</em> when all of its bytes were handed to the file, and <em>kept</em>
 * when what follows is to stand on it. In between a commit waits for its force.
 */
final class OpenLogFile {
  private final long number;
  private final AppendFile file;
  private final long firstBatch;
  private final SerialSet serials;

  /** Of the writer. */
  private long keptBytes;

  /** Written by the writer, the bytes before the number. */
  private volatile long writtenBytes;

  private volatile long writtenBatch;

  /** Written by whoever forces. */
  private volatile long forcedBytes;

  private volatile long forcedBatch;
  private volatile @Nullable Throwable failure;

  /**
   * A file that is durable as far as it was written.
   *
   * @param firstBatch the number of its first batch, or of the next one if it has none
   * @param lastBatch the number of the last batch in it or before it
   * @param serials memtable windows that have rows in it
   */
  OpenLogFile(long number, AppendFile file, long firstBatch, long lastBatch, SerialSet serials) {
    this.number = number;
    this.file = file;
    this.firstBatch = firstBatch;
    this.serials = serials;
    keptBytes = file.position();
    writtenBytes = keptBytes;
    forcedBytes = keptBytes;
    writtenBatch = lastBatch;
    forcedBatch = lastBatch;
  }

  long number() {
    return number;
  }

  String name() {
    return file.name();
  }

  long firstBatch() {
    return firstBatch;
  }

  SerialSet serials() {
    return serials;
  }

  /** How much of it counts. */
  long keptBytes() {
    return keptBytes;
  }

  /** The file as one behind which another one is begun. */
  LogTail tail() {
    return new LogTail(number, Math.min(keptBytes, forcedBytes), keptBytes, firstBatch, serials);
  }

  /** All batches up to this number are durable, and those of the files before. */
  long forcedBatch() {
    return forcedBatch;
  }

  /** Why the file must not be written any more; null if it may. */
  @Nullable Throwable failure() {
    return failure;
  }

  /** Appends a batch; returns how many bytes of the file it takes. */
  long write(BatchWriter writer, BatchStamp stamp, CommitToken token, List<PendingItem> items)
      throws IOException {
    try {
      writer.write(file, stamp, token, items);
    } catch (IOException | RuntimeException | Error e) {
      fail(e);
      throw e;
    }
    for (PendingItem item : items) {
      item.noteIn(serials);
    }
    long before = writtenBytes;
    writtenBytes = file.position();
    writtenBatch = stamp.batch();
    return writtenBytes - before;
  }

  /** Lets everything count that was written. */
  void keep() {
    keptBytes = writtenBytes;
  }

  /**
   * Makes durable what was written before the call. By one thread at a time.
   *
   * @return false if it was durable already
   */
  boolean force() throws IOException {
    long batch = writtenBatch;
    long bytes = writtenBytes;
    if (batch <= forcedBatch) {
      return false;
    }
    try {
      file.force();
    } catch (IOException | RuntimeException | Error e) {
      fail(e);
      throw e;
    }
    forcedBytes = bytes;
    forcedBatch = batch;
    return true;
  }

  /** Says that the file must not be written any more. */
  void fail(Throwable reason) {
    if (failure == null) {
      failure = reason;
    }
  }

  /** Lets go of the file. Nothing is lost if that fails: what counts is durable or was copied. */
  void close() {
    try {
      file.close();
    } catch (IOException e) {
      fail(e);
    }
  }
}
