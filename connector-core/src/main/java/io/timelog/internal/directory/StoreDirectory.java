package io.timelog.internal.directory;

import io.timelog.TimelogCorruptionException;
import io.timelog.TimelogException;
import io.timelog.internal.compression.PageCodecs;
import io.timelog.internal.directory.StoreFile.Kind;
import io.timelog.internal.journal.LogSettings;
import io.timelog.internal.journal.RecoveredLog;
import io.timelog.internal.journal.SyncPolicy;
import io.timelog.internal.manifest.CommitToken;
import io.timelog.internal.manifest.FileId;
import io.timelog.internal.manifest.Manifest;
import io.timelog.internal.manifest.PlacedSegment;
import io.timelog.internal.manifest.StoreManifest;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.segment.Segment;
import io.timelog.internal.storage.SegmentStorage;
import io.timelog.internal.storage.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A store as files: what the last commit made of it, until another one makes something else of it.
 * For who has the lock of the directory. Thread-safe; one thread commits at a time.
 */
public final class StoreDirectory {
  /*
   * A commit writes the segments that lie in no file yet, forces them and those that were written without,
   * and then has a new manifest take the place of the old one. What is in between counts for nothing: a
   * crash leaves one manifest or the other, with all files that it names. Only when the new one is known to
   * be durable is deleted what it does not name.
   *
   * If that is not known, because the disk refused at the very end, a crash may leave either. Then nothing
   * that one of them names is deleted before a later commit has succeeded, and that one is written even if
   * it says what the old manifest says.
   */
  private static final Logger LOG = LoggerFactory.getLogger(StoreDirectory.class);

  private final Disk disk;
  private final FileNumbers numbers;
  private final ManifestFiles manifests;
  private final FileLedger ledger = new FileLedger();
  private final SegmentFiles files;
  private final PageCodecs codecs;
  private final Recovery.Found found;
  private final LogFileNumbers logFiles;
  private final AtomicLong spilledBytes = new AtomicLong();
  private long nextManifest;
  private volatile StoreManifest last;

  private StoreDirectory(Disk disk, Recovery.Found found, int maxOpenFiles, PageCodecs codecs) {
    this.disk = disk;
    this.found = found;
    this.codecs = codecs;
    manifests = new ManifestFiles(disk);
    last = found.manifest();
    nextManifest = found.nextManifest();
    numbers = new FileNumbers(found.nextFile());
    files = new SegmentFiles(disk, ledger, last, numbers, maxOpenFiles, codecs.writing());
    ledger.isLeft(last);
    logFiles = new LogFileNumbers(numbers, ledger);
    found.logs().forEach(logFiles::hold);
  }

  /**
   * Finds the store that the last owner of the directory has left, and removes the files that do
   * not belong to it; makes an empty store if there is none.
   *
   * @param maxOpenFiles how many files of segments stay open for reading
   * @param codecs compress what is written, and decompress what was
   * @throws TimelogCorruptionException if what is there is not what was committed; nothing was
   *     changed
   * @throws TimelogException if it was written by a version that this build does not read; nothing
   *     was changed
   * @throws IOException if the disk refuses
   */
  public static StoreDirectory recover(Disk disk, int maxOpenFiles, PageCodecs codecs)
      throws IOException {
    return new StoreDirectory(disk, Recovery.run(disk), maxOpenFiles, codecs);
  }

  /** The log that was found, and is not in {@link #last}; empty if there is none. */
  public RecoveredLog log() {
    return found.log();
  }

  /** How a new log is to be written here. See {@link LogSettings}. */
  public LogSettings newLog(SyncPolicy policy, long fileBytes, long earlyBytes) {
    return new LogSettings(disk, logFiles, last.contents().store(), policy, fileBytes, earlyBytes);
  }

  /** The store as of the last manifest: that of the last commit, unless there is a log. */
  public StoreManifest last() {
    return last;
  }

  /** The names of the files that were removed because they did not belong to the store. */
  public List<String> removed() {
    return found.removed();
  }

  /** The names of the files that no store would make, and which are left alone. */
  public List<String> unknown() {
    return found.unknown();
  }

  /**
   * The segments of the store: those that are made, and those that lie in files. While a segment is
   * open, it holds the file that it lies in.
   *
   * @param made keeps what is made
   * @param memory pays for what is read
   * @param refused says what it means that a file cannot be read
   */
  public SegmentStorage segments(
      SegmentStorage made, MemoryAccount memory, Function<IOException, TimelogException> refused) {
    return new HeldStorage(
        made, files, new FileSegments(files, codecs, memory, refused), new Spilling(this, memory));
  }

  /**
   * Writes an open segment into a file, without a commit: a crash forgets it.
   *
   * @throws IOException if the disk refuses; the segment is as it was
   */
  synchronized void spill(FileId id, UnstoredSegment segment) throws IOException {
    if (isScratch()) {
      files.spillUnforced(id, segment);
    } else {
      files.spill(id, segment);
    }
    spilledBytes.addAndGet(segment.length());
    // What was written before may have died since: there may be no commit for long.
    removeUnnamed();
  }

