package io.timelog.internal.checkpoint;

import io.timelog.MemoryBudgetExceededException;
import io.timelog.internal.manifest.Manifest;
import io.timelog.internal.manifest.ManifestFormat;
import io.timelog.internal.manifest.TableEntry;
import io.timelog.internal.segment.Segment;
import io.timelog.internal.upkeep.Rounds;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A store at one moment, on its way into files. Thread-safe: it is made by the writer, written by
 * any thread, read by any number, and closed by any at any time.
 */
public final class StoreCut implements AutoCloseable {
  private static final int RELIEF_GROWTH = 4;

  private final UUID store;
  private final long version;
  private final List<TableCut> tables;
  private final Rounds rounds;
  private final FlushRelief relief;
  private final Runnable whenReleased;
  private final Object writing = new Object();
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Whoever uses the sources, the export itself included until it is closed. */
  private final AtomicInteger users = new AtomicInteger(1);

  private volatile @Nullable Written written;

  private record Written(List<CutSegment> segments, Manifest manifest) {}

  /**
   * A moment of a store.
   *
   * @param version the version of the store at that moment
   * @param relief frees memory for a flush
   * @param whenReleased called once when nothing is held any more
   */
  public StoreCut(
      UUID store,
      long version,
      List<TableCut> tables,
      Rounds rounds,
      FlushRelief relief,
      Runnable whenReleased) {
    this.store = store;
    this.version = version;
    this.tables = List.copyOf(tables);
    this.rounds = rounds;
    this.relief = relief;
    this.whenReleased = whenReleased;
  }

  /**
   * Flushes what was in memory at the moment, unless that was done. What the store has dropped
   * since is written into segments that only this export has.
   *
   * @return the segments of the moment, readable by {@link #copy} until this is closed; those that
   *     leave memory meanwhile are read from their files
   * @throws MemoryBudgetExceededException if there is no room; what was flushed stays so, and a
   *     later call goes on from there
   * @throws IllegalStateException if this was closed, or the store before all was flushed
   */
  public List<CutSegment> write() {
    use();
    try {
      return written().segments;
    } finally {
      endUse();
    }
  }

  /**
   * As {@link #write}, for who puts the segments into files itself: they stay open, and in memory
   * if they are there, until this is closed.
   */
  public List<Segment> writeAndKeep() {
    use();
    try {
      written();
      List<Segment> segments = new ArrayList<>();
      tables.forEach(table -> table.addKept(segments));
      return List.copyOf(segments);
    } finally {
      endUse();
    }
  }

  private Written written() {
    synchronized (writing) {
      Written done = written;
      if (done == null) {
        flushAll();
        done = new Written(collectSegments(), collectManifest());
        written = done;
      }
      return done;
    }
  }

  /*
   * Windows of a table are flushed together, which publishes few views. If that finds no memory, the
   * smallest come first, for each that is flushed frees memory for the next. An attempt that got
   * somewhere is followed by another one; before the next after one that did not, more and more memory
   * is freed.
   */
  private void flushAll() {
    long ask = relief.leastBytes();
    List<HeldWindow.Waiting> left = waiting();
    while (true) {
      try {
        if (!left.isEmpty()) {
          rounds.flush(left.stream().map(HeldWindow.Waiting::part).toList());
        }
        rounds.exclusively(() -> tables.forEach(TableCut::copyRest));
        return;
      } catch (MemoryBudgetExceededException noRoom) {
        int before = left.size();
        left = waiting();
        left.sort(Comparator.comparingLong(HeldWindow.Waiting::bytes));
        if (left.size() == before) {
          if (ask > relief.mostBytes()) {
            throw noRoom;
          }
          relief.relieve(Math.max(ask, noRoom.requestedBytes()));
          ask *= RELIEF_GROWTH;
        }
      }
    }
  }

  /** What waits, by table and window, the older parts of a window first. */
  private List<HeldWindow.Waiting> waiting() {
    List<HeldWindow.Waiting> waiting = new ArrayList<>();
    tables.forEach(table -> table.addWaiting(waiting));
    return waiting;
  }

  private List<CutSegment> collectSegments() {
    List<CutSegment> segments = new ArrayList<>();
    tables.forEach(table -> table.addSegments(segments));
    return List.copyOf(segments);
  }

  private Manifest collectManifest() {
    List<TableEntry> entries = tables.stream().map(TableCut::entry).toList();
    return new Manifest(store, version, entries);
  }

  /**
   * The manifest of the moment.
   *
   * @throws IllegalStateException if {@link #write} has not succeeded
   */
  public Manifest manifest() {
    Written done = written;
    if (done == null) {
      throw new IllegalStateException("The export is not written yet: call write first");
    }
    return done.manifest;
  }

  /**
   * The {@link #manifest} as bytes. O(files).
   *
   * @throws IllegalStateException if {@link #write} has not succeeded
   */
  public byte[] metadata() {
    return ManifestFormat.encode(manifest());
  }

  /**
   * Copies bytes of one of the segments from {@code offset} on into what {@code target} has room
   * for.
   *
   * @throws IllegalStateException if this is closed
   */
  public void copy(CutSegment segment, long offset, ByteBuffer target) {
    use();
    try {
      segment.copyTo(offset, target);
    } finally {
      endUse();
    }
  }

  /**
   * Makes a file that has the bytes of one of the segments, without copying them; false if that
   * cannot be had.
   *
   * @throws IllegalStateException if this is closed
   */
  public boolean link(CutSegment segment, Path target) {
    use();
    try {
      return segment.linkTo(target);
    } finally {
      endUse();
    }
  }

  private void use() {
    int count;
    do {
      count = users.get();
      if (count == 0 || closed.get()) {
        throw new IllegalStateException("The export is closed");
      }
    } while (!users.compareAndSet(count, count + 1));
  }

  private void endUse() {
    if (users.decrementAndGet() == 0) {
      tables.forEach(TableCut::release);
      whenReleased.run();
    }
  }

  /**
   * Lets go of everything, as soon as those who write or read at this moment have ended. Closing
   * twice does nothing.
   */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      endUse();
    }
  }
}
