package io.timelog.internal.view;

import io.timelog.internal.key.Key;
import io.timelog.internal.memtable.MemtableWindow;
import io.timelog.internal.row.RangeReach;
import io.timelog.internal.row.ReadScope;
import io.timelog.internal.row.RowSource;
import io.timelog.internal.segment.Segment;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One body of rows of a partition window, with the number of views that hold it, and of reports of
 * dropped entries. When the last of them lets go, the memory of a memtable is freed and the handle
 * of a segment is closed. Thread-safe.
 */
public abstract sealed class Source permits MemtableSource, SegmentSource {
  /** Where a source stands on its way from memtable to level 1. */
  public enum Stage {
    /** A window of the memtable that the writer writes to. */
    ACTIVE,
    /** A window of the memtable that takes no more writes and waits for a flush. */
    SEALED,
    /** What was flushed at once; it may overlap others of its partition window. */
    LEVEL_0,
    /** The one compacted run of segments of its partition window. */
    LEVEL_1
  }

  /** A read keeps a source warm until so many windows of its store have left memory. */
  private static final int WARM = 16;

  private final RowSource rows;
  private final Stage stage;
  private final long since;
  private final AtomicInteger holders;
  private final boolean resident;

  /**
   * From {@link #WARM}, since the last read, down to 0. A hint, so races are fine. Readers write it
   * only if it is not warm already: they would take it from one another's processors.
   */
  private int warmth;

  /**
   * A source.
   *
   * @param resident whether the rows stay in memory while the source is held
   */
  Source(RowSource rows, boolean resident, Stage stage, long since, AtomicInteger holders) {
    this.rows = rows;
    this.resident = resident;
    this.stage = stage;
    this.since = since;
    this.holders = holders;
  }

  /** The source that the writer writes to. */
  public static MemtableSource active(MemtableWindow window) {
    return new MemtableSource(window, Stage.ACTIVE, new AtomicInteger());
  }

  /**
   * Flushed segments, at least one, which together are one sorted run.
   *
   * @param rangeReach how far their range tombstones reach at most, see {@link RangeReach}
   */
  public static SegmentSource level0(List<Segment> segments, long rangeReach) {
    return SegmentSource.of(segments, Stage.LEVEL_0, rangeReach);
  }

  /** Compacted segments, at least one, which together are one sorted run. */
  public static SegmentSource level1(List<Segment> segments) {
    return SegmentSource.of(segments, Stage.LEVEL_1, RangeReach.UNKNOWN);
  }

  /**
   * Segments that another store wrote, at least one, which together are one sorted run, and whose
   * versions say nothing here.
   *
   * @param since tombstones of this version and later ones hide rows in them
   * @param rangeReach how far their range tombstones reach at most, see {@link RangeReach}
   */
  public static SegmentSource imported(
      List<Segment> segments, Stage stage, long since, long rangeReach) {
    return SegmentSource.ofAnotherStore(segments, stage, since, rangeReach);
  }

  /** The rows, for who opens no cursor, or knows that they are in memory. */
  public final RowSource rows() {
    return rows;
  }

  /** The rows for one reader. */
  public final RowSource rows(ReadScope scope) {
    if (warmth < WARM) {
      warmth = WARM;
    }
    return resident ? rows : rows.within(scope);
  }

  /** Whether the rows stay in memory while the source is held. */
  public final boolean isResident() {
    return resident;
  }

  /** Whether it was read since the last so many windows have left memory. A hint. */
  public final boolean isWarm() {
    return warmth > 0;
  }

  /** Notes that a window of the store has left memory. */
  public final void cool() {
    int now = warmth;
    if (now > 0) {
      warmth = now - 1;
    }
  }

  /** Where the source stands. */
  public final Stage stage() {
    return stage;
  }

  /** The window of the memtable; null for segments. */
  public @Nullable MemtableWindow memtable() {
    return null;
  }

  /** The segments, one behind the other; none for windows of the memtable. */
  public List<Segment> segments() {
    return List.of();
  }

  /** Those of the {@link #segments()} that may have rows of a key. */
  public List<Segment> segmentsOf(Key key) {
    return List.of();
  }

  /** Whether the rows are in segments. */
  public final boolean isFlushed() {
    return stage == Stage.LEVEL_0 || stage == Stage.LEVEL_1;
  }

  /** Tombstones of this version and later ones hide rows here; earlier ones do not. */
  public final long since() {
    return since;
  }

  /** Whether any row may be a tombstone. */
  public abstract boolean hasTombstones();

  /** How far range tombstones reach at most, see {@link RangeReach}. */
  public abstract long rangeReach();

  /** Whether a scan of all keys over a short range looks only at keys that have rows in it. */
  public abstract boolean findsByTime();

  /** Bytes held. */
  public abstract long bytes();

  /** Bytes held, without garbage of a memtable. */
  public long bytesAlive() {
    return bytes();
  }

  /** No row has an older timestamp. O(1). */
  public abstract long oldestBound();

  /** No row has a newer timestamp. O(1). */
  public abstract long newestBound();

  /** Number of rows, tombstones included. */
  public abstract long rowCount();

  /** Rows that are entries, hidden ones included; in the memtable tombstones count as well. */
  public abstract long entryCount();

  /** Whether both stand for the same rows. */
  @SuppressWarnings("ReferenceEquality") // the very object that holds the rows
  public final boolean isSameAs(Source other) {
    return rows == other.rows;
  }

  /**
   * One more view or export holds the source. The caller holds a view that has it, or made it just
   * now.
   */
  public final void retain() {
    holders.incrementAndGet();
  }

  /** One holder less. */
  public final void release() {
    if (holders.decrementAndGet() == 0) {
      free();
    }
  }

  /** Frees the memory, or closes the handle on it. */
  abstract void free();

  /**
   * Deletes the bytes of the source when the last holder lets go, because other sources have taken
   * its place or its rows were dropped. A source that is only let go, as when a store is closed,
   * leaves its bytes where they are.
   *
   * @param next what takes the place of its partition window, which may share segments; or null
   */
  abstract void supersede(@Nullable PartitionWindow next);

  /** Whether the source has this very segment. */
  boolean has(HeldSegment segment) {
    return false;
  }

  /**
   * Gives up a source that never comes into any view: it is freed when no export holds it, but for
   * what it shares with others.
   */
  public final void discard() {
    retain();
    deleteUnshared();
    release();
  }

  /** Deletes the bytes that no other source has, when the last holder lets go. */
  abstract void deleteUnshared();

  final AtomicInteger holders() {
    return holders;
  }
}
