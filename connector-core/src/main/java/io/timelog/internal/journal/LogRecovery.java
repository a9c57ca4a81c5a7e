package io.timelog.internal.journal;

import io.timelog.TimelogCorruptionException;
import io.timelog.internal.manifest.CommitToken;
import io.timelog.internal.manifest.LogEntry;
import io.timelog.internal.storage.disk.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what counts of a log. Changes nothing; costs reading it once.
 *
 * <p>The files that the manifest names as closed must be whole. Behind the open one is a chain of
 * files that no manifest names yet, and it may end in the midst of a batch: a torn tail, which a
 * crash may leave. If something says that what is missing was durable, it is no torn tail but
 * damage, and reported.
 */
public final class LogRecovery {

  /*
   * A file that counts was durable when it was begun, and so was as much of the file before as it says. So
   * it is damage if the header of a file is not whole that has a batch of its own, or that another one
   * follows; or if the file before is shorter. In a file, it is damage if a batch is not whole and a later
   * one says that it was durable. (Batches that were copied from another file say nothing.)
   *
   * Several files may follow one and the same: the others were begun and did not come to count. They have
   * copies of what the one before has, or a part of them. The one that counts is on the way that leads to
   * the latest commit; if several do, they lead to the same one, or to one that failed and one that
   * was made in its place, and the later file has that.
   */

  private final Disk disk;
  private final LogNames names;
  private final UUID store;

  /** What was found so far, in order: the files of the manifest, then those behind it. */
  private final List<Found> found = new ArrayList<>();

  /** Files behind the open one of which the header is not whole. */
  private final Set<Long> torn = new HashSet<>();

  /** Files that do not follow the open one, begun in a life of which no manifest came to be. */
  private final Set<Long> strays = new HashSet<>();

  private long presentBytes;

  /** A file: its batches, how much of it counts, and the file that it follows. */
  private static final class Found {
    final FileWalk walk;
    final @Nullable Found previous;
    final long previousLength;
    long length;

    /** The last commit of the best way that begins here. */
    long lastCommit;

    @Nullable Found next;

    Found(FileWalk walk, @Nullable Found previous, long previousLength) {
      this.walk = walk;
      this.previous = previous;
      this.previousLength = previousLength;
      length = walk.end();
      lastCommit = walk.lastCommitBefore(walk.end());
    }
  }

  private LogRecovery(Disk disk, LogNames names, UUID store) {
    this.disk = disk;
    this.names = names;
    this.store = store;
  }

  /**
   * Finds out what counts.
   *
   * @param named what the manifest says
   * @param present the numbers of all files of the log in the directory
   * @throws TimelogCorruptionException if what counted is not all there; tells the file and where
   * @throws io.timelog.TimelogException if a file has a format version that this build does not
   *     read
   * @throws IOException if a file cannot be read
   */
  public static RecoveredLog recover(
      Disk disk, LogNames names, UUID store, LogManifest named, Collection<Long> present)
      throws IOException {
    LogRecovery recovery = new LogRecovery(disk, names, store);
    Found open = recovery.walkNamed(named);
    if (open != null) {
      recovery.walkBehind(open, new TreeSet<>(present).tailSet(open.walk.number(), false));
      recovery.chooseWay(open);
    }
    return recovery.cut(named, open);
  }

  /** Walks the files of the manifest, and returns the one that is open, if any. */
  private @Nullable Found walkNamed(LogManifest named) throws IOException {
    Found last = null;
    long batch = named.firstBatch();
    for (LogEntry entry : named.files()) {
      Found before = last;
      try (LogFileReader file = open(entry.file())) {
        ByteBuffer bytes = file.header();
        if (bytes == null || !LogHeaderFormat.isWhole(bytes)) {
          throw new TimelogCorruptionException("Header of a log file is damaged", file.name(), 0);
        }
        LogHeader header = LogHeaderFormat.get(bytes, store, entry.file(), file.name());
        if (before != null
            && (header.previous() != before.walk.number()
                || header.previousLength() != before.length)) {
          throw new TimelogCorruptionException(
              "Log file does not follow the one before it in the manifest: " + header,
              file.name(),
              0);
        }
        boolean isOpen = entry.length() == LogEntry.OPEN;
        long limit = isOpen ? file.length() : entry.length();
        presentBytes += limit;
        FileWalk walk = FileWalk.of(file, entry.file(), batch, limit);
        last = new Found(walk, before, header.previousLength());
        found.add(last);
        batch = walk.nextBatch();
        if (isOpen) {
          requireTornTail(file, walk);
          return last;
        }
        if (walk.end() != limit) {
          throw new TimelogCorruptionException(
              "Batch of a log is damaged: batch=" + batch, file.name(), walk.end());
        }
      }
    }
    return null;
  }

  private LogFileReader open(long number) throws IOException {
    return LogFileReader.open(disk, names.name(number), number);
  }

  /** Demands that what is behind the whole batches of a file may have been left by a crash. */
  private static void requireTornTail(LogFileReader file, FileWalk walk) throws IOException {
    long bad = walk.nextBatch();
    for (ByteBuffer later = file.batchBehind(walk.end()); later != null; ) {
      BatchStamp stamp = BatchReader.stamp(later);
      if (stamp.forced() >= bad) {
        throw new TimelogCorruptionException(
            "Batch of a log is damaged: batch="
                + bad
                + " was durable when batch="
                + stamp.batch()
                + " was written",
            file.name(),
            walk.end());
      }
      later = file.batchBehind(endOf(later, file) - BatchFormat.ALIGNMENT);
    }
  }

