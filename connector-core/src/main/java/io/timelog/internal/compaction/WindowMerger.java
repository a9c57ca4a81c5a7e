package io.timelog.internal.compaction;

import io.timelog.internal.read.KeyBounds;
import io.timelog.internal.read.KeyMerge;
import io.timelog.internal.read.TimeSpan;
import io.timelog.internal.row.Direction;
import io.timelog.internal.row.KeyCursor;
import io.timelog.internal.row.ReadScope;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.Rule;
import io.timelog.internal.row.WindowIndex;
import io.timelog.internal.segment.Segment;
import io.timelog.internal.segment.SegmentOptions;
import io.timelog.internal.storage.SegmentStorage;
import io.timelog.internal.tombstone.Tombstones;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.SegmentSource;
import io.timelog.internal.view.Source;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes sources of one partition window into one run of segments, with the deletes applied.
 * Changes nothing else: whoever calls it publishes the segments. Not thread-safe.
 */
public final class WindowMerger {
  private final SegmentStorage storage;
  private final String table;
  private final int targetPageBytes;
  private final WindowIndex index;
  private final long maxSegmentBytes;
  private final Supplier<String> names;
  private final @Nullable EntryFiltering filtering;

  /**
   * Merges sources of the table of this name into segments of {@code storage}.
   *
   * @param maxSegmentBytes no segment is larger, unless one row alone is
   * @param names gives a name that no segment of the storage had before
   */
  public WindowMerger(
      SegmentStorage storage,
      String table,
      int targetPageBytes,
      WindowIndex index,
      long maxSegmentBytes,
      Supplier<String> names) {
    this(storage, table, targetPageBytes, index, maxSegmentBytes, names, null);
  }

  /**
   * As {@link #WindowMerger(SegmentStorage, String, int, WindowIndex, long, Supplier)}.
   *
   * @param filtering entries that it gives up are left out; null if there are none
   */
  public WindowMerger(
      SegmentStorage storage,
      String table,
      int targetPageBytes,
      WindowIndex index,
      long maxSegmentBytes,
      Supplier<String> names,
      @Nullable EntryFiltering filtering) {
    this.filtering = filtering;
    this.storage = storage;
    this.table = table;
    this.targetPageBytes = targetPageBytes;
    this.index = index;
    this.maxSegmentBytes = maxSegmentBytes;
    this.names = names;
  }

  /**
   * Another handle on a segment of the storage, which does not keep it in memory; null if there is
   * no place for it elsewhere.
   *
   * @throws io.timelog.MemoryBudgetExceededException if there is no room for what of it stays
   */
  public @Nullable Segment leaveMemory(Segment segment) {
    return segment.leaveMemory(storage);
  }

  /** No segment is larger, unless one row alone is. */
  public long maxSegmentBytes() {
    return maxSegmentBytes;
  }

  /** The deletes to apply and up to which version they are then applied. */
  public record Deletes(Tombstones tombstones, long floor, long appliedVersion) {}

  /**
   * Merges sources that begin with the oldest of their window, so that tombstones have nothing left
   * to hide and are left out.
   *
   * @return the run, in order; empty if nothing is left
   */
  public List<Segment> merge(PartitionWindow window, Rule rule, Deletes deletes) {
    return mergeOldest(window.sources().size(), window, rule, deletes);
  }

  /**
   * Merges the oldest sources of a window, without what the newer ones, which stay, hide in them.
   * Nobody may write to the newer ones meanwhile.
   *
   * @return the run, in order; empty if nothing is left
   */
  public List<Segment> mergeOldest(int count, PartitionWindow window, Rule rule, Deletes deletes) {
    try (ReadScope scope = new ReadScope();
        Output output = output(window, deletes)) {
      TimeSpan span = new TimeSpan(Math.max(window.first(), deletes.floor()), window.last());
      KeyMerge keys =
          new KeyMerge(
              window, rule, deletes.tombstones(), scope, KeyBounds.all(), span, Direction.FORWARD);
      RowFilter ofMerged = row -> keys.place() < count && !isGivenUp(row);
      while (keys.advance()) {
        startFiltering(keys.key());
        output.add(keys.key(), keys.rows(), ofMerged);
      }
      return output.finish();
    }
  }

  /**
   * Writes one source that has older ones below it, which stay: its tombstones are kept.
   *
   * @return the run, in order; empty if nothing is left
   */
  public List<Segment> copy(PartitionWindow window, Source source, Deletes deletes) {
    try (ReadScope scope = new ReadScope()) {
      KeyCursor keys = source.rows(scope).keys(scope.version(), 0, Integer.MAX_VALUE);
      return copy(window.first(), window.last(), keys, source.since(), deletes);
    }
  }

  /**
   * As {@link #copy(PartitionWindow, Source, Deletes)}, of rows from anywhere.
   *
   * @param first the first timestamp of the partition window
   * @param last the last timestamp of the partition window, included
   * @param keys the keys, in order
   * @param since tombstones of this version and later ones hide the rows
   */
  public List<Segment> copy(long first, long last, KeyCursor keys, long since, Deletes deletes) {
    try (Output output = output(first, last, deletes)) {
      RowFilter kept =
          row ->
              row.isTombstone()
                  || (!isDeleted(row.timestamp(), since, deletes) && !isGivenUpAbove(row));
      while (keys.advance()) {
        startFiltering(keys);
        output.add(keys, keys.rows(first, last), kept);
      }
      return output.finish();
    }
  }

