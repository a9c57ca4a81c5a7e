package io.timelog.internal.checkpoint;

import io.timelog.internal.tombstone.Tombstones;
import io.timelog.internal.view.PartitionWindow;
import java.util.List;

/**
 * The content of a table that was imported.
 *
 * @param windows the partition windows, in order of time, disjoint; no view holds their sources yet
 * @param tombstones deletes that may hide rows in them
 * @param floor no entry below is visible
 * @param cutoff the newest cutoff up to which everything was deleted
 */
public record TableImage(
    List<PartitionWindow> windows, Tombstones tombstones, long floor, long cutoff) {
  /** Copies the list. */
  public TableImage {
    windows = List.copyOf(windows);
  }

  /** Frees the sources, if no table gets them. */
  public void discard() {
    windows.forEach(window -> window.sources().forEach(source -> source.discard()));
  }
}
