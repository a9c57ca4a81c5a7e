package io.timelog.internal.manifest;

import java.util.List;

/**
 * A sorted run of segments in a manifest.
 *
 * @param compacted whether it is the one compacted run of its window
 * @param since tombstones of this version and later ones hide its rows
 * @param rangeReach how far its range tombstones reach at most, see {@link
 *     io.timelog.internal.row.RangeReach}
 * @param segments at least one, in order
 */
public record SourceEntry(
    boolean compacted, long since, long rangeReach, List<SegmentEntry> segments) {
  /** Copies the list. */
  public SourceEntry {
    segments = List.copyOf(segments);
  }
}
