package io.timelog.internal.journal;

import io.timelog.TimelogCorruptionException;
import io.timelog.internal.manifest.CommitToken;
import io.timelog.internal.manifest.StoreManifest;
import io.timelog.internal.storage.disk.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What counts of a log: everything up to its last commit. What lies behind was cut off: it is not
 * shown, and not counted in the length of its file. Not thread-safe.
 */
public final class RecoveredLog {

  /** A file, as far as it counts. */
  private record Part(FileWalk walk, long durableBytes, long length, SerialSet serials) {}

  private final Disk disk;
  private final List<Part> parts = new ArrayList<>();
  private final long nextBatch;
  private final long commit;
  private final CommitToken token;
  private final long cutBytes;

  /** A log without commits. */
  RecoveredLog(Disk disk, long nextBatch, long cutBytes) {
    this(disk, nextBatch, BatchStamp.NO_COMMIT, CommitToken.EMPTY, cutBytes);
  }

  RecoveredLog(Disk disk, long nextBatch, long commit, CommitToken token, long cutBytes) {
    this.disk = disk;
    this.nextBatch = nextBatch;
    this.commit = commit;
    this.token = token;
    this.cutBytes = cutBytes;
  }

  /** That of a store which has no log yet. */
  public static RecoveredLog none(Disk disk) {
    return new RecoveredLog(disk, 1, 0);
  }

  void add(FileWalk walk, long durableBytes, long length) {
    parts.add(new Part(walk, durableBytes, length, new SerialSet()));
  }

  /** The number of the last commit; 0 if the log has none. */
  public long commit() {
    return commit;
  }

  /** The token of the last commit; empty if the log has none. */
  public CommitToken token() {
    return token;
  }

  /** The number of the last commit of a store with this log behind a manifest; 0 if none. */
  public long commitAfter(StoreManifest manifest) {
    return Math.max(manifest.commit(), commit);
  }

  /** The token of that commit; null if there was none. */
  public @Nullable CommitToken tokenAfter(StoreManifest manifest) {
    return commit == BatchStamp.NO_COMMIT ? manifest.token() : token;
  }

  /** How much does not count, in bytes: what was not committed, or was not written to its end. */
  public long cutBytes() {
    return cutBytes;
  }

  /** How much counts, in bytes. */
  public long lengthBytes() {
    return parts.stream().mapToLong(Part::length).sum();
  }

  /**
   * Shows everything that counts. Costs reading it. To be called once before {@link StoreLog#open},
   * or the log forgets which windows it has.
   *
   * @throws TimelogCorruptionException if it is not what was written; a part was shown then
   * @throws IOException if it cannot be read
   */
  public void replay(LogVisitor visitor) throws IOException {
    for (Part part : parts) {
      FileWalk walk = part.walk();
      try (LogFileReader file = LogFileReader.open(disk, walk.name(), walk.number())) {
        for (long at = LogHeaderFormat.BYTES; at < part.length(); ) {
          ByteBuffer batch = file.batch(at, part.length());
          if (batch == null) {
            throw new TimelogCorruptionException(
                "Batch of a log changed while it was read", walk.name(), at);
          }
          new BatchReader(walk.name(), at, batch).visit(visitor, part.serials());
          at += batch.limit();
        }
      }
    }
  }

  long nextBatch() {
    return nextBatch;
  }

  /** The files, as closed when another one is begun behind the last of them. */
  List<ClosedLogFile> closedFiles() {
    List<ClosedLogFile> closed = new ArrayList<>();
    for (Part part : parts) {
      LogTail file = tail(part);
      ClosedLogFile closedFile = file.closed();
      boolean hasLastCommit = closed.size() == parts.size() - 1 && !file.hasCopy();
      if (!hasLastCommit) {
        closedFile.coverBy(commit);
      }
      closed.add(closedFile);
    }
    return closed;
  }

  /** The last file, behind which the next one is begun. */
  LogTail tail() {
    return parts.isEmpty() ? LogTail.none() : tail(parts.get(parts.size() - 1));
  }

  private static LogTail tail(Part part) {
    return new LogTail(
        part.walk().number(),
        part.durableBytes(),
        part.length(),
        part.walk().firstBatch(),
        part.serials());
  }
}