  /**
   * Whether nothing was committed, so that nobody can miss after a crash what a file has lost.
   * Where there is a commit, a disk that fails had better be met while the bytes are in memory,
   * too.
   */
  private boolean isScratch() {
    return last.commit() == 0 && last.logs().isEmpty();
  }

  /** How many bytes have left memory by {@link #spill}. Any thread. */
  public long spilledBytes() {
    return spilledBytes.get();
  }

  /**
   * Has a segment lie in a file of the machine, which becomes one of the store, without a commit;
   * false if that cannot be had without a copy. The segment is held as if it were open.
   *
   * @throws IOException if the disk refuses
   */
  synchronized boolean adopt(FileId segment, long length, Path file) throws IOException {
    return files.adopt(segment, length, file);
  }

  /** Keeps no file open any more, but while somebody reads it who still has a segment. */
  public void keepNoneOpen() {
    try {
      files.keepNoneOpen();
    } catch (IOException e) {
      LOG.warn("A file cannot be closed: disk={}, reason={}", disk, e.getMessage());
    }
  }

  /** The same damage, told by the file in which the segment lies. */
  public TimelogCorruptionException located(TimelogCorruptionException damage) {
    FileId segment = FileId.parse(damage.file());
    SegmentPlace place = segment == null ? null : files.place(segment);
    return place == null ? damage : FileSegments.located(damage, place);
  }

  /**
   * Makes a moment of the store last. Writes nothing if the last commit says the same.
   *
   * @param contents the store at that moment
   * @param nextTable no table of the store has this id or a larger one
   * @param segments the segments of that moment, which stay open during the call
   * @return the number of the commit
   * @throws IOException if the disk refuses; a crash may then leave this moment or that of the last
   *     commit, and a later commit contains everything
   */
  public synchronized long commit(
      Manifest contents, int nextTable, List<Segment> segments, @Nullable CommitToken token)
      throws IOException {
    if (ledger.isInDoubt() || !isLast(contents, nextTable, token)) {
      keep(StoreMoment.withoutLog(contents, nextTable, last.commit() + 1, token), segments);
    }
    return last.commit();
  }

  /**
   * Makes a moment of the store last.
   *
   * @param segments the segments of that moment, which stay open during the call
   * @throws IOException as for {@link #commit}
   */
  public synchronized void keep(StoreMoment moment, List<Segment> segments) throws IOException {
    try {
      StoreManifest next = manifest(moment, files.write(segments));
      ledger.mayBeLeft(next);
      manifests.write(next);
      ledger.isLeft(next);
      last = next;
      logFiles.releaseBefore(next.logs().isEmpty() ? numbers.bound() : next.logs().get(0).file());
      removeOtherManifests();
    } finally {
      removeUnnamed();
    }
  }

  private boolean isLast(Manifest contents, int nextTable, @Nullable CommitToken token) {
    return contents.tables().equals(last.contents().tables())
        && nextTable == last.nextTable()
        && Objects.equals(token, last.token());
  }

  private StoreManifest manifest(StoreMoment of, List<PlacedSegment> places) {
    return new StoreManifest(
        nextManifest++,
        of.commit(),
        of.token(),
        numbers.bound(),
        Math.max(of.nextSerial(), last.nextSerial()),
        of.firstBatch(),
        of.nextTable(),
        of.contents(),
        places,
        of.flushed(),
        of.logs());
  }

  /** Has no say in whether a commit succeeds: the next one tries again, and so does recovery. */
  private void removeOtherManifests() {
    try {
      manifests.deleteOthers(last);
    } catch (IOException e) {
      LOG.warn(
          "An old manifest cannot be removed and stays for now: disk={}, reason={}",
          disk,
          e.getMessage());
    }
  }

  /**
   * The length of the files of segments, in bytes, that the last manifest needs and of which no
   * segment is open. Asks the disk about each. Any thread.
   */
  public long retainedBytes() {
    long bytes = 0;
    for (StoreFile file : ledger.onlyOfManifests()) {
      try {
        bytes += file.kind() == Kind.SEGMENTS ? disk.length(file.name()) : 0;
      } catch (IOException e) {
        // It may have gone meanwhile.
        LOG.debug("The length of a file is not known", e);
      }
    }
    return bytes;
  }

  /**
   * Deletes the files that nobody names any more. What cannot be deleted stays for the next time;
   * what is gone is deleted: a host may have removed the directory before it closes the store.
   */
  public synchronized void removeUnnamed() {
    for (StoreFile file : ledger.unnamed()) {
      try {
        delete(file);
        ledger.deleted(file);
      } catch (IOException e) {
        LOG.warn(
            "A file cannot be removed and stays for now: disk={}, reason={}", disk, e.getMessage());
        return;
      }
    }
  }

  private void delete(StoreFile file) throws IOException {
    if (file.kind() == Kind.SEGMENTS) {
      files.delete(file);
    } else {
      // If it is not there, the log has deleted it, as it could not begin it.
      disk.deleteIfPresent(file.name());
    }
  }
}
