package io.timelog.internal.engine;

import io.timelog.TimelogException;
import io.timelog.internal.checkpoint.StoreCut;
import io.timelog.internal.directory.StoreMoment;
import io.timelog.internal.journal.LogLostException;
import io.timelog.internal.journal.LogSettings;
import io.timelog.internal.journal.RecoveredLog;
import io.timelog.internal.journal.StoreLog;
import io.timelog.internal.journal.SyncPolicy;
import io.timelog.internal.manifest.CommitToken;
import io.timelog.internal.manifest.FlushedWindow;
import io.timelog.internal.manifest.LogEntry;
import io.timelog.internal.manifest.StoreManifest;
import io.timelog.internal.medium.DirectoryMedium;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.memory.Purpose;
import io.timelog.internal.segment.Segment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Commits that are one append to a log each, and now and then a manifest. */
final class LogCommits implements Commits {
  /*
   * A manifest is of the moment of a commit: then everything is committed that any segment has, so that it
   * may be named. The moment is taken when the commit is settled and before anything else is written, if
   * there is a file of the log that may go, or the log is too long. What takes long is done by the
   * maintenance thread, if there is one.
   *
   * What is in windows that take writes stays in the log. If the log is too long, the windows are sealed
   * that keep the older half of it, and are flushed with what was sealed before.
   *
   * What is found in a log when a store is opened is flushed, and the log begins anew. So no log is older
   * than the process, and nothing that an earlier one may have left unforced is built upon.
   *
   * A log that cannot go on (LogLostException) begins anew as well: all that is in memory is flushed, and
   * the commit is a manifest. Until one succeeds, every further commit does the same. So it is when the
   * last commit was forgotten: an empty manifest and an empty log are what lasts, until the next one.
   */
  private static final Logger LOG = LoggerFactory.getLogger(LogCommits.class);

  /** A log has so many files at most before some of them must go. */
  private static final int FILES = 8;

  /** A longer log is not left to the next opening, if that can be avoided. */
  private static final long MAX_REPLAY_BYTES = 8 << 20;

  /** Serials are not negative. */
  private static final long NOTHING_SEALED = -1;

  private static final long ALL_SEALED = Long.MAX_VALUE;

  /** A log is not made so much longer than it should be before maintenance is helped. */
  private static final int MOST_OVERSIZE = 2;

  private final DirectoryMedium directory;
  private final LogJournal journal;
  private final SyncPolicy policy;
  private final long maxLogBytes;
  private final MemoryAccount memory;
  private final Writes writes;
  private final StoreCuts cuts;
  private final IntSupplier nextTable;
  private final BooleanSupplier maintained;
  private final Runnable wakeMaintenance;
  private final AtomicReference<@Nullable LogCheckpoint> waiting = new AtomicReference<>();
  private final AtomicLong failures = new AtomicLong();

  /** Held by who makes a manifest. */
  private final Object manifests = new Object();

  private volatile @Nullable StoreLog log;
  private long lastAttempt;

  /** The file of the log that was written when it was last looked whether a manifest is of use. */
  private long seenFile;

  /**
   * Whether the store has what is neither in the log nor in a manifest, because the log began anew,
   * because it was imported, or because its commit was forgotten. Changed while manifests are held.
   */
  private boolean isUnnamed;

  private long last;
  private volatile @Nullable CommitToken token;

  /**
   * Commits to a directory.
   *
   * @param policy when a commit is durable
   * @param maxLogBytes when the log is longer, some of it is flushed
   * @param nextTable no table of the store has this id or a larger one
   * @param maintained whether {@link #maintain} is called when it is woken
   */
  LogCommits(
      DirectoryMedium directory,
      LogJournal journal,
      SyncPolicy policy,
      long maxLogBytes,
      MemoryAccount memory,
      Writes writes,
      StoreCuts cuts,
      IntSupplier nextTable,
      BooleanSupplier maintained,
      Runnable wakeMaintenance) {
    this.directory = directory;
    this.journal = journal;
    this.policy = policy;
    this.maxLogBytes = maxLogBytes;
    this.memory = memory;
    this.writes = writes;
    this.cuts = cuts;
    this.nextTable = nextTable;
    this.maintained = maintained;
    this.wakeMaintenance = wakeMaintenance;
  }

  @Override
  public @Nullable CommitToken token() {
    return token;
  }

  private StoreLog log() {
    StoreLog open = log;
    if (open == null) {
      throw new IllegalStateException("The store is not open yet, or not any more");
    }
    return open;
  }

