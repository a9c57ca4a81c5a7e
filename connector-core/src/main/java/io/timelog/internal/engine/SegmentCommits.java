package io.timelog.internal.engine;

import io.timelog.TimelogStorageException;
import io.timelog.internal.checkpoint.StoreCut;
import io.timelog.internal.directory.StoreMoment;
import io.timelog.internal.journal.RecoveredLog;
import io.timelog.internal.journal.StoreLog;
import io.timelog.internal.manifest.CommitToken;
import io.timelog.internal.manifest.StoreManifest;
import io.timelog.internal.medium.DirectoryMedium;
import io.timelog.internal.segment.Segment;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Commits that write segments and a manifest, and no log. */
final class SegmentCommits implements Commits {
  private final DirectoryMedium directory;
  private final Runnable flush;
  private final Writes writes;
  private final StoreCuts cuts;
  private final IntSupplier nextTable;
  private final AtomicLong failures = new AtomicLong();

  /**
   * Commits to a directory.
   *
   * @param flush flushes what there is room to flush
   * @param nextTable no table of the store has this id or a larger one
   */
  SegmentCommits(
      DirectoryMedium directory,
      Runnable flush,
      Writes writes,
      StoreCuts cuts,
      IntSupplier nextTable) {
    this.directory = directory;
    this.flush = flush;
    this.writes = writes;
    this.cuts = cuts;
    this.nextTable = nextTable;
  }

  @Override
  public @Nullable CommitToken token() {
    return directory.last().token();
  }

  @Override
  public void begin(RecoveredLog found) {
    StoreManifest before = directory.last();
    if (!before.logs().isEmpty()) {
      try (StoreCut cut = cut()) {
        List<Segment> segments = cut.writeAndKeep();
        directory.keep(
            StoreMoment.withoutLog(
                cut.manifest(),
                nextTable.getAsInt(),
                found.commitAfter(before),
                found.tokenAfter(before)),
            segments);
      } catch (IOException e) {
        throw directory.refusedToOpen(e);
      }
    }
  }

  @Override
  public void imported() {
    // A commit writes whatever lies in no file yet.
  }

  @Override
  public Unsettled write(CommitToken token) {
    // Before anything is sealed for the commit: what cannot be flushed stays a window that takes
    // writes, of which entries can be given up one by one, so that a later commit has room.
    flush.run();
    try (StoreCut cut = cut()) {
      List<Segment> segments = cut.writeAndKeep();
      return new Settled(directory.commit(cut.manifest(), nextTable.getAsInt(), segments, token));
    } catch (TimelogStorageException e) {
      failures.incrementAndGet();
      throw e;
    }
  }

  @Override
  public void forget() {
    writes.claim();
    try {
      directory.keep(
          StoreMoment.withoutLog(
              directory.last().contents().withoutTables(), nextTable.getAsInt(), 0, null),
          List.of());
    } catch (IOException e) {
      failures.incrementAndGet();
      throw directory.refusedToForget(e);
    } finally {
      writes.release();
    }
  }

  /** {@inheritDoc} There may be no commit for long, and what was spilled may have died. */
  @Override
  public void maintain() {
    directory.removeUnnamed();
  }

  private StoreCut cut() {
    writes.begin();
    try {
      return cuts.all(() -> {});
    } finally {
      writes.end();
    }
  }

  /** A commit that needs nothing more. */
  private record Settled(long number) implements Unsettled {
    @Override
    public @Nullable StoreLog log() {
      return null;
    }

    @Override
    public long settle() {
      return number;
    }
  }

  @Override
  public long failures() {
    return failures.get();
  }
}
