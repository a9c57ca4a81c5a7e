package io.timelog.internal.checkpoint;

import io.timelog.TimelogCorruptionException;
import io.timelog.internal.manifest.SegmentEntry;
import io.timelog.internal.manifest.SourceEntry;
import io.timelog.internal.manifest.TableEntry;
import io.timelog.internal.manifest.WindowEntry;
import io.timelog.internal.segment.Segment;
import io.timelog.internal.storage.SegmentInput;
import io.timelog.internal.storage.SegmentStorage;
import io.timelog.internal.tombstone.Tombstones;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.Source;
import io.timelog.internal.view.Source.Stage;
import java.util.ArrayList;
import java.util.List;

/**
 * Opens a table of the own store where its segments lie, in contrast to an import, which copies
 * them. Of each segment is read what its size depends on least: where its pages are, and which keys
 * it cannot have. Used once.
 */
public final class StoredTable {
  private final TableEntry table;
  private final SegmentStorage storage;
  private final List<Segment> opened = new ArrayList<>();

  private StoredTable(TableEntry table, SegmentStorage storage) {
    this.table = table;
    this.storage = storage;
  }

  /**
   * The content of a table.
   *
   * @param storage has its segments
   * @throws io.timelog.TimelogException if a segment is not there, or not the one that was
   *     committed; none stays open
   * @throws io.timelog.MemoryBudgetExceededException if there is no room; no segment stays open
   */
  public static TableImage open(TableEntry table, SegmentStorage storage) {
    StoredTable stored = new StoredTable(table, storage);
    try {
      return stored.image();
    } catch (RuntimeException | Error e) {
      stored.opened.forEach(Segment::close);
      throw e;
    }
  }

  private TableImage image() {
    List<PartitionWindow> windows = new ArrayList<>();
    for (WindowEntry window : table.windows()) {
      if (reachesAboveFloor(window)) {
        windows.add(new PartitionWindow(window.first(), window.last(), sources(window)));
      }
    }
    return new TableImage(
        windows, Tombstones.of(table.tombstones()), table.floor(), table.cutoff());
  }

  private boolean reachesAboveFloor(WindowEntry window) {
    return window.sources().stream()
        .flatMap(source -> source.segments().stream())
        .anyMatch(segment -> segment.maxTimestamp() >= table.floor());
  }

  private List<Source> sources(WindowEntry window) {
    List<Source> sources = new ArrayList<>();
    for (SourceEntry source : window.sources()) {
      List<Segment> segments =
          source.segments().stream().map(entry -> segment(window, entry)).toList();
      sources.add(
          Source.imported(
              segments,
              source.compacted() && sources.isEmpty() ? Stage.LEVEL_1 : Stage.LEVEL_0,
              source.since(),
              source.rangeReach()));
    }
    return sources;
  }

  private Segment segment(WindowEntry window, SegmentEntry entry) {
    SegmentInput input = storage.open(entry.file().name());
    Segment segment;
    try {
      segment = Segment.open(input);
    } catch (RuntimeException | Error e) {
      input.close();
      throw e;
    }
    opened.add(segment);
    if (segment.checksum() != entry.checksum() || !isDescribedBy(entry, window, segment)) {
      throw new TimelogCorruptionException(
          "Segment is not the one that was committed: " + segment, entry.file().name(), 0);
    }
    return segment;
  }

  private boolean isDescribedBy(SegmentEntry entry, WindowEntry window, Segment segment) {
    return segment.table().equals(table.shape().name())
        && segment.windowFirst() >= window.first()
        && segment.windowLast() <= window.last()
        && segment.firstGroup() == entry.firstGroup()
        && segment.lastGroup() == entry.lastGroup()
        && segment.minTimestamp() == entry.minTimestamp()
        && segment.maxTimestamp() == entry.maxTimestamp();
  }
}
