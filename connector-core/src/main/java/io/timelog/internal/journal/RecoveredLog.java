package io.timelog.internal.journal;

import io.timelog.TimelogCorruptionException;
import io.timelog.internal.manifest.CommitToken;
import io.timelog.internal.manifest.StoreManifest;
import io.timelog.internal.storage.disk.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What counts of a log: everything up to its last commit. What lies behind was cut off: it is not
 * shown, and not counted in the length of its file. Not thread-safe.
 */
public final class RecoveredLog {

  /** A file, as far as it counts. */
  private record Part(FileWalk walk, long length) {}

  private final Disk disk;
  private final List<Part> parts = new ArrayList<>();
  private final long commit;
  private final CommitToken token;
  private final long cutBytes;

  /** A log without commits. */
  RecoveredLog(Disk disk, long cutBytes) {
    this(disk, BatchStamp.NO_COMMIT, CommitToken.EMPTY, cutBytes);
  }

  RecoveredLog(Disk disk, long commit, CommitToken token, long cutBytes) {
    this.disk = disk;
    this.commit = commit;
    this.token = token;
    this.cutBytes = cutBytes;
  }

  /** That of a store which has no log yet. */
  public static RecoveredLog none(Disk disk) {
    return new RecoveredLog(disk, 0);
  }

  void add(FileWalk walk, long length) {
    parts.add(new Part(walk, length));
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
   * Shows everything that counts. Costs reading it.
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
          new BatchReader(walk.name(), at, batch).visit(visitor);
          at += batch.limit();
        }
      }
    }
  }

  /** The numbers of the files that count. */
  Set<Long> files() {
    return parts.stream().map(part -> part.walk().number()).collect(Collectors.toSet());
  }

  /** The number of the last of them; {@link LogHeader#NONE} if there are none. */
  long lastFile() {
    return parts.isEmpty() ? LogHeader.NONE : parts.get(parts.size() - 1).walk().number();
  }

  /** Where in that file what counts ends; 0 if there are none. */
  long lastFileEnd() {
    return parts.isEmpty() ? 0 : parts.get(parts.size() - 1).length();
  }
}