  /**
   * Merges sources that follow one another and have older ones below them, which stay: tombstones
   * are kept.
   *
   * @param stretch the sources, in a window of their own
   * @return the run, in order; empty if nothing is left
   */
  public List<Segment> join(PartitionWindow stretch, Rule rule, Deletes deletes) {
    try (ReadScope scope = new ReadScope();
        Output output = output(stretch, deletes)) {
      KeyMerge keys = KeyMerge.withTombstones(stretch, rule, deletes.tombstones(), scope);
      RowFilter kept =
          row -> row.isTombstone() || (row.timestamp() >= deletes.floor() && !isGivenUpAbove(row));
      while (keys.advance()) {
        startFiltering(keys.key());
        output.add(keys.key(), keys.rows(), kept);
      }
      return output.finish();
    }
  }

  private static boolean isDeleted(long timestamp, long since, Deletes deletes) {
    return timestamp < deletes.floor() || deletes.tombstones().hides(timestamp, since);
  }

  private void startFiltering(KeyCursor key) {
    if (filtering != null) {
      filtering.startKey(key.keyBuffer(), key.keyOffset(), key.keyLength());
    }
  }

  private boolean isGivenUp(RowCursor entry) {
    return filtering != null && filtering.drops(entry);
  }

  /** As {@link #isGivenUp}, of an entry that older sources may have an older value of. */
  private boolean isGivenUpAbove(RowCursor entry) {
    return filtering != null && !filtering.wouldUncover() && filtering.drops(entry);
  }

  /** Whether a merge may leave out more than deletes demand. */
  public boolean filters() {
    return filtering != null;
  }

  /**
   * Whether a {@link #purge} of segments would leave any row out, but for what a filter gives up.
   * Costs as much as to read them up to that row.
   *
   * @param place the number of the source in the window that the segments belong to
   */
  public boolean hasHidden(
      PartitionWindow window, int place, SegmentSource part, Rule rule, Deletes deletes) {
    try (NeededRows needed = new NeededRows(window, place, part, rule, deletes)) {
      while (needed.advanceKey()) {
        RowCursor rows = needed.rows();
        while (rows.advance()) {
          if (!needed.include(rows)) {
            return true;
          }
        }
      }
      return false;
    }
  }

  /**
   * How many entries of segments a {@link #purge} would leave out because the filter gives them up;
   * of a map without those that older sources have an older value of. Costs as much as to read
   * them.
   *
   * @param place the number of the source in the window that the segments belong to
   */
  public long countGivenUp(
      PartitionWindow window, int place, SegmentSource part, Rule rule, Deletes deletes) {
    if (filtering == null) {
      return 0;
    }
    filtering.begin();
    long count = 0;
    try (NeededRows needed = new NeededRows(window, place, part, rule, deletes)) {
      while (needed.advanceKey()) {
        startFiltering(needed.key());
        RowCursor rows = needed.rows();
        while (rows.advance()) {
          if (needed.include(rows) && !rows.isTombstone() && isGivenUp(filtering, needed, rows)) {
            count++;
          }
        }
      }
      return count;
    }
  }

  /** Asks the filter first: to look for an older value takes a search in each older source. */
  private static boolean isGivenUp(EntryFiltering filter, NeededRows needed, RowCursor entry) {
    return filter.givesUp(entry) && !(filter.wouldUncover() && needed.uncovers(entry));
  }

  /** As {@link #isGivenUp(EntryFiltering, NeededRows, RowCursor)}, of an entry that then goes. */
  private boolean drops(NeededRows needed, RowCursor entry) {
    if (filtering == null || !isGivenUp(filtering, needed, entry)) {
      return false;
    }
    filtering.countDropped(1);
    return true;
  }

  /**
   * Writes segments of one source anew, without rows that newer sources and deletes hide, and
   * without tombstones that hide nothing in older sources, and without what a filter gives up. All
   * sources stay what they are, so this needs no more memory than the segments take that are
   * written. Nobody may write to the newer sources meanwhile.
   *
   * @param place the number of the source in the window that the segments belong to
   * @return what takes the place of the segments, in order; empty if nothing is left
   */
  public List<Segment> purge(
      PartitionWindow window, int place, SegmentSource part, Rule rule, Deletes deletes) {
    try (NeededRows needed = new NeededRows(window, place, part, rule, deletes);
        Output output = output(window, deletes)) {
      RowFilter included = row -> needed.include(row) && (row.isTombstone() || !drops(needed, row));
      while (needed.advanceKey()) {
        startFiltering(needed.key());
        output.add(needed.key(), needed.rows(), included);
      }
      return output.finish();
    }
  }

  private Output output(PartitionWindow window, Deletes deletes) {
    return output(window.first(), window.last(), deletes);
  }

  private Output output(long first, long last, Deletes deletes) {
    if (filtering != null) {
      filtering.begin();
    }
    SegmentOptions options =
        SegmentOptions.of(table, first, last)
            .withTargetPageBytes(targetPageBytes)
            .withAppliedVersion(deletes.appliedVersion())
            .withIndex(index);
    return new Output(new RunWriter(storage, options, names, maxSegmentBytes));
  }

  /** Which rows come into the run. */
  private interface RowFilter {
    boolean keeps(RowCursor row);
  }

  /** The run that is written; nothing is left of it if it is not finished. */
  private static final class Output implements AutoCloseable {
    private final RunWriter writer;
    private boolean finished;

    Output(RunWriter writer) {
      this.writer = writer;
    }

    /** Adds a key with its rows that pass a filter, if there are any. */
    void add(KeyCursor key, RowCursor rows, RowFilter filter) {
      writer.startKey(key.group(), key.hash(), key.keyBuffer(), key.keyOffset(), key.keyLength());
      while (rows.advance()) {
        if (filter.keeps(rows)) {
          writer.row(rows);
        }
      }
    }

    List<Segment> finish() {
      List<Segment> run = writer.finish();
      finished = true;
      return run;
    }

    @Override
    public void close() {
      if (!finished) {
        writer.abort();
      }
    }
  }
}