  @Override
  public void begin(RecoveredLog found) {
    StoreManifest before = directory.last();
    last = found.commitAfter(before);
    token = found.tokenAfter(before);
    lastAttempt = last;
    LogCheckpoint all = everything();
    try (StoreCut cut = all.cut()) {
      List<Segment> segments = cut.writeAndKeep();
      StoreLog opened = beginLog();
      log = opened;
      seenFile = opened.openFile();
      journal.writeTo(opened);
      CommitToken recovered = token;
      if (recovered != null) {
        // A manifest names a log that has its commit.
        opened.commit(last, recovered);
      }
      opened.force();
      directory.keep(moment(all, 0), segments);
    } catch (IOException e) {
      throw directory.refusedToOpen(e);
    }
  }

  private StoreLog beginLog() throws IOException {
    LogSettings settings =
        directory.newLog(policy, maxLogBytes / FILES, LogSettings.earlyBytes(memory.limitBytes()));
    journal.forget();
    // A store that has filled its memory must be opened again all the same.
    Purpose before = memory.begin(Purpose.RELIEF);
    try {
      return StoreLog.begin(settings, journal.pending(), memory);
    } finally {
      memory.endPurpose(before);
    }
  }

  private StoreMoment moment(LogCheckpoint of, int obsolete) {
    List<LogEntry> files = log().files();
    List<LogEntry> named = files.subList(obsolete, files.size());
    return new StoreMoment(
        of.cut().manifest(),
        of.nextTable(),
        of.commit(),
        of.token(),
        of.nextSerial(),
        of.flushed(),
        named,
        log().firstBatch(named.get(0)));
  }

  /** The moment of the last commit, with all windows sealed, when nothing was written since. */
  private LogCheckpoint everything() {
    writes.begin();
    try {
      return checkpoint(ALL_SEALED);
    } finally {
      writes.end();
    }
  }

  @Override
  public void imported() {
    synchronized (manifests) {
      isUnnamed = true;
    }
  }

  @Override
  public Unsettled write(CommitToken wanted) {
    writes.claim();
    boolean written = false;
    try {
      Unsettled commit = writeClaimed(wanted);
      written = true;
      return commit;
    } catch (IOException e) {
      failures.incrementAndGet();
      throw directory.refusedCommit(e);
    } finally {
      if (!written) {
        writes.release();
      }
    }
  }

  private Unsettled writeClaimed(CommitToken wanted) throws IOException {
    if (isUnnamed) {
      return writeAnew(wanted);
    }
    long number = lastAttempt + 1;
    try {
      boolean isNew = log().write(number, wanted);
      lastAttempt = isNew ? number : lastAttempt;
      return new Written(isNew ? number : last, wanted);
    } catch (LogLostException lost) {
      LOG.warn("The log cannot go on; all that is in memory is flushed, and it begins anew", lost);
      lastAttempt = number;
      return writeAnew(wanted);
    } catch (IOException e) {
      lastAttempt = number;
      throw e;
    }
  }

  private Unsettled writeAnew(CommitToken wanted) throws IOException {
    long number = ++lastAttempt;
    synchronized (manifests) {
      LogCheckpoint all;
      writes.beginClaimed();
      try {
        all = checkpoint(ALL_SEALED).of(number, wanted);
      } finally {
        writes.end();
      }
      try (StoreCut cut = all.cut()) {
        List<Segment> segments = cut.writeAndKeep();
        isUnnamed = true;
        log().startAnew(number, wanted);
        directory.keep(moment(all, 0), segments);
        isUnnamed = false;
      }
      // The manifest has it.
      journal.forget();
    }
    return new Written(number, wanted);
  }

  /*
   * The number of the last commit is not given to another one: moments of before may still be on their way,
   * and must be known to be old.
   */
  @Override
  public void forget() {
    writes.claim();
    try {
      synchronized (manifests) {
        log().startAnew();
        isUnnamed = true;
        directory.keep(nothing(), List.of());
      }
      token = null;
    } catch (IOException e) {
      failures.incrementAndGet();
      throw directory.refusedToForget(e);
    } finally {
      writes.release();
    }
  }

  private StoreMoment nothing() {
    List<LogEntry> files = log().files();
    return new StoreMoment(
        directory.last().contents().withoutTables(),
        nextTable.getAsInt(),
        0,
        null,
        journal.nextSerial(),
        List.of(),
        files,
        log().firstBatch(files.get(0)));
  }

