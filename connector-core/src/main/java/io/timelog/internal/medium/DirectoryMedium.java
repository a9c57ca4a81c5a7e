package io.timelog.internal.medium;

import io.timelog.RecoveryReport;
import io.timelog.StoreLockedException;
import io.timelog.TimelogCorruptionException;
import io.timelog.TimelogException;
import io.timelog.TimelogStorageException;
import io.timelog.internal.cache.CacheFigures;
import io.timelog.internal.cache.PageCache;
import io.timelog.internal.compression.PageCodecs;
import io.timelog.internal.directory.StoreDirectory;
import io.timelog.internal.directory.StoreMoment;
import io.timelog.internal.journal.LogSettings;
import io.timelog.internal.journal.RecoveredLog;
import io.timelog.internal.journal.SyncPolicy;
import io.timelog.internal.manifest.CommitToken;
import io.timelog.internal.manifest.Manifest;
import io.timelog.internal.manifest.SegmentEntry;
import io.timelog.internal.manifest.StoreManifest;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.segment.Segment;
import io.timelog.internal.storage.MemoryStorage;
import io.timelog.internal.storage.SegmentStorage;
import io.timelog.internal.storage.disk.DirectoryLock;
import io.timelog.internal.storage.disk.DirectoryLockedException;
import io.timelog.internal.storage.disk.Disk;
import io.timelog.internal.storage.disk.DiskException;
import io.timelog.internal.storage.disk.ExplainingDisk;
import io.timelog.internal.storage.disk.LocalDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory, which keeps what was committed. What was found there is read from its files when it
 * is needed; what was written since is in memory as well.
 */
public final class DirectoryMedium implements StoreMedium {
  private static final Logger LOG = LoggerFactory.getLogger(DirectoryMedium.class);

  private static final String OPENING_REFUSED =
      "The store cannot be opened; see to the file, and open it again";

  private static final String COMMIT_REFUSED =
      "The commit did not succeed, nothing of the store is lost: make the directory writable,"
          + " with enough space, and commit again";

  private static final String FORGETTING_REFUSED =
      "The last commit is perhaps not forgotten, nothing of the store is lost: make the directory"
          + " writable, with enough space, and forget it again";

  private final Path path;
  private final DirectoryLock lock;
  private final StoreDirectory directory;
  private volatile RecoveryReport recovery;
  private volatile @Nullable PageCache cache;
  private final AtomicBoolean closed = new AtomicBoolean();

  private DirectoryMedium(Path path, DirectoryLock lock, StoreDirectory directory) {
    this.path = path;
    this.lock = lock;
    this.directory = directory;
    this.recovery = report(0);
  }

  /**
   * Takes a directory of the operating system, which is made if there is none, and finds the store
   * in it.
   *
   * @param store what a holder of the directory is called
   * @param maxOpenFiles how many files stay open for reading
   * @param codecs compress what is written, and decompress what was
   * @throws StoreLockedException if somebody has it
   * @throws TimelogCorruptionException if what is there is not what was committed; nothing was
   *     changed
   * @throws TimelogStorageException if the file system refuses
   */
  public static DirectoryMedium open(Path path, String store, int maxOpenFiles, PageCodecs codecs) {
    LocalDisk disk;
    try {
      disk = LocalDisk.in(path);
    } catch (IOException e) {
      throw new TimelogStorageException(
          "The directory of the store cannot be had", path, "create", e);
    }
    return open(disk, disk.directory(), store, maxOpenFiles, codecs);
  }

  /**
   * As {@link #open(Path, String, int, PageCodecs)}, of any disk.
   *
   * @param path what messages call it
   */
  public static DirectoryMedium open(
      Disk disk, Path path, String store, int maxOpenFiles, PageCodecs codecs) {
    Disk explaining = new ExplainingDisk(disk);
    DirectoryLock lock = null;
    try {
      lock = explaining.lock(Holder.of(store));
      return new DirectoryMedium(
          path, lock, StoreDirectory.recover(explaining, maxOpenFiles, codecs));
    } catch (DirectoryLockedException e) {
      throw new StoreLockedException(path, e.holder(), e);
    } catch (IOException e) {
      release(lock, path);
      throw refused(OPENING_REFUSED, path, e);
    } catch (RuntimeException | Error e) {
      release(lock, path);
      throw e;
    }
  }

  private static void release(@Nullable DirectoryLock lock, Path path) {
    try {
      if (lock != null) {
        lock.close();
      }
    } catch (IOException e) {
      LOG.warn("The lock of a directory cannot be given back: directory={}", path, e);
    }
  }

