package io.timelog.internal.journal;

import io.timelog.TimelogCorruptionException;
import io.timelog.internal.manifest.CommitToken;
import io.timelog.internal.manifest.TableShape;
import io.timelog.internal.storage.disk.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/** Reads a log that nobody writes, and says what is in it, or how much of it is lost. */
public final class LogAudit {
  private LogAudit() {}

  /**
   * What a log has.
   *
   * @param lastCommit the number of its last commit; 0 if it has none
   * @param commits how many commits it has
   * @param rows how many rows they have
   * @param bytes how much of it counts
   * @param files the numbers of the files that count
   * @param tail the number of the last of them; 0 if there is none
   * @param tailEnd where in that file what counts ends
   * @param cutBytes what is in files of the log and does not count, as a crash may leave it
   */
  public record Contents(
      long lastCommit,
      long commits,
      long rows,
      long bytes,
      Set<Long> files,
      long tail,
      long tailEnd,
      long cutBytes) {
    /** Copies the numbers. */
    public Contents {
      files = Set.copyOf(files);
    }
  }

  /**
   * Commits that damage has taken.
   *
   * @param after the last commit before the damage that is whole; 0 if none is
   * @param known the largest commit of which something was found behind the damage; 0 if nothing
   *     was
   */
  public record Lost(long after, long known) {}

  /**
   * Reads everything that counts.
   *
   * @param named what the manifest says
   * @param present the numbers of all files of the log in the directory
   * @throws TimelogCorruptionException if what counted is not all there, or makes no sense
   * @throws io.timelog.TimelogException if a file has a format version that this build does not
   *     read
   * @throws IOException if a file cannot be read
   */
  public static Contents read(
      Disk disk, LogNames names, UUID store, LogManifest named, Collection<Long> present)
      throws IOException {
    RecoveredLog log = LogRecovery.recover(disk, names, store, named, present);
    Count count = new Count();
    log.replay(count);
    return new Contents(
        log.commit(),
        count.commits,
        count.rows,
        log.lengthBytes(),
        log.files(),
        log.lastFile(),
        log.lastFileEnd(),
        log.cutBytes());
  }

  /**
   * Which commits are lost by damage that {@link #read} has found: those behind it.
   *
   * @param present the numbers of all files of the log in the directory
   * @throws IOException if a file cannot be read
   */
  public static Lost lost(
      Disk disk, LogNames names, Collection<Long> present, TimelogCorruptionException damage)
      throws IOException {
    long after = 0;
    long known = 0;
    boolean damaged = false;
    for (long number : new TreeSet<>(present)) {
      try (LogFileReader file = LogFileReader.open(disk, names.name(number), number)) {
        long at = LogHeaderFormat.BYTES;
        boolean isDamaged = file.name().equals(damage.file());
        while (!damaged && !(isDamaged && at >= damage.offset())) {
          ByteBuffer batch = file.batch(at, file.length());
          if (batch == null) {
            break;
          }
          after = Math.max(after, BatchReader.stamp(batch).commit());
          at += batch.limit();
        }
        damaged |= isDamaged;
        known = Math.max(known, lastCommitBehind(file, at - BatchFormat.ALIGNMENT));
      }
    }
    return new Lost(after, known <= after ? 0 : known);
  }

  private static long lastCommitBehind(LogFileReader file, long offset) throws IOException {
    long last = 0;
    ByteBuffer batch = file.batchBehind(offset);
    while (batch != null) {
      last = Math.max(last, BatchReader.stamp(batch).commit());
      batch = file.batchBehind(file.lastOffset() + batch.limit() - BatchFormat.ALIGNMENT);
    }
    return last;
  }

  /** Counts what a log has. */
  private static final class Count implements LogVisitor {
    private long commits;
    private long rows;

    @Override
    public void createTable(int table, TableShape shape) {
      // Read, and so known to be settings of a table.
    }

    @Override
    public void dropTable(int table) {
      // Any table may be dropped.
    }

    @Override
    public void floor(int table, long cutoff) {
      // Any cutoff may be one.
    }

    @Override
    public void deleteRange(int table, long first, long last, long version) {
      // Read, and so known to be a range.
    }

    @Override
    public boolean section(LoggedWindow window) {
      return true;
    }

    @Override
    public void frame(LogFrame frame) {
      rows++;
    }

    @Override
    public void commit(long number, CommitToken token) {
      commits++;
    }
  }
}
