package io.timelog.internal.view;

import io.timelog.internal.memtable.MemtableWindow;
import io.timelog.internal.row.RowSource;
import io.timelog.internal.segment.Segment;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One body of rows of a partition window, with the number of views and retirements that hold it.
 * When the last of them lets go, the memory of a memtable is freed and the handle of a segment is
 * closed. Thread-safe.
 */
public final class Source {
  /** Where a source stands on its way from memtable to level 1. */
  public enum Stage {
    /** A window of the memtable that the writer writes to. */
    ACTIVE,
    /** A frozen window of the memtable that waits for a flush. */
    SEALED,
    /** A flushed segment; it may overlap others of its partition window. */
    LEVEL_0,
    /** The one compacted segment of its partition window. */
    LEVEL_1
  }

  private final @Nullable MemtableWindow memtable;
  private final @Nullable Segment segment;
  private final RowSource rows;
  private final Stage stage;
  private final long since;
  private final AtomicInteger holders;
  private final Source origin;

  private Source(
      @Nullable MemtableWindow memtable,
      @Nullable Segment segment,
      RowSource rows,
      Stage stage,
      long since) {
    this.memtable = memtable;
    this.segment = segment;
    this.rows = rows;
    this.stage = stage;
    this.since = since;
    this.holders = new AtomicInteger();
    this.origin = this;
  }

  private Source(Source active) {
    this.memtable = active.memtable;
    this.segment = null;
    this.rows = active.rows;
    this.stage = Stage.SEALED;
    this.since = active.since;
    this.holders = active.holders;
    this.origin = active;
  }

  /** The source that the writer writes to. */
  public static Source active(MemtableWindow window) {
    return new Source(window, null, window, Stage.ACTIVE, window.baseVersion());
  }

  /** The same rows, frozen. Both stand for one source and share the count of holders. */
  public Source sealed() {
    return new Source(this);
  }

  /** A flushed segment. */
  public static Source level0(Segment segment) {
    return new Source(null, segment, segment, Stage.LEVEL_0, segment.appliedVersion() + 1);
  }

  /** A compacted segment. */
  public static Source level1(Segment segment) {
    return new Source(null, segment, segment, Stage.LEVEL_1, segment.appliedVersion() + 1);
  }

  /** The rows. */
  public RowSource rows() {
    return rows;
  }

  /** Where the source stands. */
  public Stage stage() {
    return stage;
  }

  /** The window of the memtable; null for segments. */
  public @Nullable MemtableWindow memtable() {
    return memtable;
  }

  /** The segment; null for windows of the memtable. */
  public @Nullable Segment segment() {
    return segment;
  }

  /** Tombstones of this version and later ones hide rows here; earlier ones do not. */
  public long since() {
    return since;
  }

  /** Whether any row may be a tombstone. */
  public boolean hasTombstones() {
    return memtable != null ? memtable.hasTombstones() : segment != null && segment.hasTombstones();
  }

  /**
   * Whether a scan of all keys over a short range looks only at keys that have rows in it. A
   * segment with tombstones does not count: a scan asks it for all that may begin before the range,
   * and its tombstones stay until it is merged.
   */
  public boolean findsByTime() {
    return memtable != null
        ? memtable.findsByTime()
        : segment != null && segment.findsByTime() && !segment.hasTombstones();
  }

  /** Bytes held. */
  public long bytes() {
    return memtable != null ? memtable.bytes() : segment != null ? segment.sizeBytes() : 0;
  }

  /** Bytes held, without garbage of a memtable. */
  public long bytesAlive() {
    return memtable != null ? memtable.bytes() - memtable.garbageBytes() : bytes();
  }

  /** No row has an older timestamp. O(1). */
  public long oldestBound() {
    return memtable != null
        ? memtable.oldestBound()
        : segment != null ? segment.minTimestamp() : Long.MIN_VALUE;
  }

  /** No row has a newer timestamp. O(1). */
  public long newestBound() {
    return memtable != null
        ? memtable.newestBound()
        : segment != null ? segment.maxTimestamp() : Long.MAX_VALUE;
  }

  /** Number of rows, tombstones included. */
  public long rowCount() {
    return memtable != null ? memtable.rowCount() : segment != null ? segment.rowCount() : 0;
  }

  /** Rows that are entries, hidden ones included; in the memtable tombstones count as well. */
  public long entryCount() {
    return segment != null ? segment.rowCount() - segment.tombstoneCount() : rowCount();
  }

  /** Whether both stand for the same rows. */
  public boolean isSameAs(Source other) {
    return origin == other.origin;
  }

  /** One more view holds the source. The caller holds a view that has it, or made it just now. */
  void retain() {
    holders.incrementAndGet();
  }

  /** One view less. */
  void release() {
    if (holders.decrementAndGet() == 0) {
      free();
    }
  }

  /** Frees the memory, or closes the handle on it. */
  void free() {
    if (memtable != null) {
      memtable.free();
    } else if (segment != null) {
      segment.close();
    }
  }

  /**
   * Has the bytes of the source deleted when the last holder lets go, because other sources have
   * taken its place or its rows were dropped. A source that is only let go, as when a store is
   * closed, leaves its bytes where they are.
   */
  void supersede() {
    if (segment != null) {
      segment.delete();
    }
  }

  /** Frees a source that never came into any view. */
  public void discard() {
    supersede();
    free();
  }
}