  /** A commit that the log has, and which keeps other writers out. */
  private final class Written implements Unsettled {
    private final long number;
    private final CommitToken ofCommit;

    Written(long number, CommitToken ofCommit) {
      this.number = number;
      this.ofCommit = ofCommit;
    }

    @Override
    public StoreLog log() {
      return LogCommits.this.log();
    }

    @Override
    public long settle() {
      LogCheckpoint due;
      try {
        log().settle();
        last = number;
        token = ofCommit;
        due = checkpointDue();
      } catch (IOException e) {
        failures.incrementAndGet();
        throw directory.refusedCommit(e);
      } finally {
        writes.release();
      }
      if (due != null) {
        handOn(due);
      } else if (log().lengthBytes() > MOST_OVERSIZE * maxLogBytes) {
        maintain();
      }
      return number;
    }
  }

  /** The moment of the commit that was just settled, if a manifest of it is of use; else null. */
  private @Nullable LogCheckpoint checkpointDue() {
    long file = log().openFile();
    if (file == seenFile || waiting.get() != null) {
      return null;
    }
    seenFile = file;
    boolean isTooLong = log().lengthBytes() > maxLogBytes;
    if (!isTooLong && log().obsolete(last, cuts.activeSerials()::contains) == 0) {
      return null;
    }
    long sealed = isTooLong ? log().largestSerialBeyond(maxLogBytes / 2) : NOTHING_SEALED;
    writes.beginClaimed();
    try {
      return checkpoint(sealed);
    } finally {
      writes.end();
    }
  }

  /** The moment of the last commit, when nothing was written since. Inside an operation. */
  private LogCheckpoint checkpoint(long sealedSerial) {
    long nextSerial = journal.nextSerial();
    Set<Long> left = new HashSet<>();
    List<FlushedWindow> flushed = new ArrayList<>();
    StoreCut cut = cuts.beside(sealedSerial, nextSerial, left::add, flushed::add);
    return new LogCheckpoint(cut, last, token, nextTable.getAsInt(), nextSerial, flushed, left);
  }

  private void handOn(LogCheckpoint due) {
    if (maintained.getAsBoolean()) {
      LogCheckpoint before = waiting.getAndSet(due);
      if (before != null) {
        before.cut().close();
      }
      wakeMaintenance.run();
    } else {
      keep(due);
    }
  }

  @Override
  public void maintain() {
    LogCheckpoint due = waiting.getAndSet(null);
    if (due != null) {
      keep(due);
    }
  }

  /** Makes a manifest of the moment, and lets files of the log go that it does not need. */
  private void keep(LogCheckpoint due) {
    synchronized (manifests) {
      try (StoreCut cut = due.cut()) {
        if (isUnnamed || due.commit() < directory.last().commit()) {
          // The log that it was to be made for is not the present one.
          return;
        }
        List<Segment> segments = cut.writeAndKeep();
        log().force();
        int obsolete = log().obsolete(due.commit(), due);
        directory.keep(moment(due, obsolete), segments);
        log().forget(obsolete);
      } catch (IOException | TimelogException e) {
        failures.incrementAndGet();
        LOG.warn(
            "No manifest could be made, the log stays as long as it is for now: {}", directory, e);
      }
    }
  }

  @Override
  public void prepareToClose() {
    StoreLog open = log;
    if (open == null) {
      return;
    }
    if (open.hasUncommitted() || open.lengthBytes() <= MAX_REPLAY_BYTES) {
      open.tryForce();
    } else {
      keep(everything());
    }
  }

  @Override
  public void close() {
    LogCheckpoint left = waiting.getAndSet(null);
    if (left != null) {
      left.cut().close();
    }
    StoreLog open = log;
    if (open == null) {
      journal.pending().close();
    } else {
      open.close();
    }
  }

  @Override
  public long uncommittedBytes() {
    return journal.pendingBytes();
  }

  @Override
  public long heldBytes() {
    long pending = journal.pending().heldBytes();
    return log == null ? pending : pending + StoreLog.HEAP_BYTES;
  }

  @Override
  public long logBytes() {
    StoreLog open = log;
    return open == null ? 0 : open.lengthBytes();
  }

  @Override
  public long committedBytes() {
    StoreLog open = log;
    return open == null ? 0 : open.writtenBytes();
  }

  @Override
  public long forces() {
    StoreLog open = log;
    return open == null ? 0 : open.forces();
  }

  @Override
  public long failures() {
    return failures.get();
  }
}