  static TimelogStorageException refused(String problem, Path path, IOException failure) {
    return failure instanceof DiskException disk
        ? new TimelogStorageException(
            problem, path.resolve(disk.file()), disk.operation(), disk.reason())
        : new TimelogStorageException(problem, path, "use", failure);
  }

  private RecoveryReport report(long replayedEntries) {
    StoreManifest manifest = directory.last();
    RecoveredLog log = directory.log();
    return new RecoveryReport(
        log.commitAfter(manifest),
        manifest.contents().tables().size(),
        manifest.places().size(),
        manifest.contents().segments().mapToLong(SegmentEntry::length).sum(),
        log.lengthBytes(),
        replayedEntries,
        log.cutBytes(),
        directory.removed(),
        directory.unknown());
  }

  /** What was committed after the manifest that was found; empty if there is no log. */
  public RecoveredLog log() {
    return directory.log();
  }

  /** Notes what was made of the log, before anything is kept. */
  public void replayed(long entries) {
    recovery = report(entries);
  }

  /** How a new log is to be written here. See {@link LogSettings}. */
  public LogSettings newLog(SyncPolicy policy, long fileBytes, long earlyBytes) {
    return directory.newLog(policy, fileBytes, earlyBytes);
  }

  @Override
  public UUID store() {
    return directory.last().contents().store();
  }

  @Override
  public SegmentStorage openStorage(MemoryAccount memory) {
    cache = PageCache.of(memory);
    return directory.segments(new MemoryStorage(memory), memory, this::unreadable);
  }

  private TimelogException unreadable(IOException failure) {
    return refused(
        "A file of the store cannot be read; nothing else has changed, read it again",
        path,
        failure);
  }

  /** The store as of the last commit. */
  public StoreManifest last() {
    return directory.last();
  }

  /** What was found when the directory was opened, and what was removed. */
  public RecoveryReport recovery() {
    return recovery;
  }

  /**
   * What went wrong when the store was read, told by the file of the directory that it is about.
   */
  public TimelogException located(TimelogException failure) {
    if (failure instanceof TimelogCorruptionException damage) {
      return directory.located(damage);
    }
    return failure.getCause() instanceof DiskException refusal ? unreadable(refusal) : failure;
  }

  /**
   * Makes a moment of the store last.
   *
   * @param segments the segments of that moment, which stay open during the call
   * @throws IOException if the file system refuses; a crash may then leave this moment or the one
   *     before
   */
  public void keep(StoreMoment moment, List<Segment> segments) throws IOException {
    directory.keep(moment, segments);
  }

  /** A refusal of the file system to open the store. */
  public TimelogStorageException refusedToOpen(IOException failure) {
    return refused(OPENING_REFUSED, path, failure);
  }

  /** A refusal of the file system to commit. */
  public TimelogStorageException refusedCommit(IOException failure) {
    return refused(COMMIT_REFUSED, path, failure);
  }

  /** A refusal of the file system to forget the last commit. */
  public TimelogStorageException refusedToForget(IOException failure) {
    return refused(FORGETTING_REFUSED, path, failure);
  }

  /**
   * Makes a moment of the store last. Writes nothing if the last commit says the same.
   *
   * @param contents the store at that moment
   * @param nextTable no table of the store has this id or a larger one
   * @param segments the segments of that moment, which stay open during the call
   * @return the number of the commit
   * @throws TimelogStorageException if the file system refuses; a crash may then leave this moment
   *     or that of the last commit, and a later commit contains everything
   */
  public long commit(
      Manifest contents, int nextTable, List<Segment> segments, @Nullable CommitToken token) {
    try {
      return directory.commit(contents, nextTable, segments, token);
    } catch (IOException e) {
      throw refusedCommit(e);
    }
  }

  /** Deletes the files that nobody names any more. What cannot be deleted stays for now. */
  public void removeUnnamed() {
    directory.removeUnnamed();
  }

  @Override
  public long retainedBytes() {
    return directory.retainedBytes();
  }

  @Override
  public long spilledBytes() {
    return directory.spilledBytes();
  }

  @Override
  public CacheFigures cache() {
    PageCache opened = cache;
    return opened == null ? CacheFigures.NONE : opened.figures();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      directory.removeUnnamed();
      directory.keepNoneOpen();
      release(lock, path);
    }
  }

  @Override
  public String toString() {
    return "DirectoryMedium[" + path + "]";
  }
}