  private static long endOf(ByteBuffer batch, LogFileReader file) {
    return file.lastOffset() + batch.limit();
  }

  private void walkBehind(Found open, Collection<Long> numbers) throws IOException {
    for (long number : numbers) {
      try (LogFileReader file = open(number)) {
        presentBytes += file.length();
        ByteBuffer bytes = file.header();
        if (bytes == null || !LogHeaderFormat.isWhole(bytes)) {
          requireNoBatch(file);
          torn.add(number);
          continue;
        }
        LogHeader header = LogHeaderFormat.get(bytes, store, number, file.name());
        Found previous = find(header.previous(), open);
        if (previous != null) {
          found.add(follow(previous, header, file));
        } else if (header.previous() < open.walk.number() || strays.contains(header.previous())) {
          strays.add(number);
        } else {
          throw new TimelogCorruptionException(
              torn.contains(header.previous())
                  ? "Header of a log file is damaged that another one follows"
                  : "Log file is missing that another one follows",
              names.name(header.previous()),
              0);
        }
      }
    }
  }

  /** Demands that a file without a whole header never came to count. */
  private static void requireNoBatch(LogFileReader file) throws IOException {
    for (ByteBuffer batch = file.batchBehind(0); batch != null; ) {
      if (BatchReader.stamp(batch).forced() > BatchFormat.COPIED) {
        throw new TimelogCorruptionException("Header of a log file is damaged", file.name(), 0);
      }
      batch = file.batchBehind(endOf(batch, file) - BatchFormat.ALIGNMENT);
    }
  }

  /** The open file, or one behind it, of this number. */
  private @Nullable Found find(long number, Found open) {
    for (int i = found.size() - 1; i >= 0; i--) {
      Found file = found.get(i);
      if (file.walk.number() == number) {
        return file;
      }
      if (file == open) {
        return null;
      }
    }
    return null;
  }

  private static Found follow(Found previous, LogHeader header, LogFileReader file)
      throws IOException {
    FileWalk before = previous.walk;
    if (!before.hasPlace(header.previousLength())) {
      throw new TimelogCorruptionException(
          "Batch of a log is damaged: batch="
              + before.nextBatch()
              + " was durable when file="
              + file.name()
              + " was begun",
          before.name(),
          before.end());
    }
    long firstBatch = before.batchAt(header.previousLength());
    FileWalk walk = FileWalk.of(file, header.file(), firstBatch, file.length());
    requireTornTail(file, walk);
    return new Found(walk, previous, header.previousLength());
  }

  /** Finds the way to the latest commit, from its end to the open file. */
  private void chooseWay(Found open) {
    for (int i = found.size() - 1; found.get(i) != open; i--) {
      Found file = found.get(i);
      Found previous = file.previous;
      if (previous == null) {
        continue;
      }
      long before = previous.walk.lastCommitBefore(file.previousLength);
      long lastCommit = Math.max(before, file.lastCommit);
      // The later of two files comes first, and wins over the earlier and over the one before both.
      boolean isBetter =
          previous.next == null
              ? lastCommit >= previous.lastCommit
              : lastCommit > previous.lastCommit;
      if (isBetter) {
        previous.lastCommit = lastCommit;
        previous.next = file;
        previous.length = file.previousLength;
      }
    }
  }

  private RecoveredLog cut(LogManifest named, @Nullable Found open) throws IOException {
    List<Found> way = new ArrayList<>(found.subList(0, named.files().size()));
    for (Found next = open == null ? null : open.next; next != null; next = next.next) {
      way.add(next);
    }
    int last = way.size() - 1;
    while (last >= 0 && lastCommit(way.get(last)) == 0) {
      last--;
    }
    if (last < 0) {
      requireCommit(named, BatchStamp.NO_COMMIT, way);
      return new RecoveredLog(disk, presentBytes);
    }
    return cut(named, way, last);
  }

  private RecoveredLog cut(LogManifest named, List<Found> way, int last) throws IOException {
    Found tail = way.get(last);
    FileWalk walk = tail.walk;
    long batch = lastCommit(tail);
    BatchStamp stamp;
    CommitToken token;
    long end;
    try (LogFileReader file = open(walk.number())) {
      long offset = walk.placeOf(batch);
      ByteBuffer bytes = file.batch(offset, tail.length);
      if (bytes == null) {
        throw new TimelogCorruptionException(
            "Batch of a log changed while it was read", walk.name(), offset);
      }
      BatchReader reader = new BatchReader(walk.name(), offset, bytes);
      stamp = reader.checkStamp();
      token = reader.token();
      end = offset + bytes.limit();
    }
    requireCommit(named, stamp.commit(), way);
    long length = end;
    for (Found file : way.subList(0, last)) {
      length += file.length;
    }
    RecoveredLog log = new RecoveredLog(disk, stamp.commit(), token, presentBytes - length);
    for (Found file : way.subList(0, last)) {
      log.add(file.walk, file.length);
    }
    log.add(walk, end);
    return log;
  }

  private static long lastCommit(Found file) {
    return file.walk.lastCommitBefore(file.length);
  }

  private static void requireCommit(LogManifest named, long commit, List<Found> way) {
    if (commit < named.commit()) {
      FileWalk end = way.isEmpty() ? null : way.get(way.size() - 1).walk;
      throw new TimelogCorruptionException(
          "Log ends before the commit of its manifest: lastCommit="
              + commit
              + ", expected="
              + named.commit(),
          end == null ? "log" : end.name(),
          end == null ? 0 : end.end());
    }
  }
}
