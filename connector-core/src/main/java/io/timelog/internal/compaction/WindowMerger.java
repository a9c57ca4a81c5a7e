package io.timelog.internal.compaction;

import io.timelog.internal.read.KeyBounds;
import io.timelog.internal.read.KeyMerge;
import io.timelog.internal.read.TimeSpan;
import io.timelog.internal.row.Direction;
import io.timelog.internal.row.KeyCursor;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.Rule;
import io.timelog.internal.row.WindowIndex;
import io.timelog.internal.segment.Segment;
import io.timelog.internal.segment.SegmentOptions;
import io.timelog.internal.segment.SegmentWriter;
import io.timelog.internal.storage.SegmentOutput;
import io.timelog.internal.storage.SegmentStorage;
import io.timelog.internal.tombstone.Tombstones;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.Source;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes sources of one partition window into one segment, with the deletes applied. Changes
 * nothing else: whoever calls it publishes the segment. Not thread-safe.
 */
public final class WindowMerger {
  private final SegmentStorage storage;
  private final String table;
  private final int targetPageBytes;
  private final WindowIndex index;

  /** Merges sources of the table of this name into segments of {@code storage}. */
  public WindowMerger(
      SegmentStorage storage, String table, int targetPageBytes, WindowIndex index) {
    this.storage = storage;
    this.table = table;
    this.targetPageBytes = targetPageBytes;
    this.index = index;
  }

  /** The deletes to apply and up to which version they are then applied. */
  public record Deletes(Tombstones tombstones, long floor, long appliedVersion) {}

  /**
   * Merges sources that begin with the oldest of their window, so that tombstones have nothing left
   * to hide and are left out.
   *
   * @return null if nothing is left
   */
  public @Nullable Segment merge(
      PartitionWindow window, Rule rule, Deletes deletes, String segmentName) {
    return mergeOldest(window.sources().size(), window, rule, deletes, segmentName);
  }

  /**
   * Merges the oldest sources of a window, without what the newer ones, which stay, hide in them.
   * Nobody may write to the newer ones meanwhile.
   *
   * @return null if nothing is left
   */
  public @Nullable Segment mergeOldest(
      int count, PartitionWindow window, Rule rule, Deletes deletes, String segmentName) {
    Set<Source> merged = new HashSet<>(window.sources().subList(0, count));
    try (Output output = output(window, deletes, segmentName)) {
      TimeSpan span = new TimeSpan(Math.max(window.first(), deletes.floor()), window.last());
      KeyMerge keys =
          new KeyMerge(
              window,
              rule,
              deletes.tombstones(),
              Long.MAX_VALUE,
              KeyBounds.all(),
              span,
              Direction.FORWARD);
      RowFilter ofMerged = row -> merged.contains(keys.source());
      while (keys.advance()) {
        output.add(keys.key(), keys.rows(), ofMerged);
      }
      return output.finish();
    }
  }

  /**
   * Writes one source that has older ones below it, which stay: its tombstones are kept.
   *
   * @return null if nothing is left
   */
  public @Nullable Segment copy(
      PartitionWindow window, Source source, Deletes deletes, String segmentName) {
    try (Output output = output(window, deletes, segmentName)) {
      KeyCursor keys = source.rows().keys(Long.MAX_VALUE, 0, Integer.MAX_VALUE);
      RowFilter kept = row -> row.isTombstone() || !isDeleted(row.timestamp(), source, deletes);
      while (keys.advance()) {
        output.add(keys, keys.rows(window.first(), window.last()), kept);
      }
      return output.finish();
    }
  }

  private static boolean isDeleted(long timestamp, Source source, Deletes deletes) {
    return timestamp < deletes.floor() || deletes.tombstones().hides(timestamp, source.since());
  }

  private Output output(PartitionWindow window, Deletes deletes, String segmentName) {
    SegmentOutput output = storage.create(segmentName);
    return new Output(
        new SegmentWriter(
            output,
            SegmentOptions.of(table, window.first(), window.last())
                .withTargetPageBytes(targetPageBytes)
                .withAppliedVersion(deletes.appliedVersion())
                .withIndex(index)));
  }

  /** Which rows come into the segment. */
  private interface RowFilter {
    boolean keeps(RowCursor row);
  }

  /** The segment that is written; none is left if it is not finished, or has no rows. */
  private static final class Output implements AutoCloseable {
    private final SegmentWriter writer;
    private boolean any;
    private boolean finished;

    Output(SegmentWriter writer) {
      this.writer = writer;
    }

    /** Adds a key with its rows that pass a filter, if there are any. */
    void add(KeyCursor key, RowCursor rows, RowFilter filter) {
      boolean started = false;
      while (rows.advance()) {
        if (filter.keeps(rows)) {
          if (!started) {
            writer.startKey(
                key.group(), key.hash(), key.keyBuffer(), key.keyOffset(), key.keyLength());
            started = true;
            any = true;
          }
          writer.row(
              rows.timestamp(),
              rows.isTombstone(),
              rows.payload(),
              rows.payloadOffset(),
              rows.payloadLength());
        }
      }
    }

    @Nullable Segment finish() {
      if (!any) {
        return null;
      }
      Segment segment = writer.finish();
      finished = true;
      return segment;
    }

    @Override
    public void close() {
      if (!finished) {
        writer.abort();
      }
    }
  }
}
