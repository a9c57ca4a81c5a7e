package io.timelog.internal.manifest;

import io.timelog.internal.tombstone.Tombstone;
import java.util.List;

/**
 * A table in a manifest.
 *
 * @param id tells the table among all that its store ever had; not negative
 * @param shape the settings that an import must find the same
 * @param cutoff the newest cutoff up to which everything was deleted; {@link Long#MIN_VALUE} if
 *     there was none
 * @param floor no entry below is visible, whenever it was written
 * @param tombstones the deletes that may hide rows of the files
 * @param windows the partition windows that have files, in order of time, disjoint
 */
public record TableEntry(
    int id,
    TableShape shape,
    long cutoff,
    long floor,
    List<Tombstone> tombstones,
    List<WindowEntry> windows) {
  /** Copies the lists. */
  public TableEntry {
    tombstones = List.copyOf(tombstones);
    windows = List.copyOf(windows);
  }
}
