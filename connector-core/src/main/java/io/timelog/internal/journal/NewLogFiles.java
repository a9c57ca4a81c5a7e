package io.timelog.internal.journal;

import io.timelog.internal.storage.disk.AppendFile;
import io.timelog.internal.storage.disk.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Begins files of a log. Belongs to the writer. */
final class NewLogFiles {

  /*
   * A file counts when its header, what it was begun with, and its name are durable. Its header says how
   * much of the file before counts, and all of that is durable as well: so no file stands on a hole.
   *
   * If a write or a force of a file has failed, it is not used any more. What it has beyond the last force
   * that succeeded may not be on the disk, and a second force would say that it were. The next file begins
   * with a copy of these batches, read back and checked, and says that the file before ends where they
   * begin.
   */

  private static final Logger LOG = LoggerFactory.getLogger(NewLogFiles.class);

  private final LogSettings settings;
  private final Disk disk;

  NewLogFiles(LogSettings settings) {
    this.settings = settings;
    this.disk = settings.disk();
  }

  /**
   * Begins a file behind another one.
   *
   * @param nextBatch the number of the next batch
   * @throws LogLostException if what is to be copied cannot be read any more
   * @throws IOException if the file could not be made; everything is as it was
   */
  OpenLogFile begin(LogTail tail, long nextBatch) throws IOException {
    long number = settings.files().nextNumber();
    AppendFile file = disk.create(settings.files().name(number));
    boolean counts = false;
    try {
      file.write(header(tail.headerOfNext(number)));
      long firstBatch = copy(tail, file, number, nextBatch);
      file.force();
      disk.syncDirectory();
      counts = true;
      return new OpenLogFile(number, file, firstBatch, nextBatch - 1, tail.serialsOfNext());
    } finally {
      if (!counts) {
        abandon(file);
      }
    }
  }

  private ByteBuffer header(LogHeader header) {
    ByteBuffer bytes = ByteBuffer.allocate(LogHeaderFormat.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    LogHeaderFormat.put(bytes, settings.store(), header);
    return bytes;
  }

  /** Copies what is not durable of a file, and returns the number of the first batch of the new. */
  private long copy(LogTail tail, AppendFile to, long number, long nextBatch) throws IOException {
    if (!tail.hasCopy()) {
      return nextBatch;
    }
    long firstBatch = nextBatch;
    String name = settings.files().name(tail.number());
    try (LogFileReader reader = LogFileReader.open(disk, name, tail.number())) {
      for (long at = tail.durableBytes(); at < tail.keptBytes(); ) {
        ByteBuffer batch = reader.batch(at, tail.keptBytes());
        if (batch == null) {
          throw new LogLostException(name, at);
        }
        if (at == tail.durableBytes()) {
          firstBatch = batch.getLong(BatchFormat.BATCH_OFFSET);
        }
        at += batch.limit();
        BatchFormat.moveTo(number, batch);
        to.write(batch);
      }
    }
    return firstBatch;
  }

  /** Gives up a file that does not count. If it stays, recovery takes no notice of it. */
  void abandon(AppendFile file) {
    try {
      file.close();
      disk.delete(file.name());
    } catch (IOException e) {
      LOG.debug("A file of the log that does not count could not be deleted", e);
    }
  }
}
