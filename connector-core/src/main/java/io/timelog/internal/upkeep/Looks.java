package io.timelog.internal.upkeep;

import io.timelog.internal.memtable.MemtableWindow;
import io.timelog.internal.row.Rule;
import io.timelog.internal.segment.Segment;
import io.timelog.internal.tombstone.Tombstones;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.SegmentSource;
import io.timelog.internal.view.Source;
import io.timelog.internal.view.TableView;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * What there was when it was last looked whether anything in a segment is hidden, so that this is
 * not done again before enough has changed. For one thread at a time.
 */
final class Looks {
  /*
   * To look at a segment costs as much as to read it. Rows of a map hide one row each, so it is looked at again
   * when so many came that the cost for each is a small constant. A tombstone may hide any number of
   * rows and is itself in the way, so an eighth more of them is enough.
   */
  private static final int ROWS_PART = 64;

  private static final int TOMBSTONES_PART = 8;

  private final Rule rule;
  private final IdentityHashMap<Segment, Look> looks = new IdentityHashMap<>();

  Looks(Rule rule) {
    this.rule = rule;
  }

  /**
   * A look.
   *
   * @param newestDelete the version of the newest delete then
   * @param floor below it nothing was visible then
   * @param newer what the newer sources had
   */
  private record Look(long newestDelete, long floor, Newer newer) {}

  /** What the sources of a window have that are newer than one of them. */
  private record Newer(long rows, long tombstones) {
    static Newer than(int place, PartitionWindow window) {
      long rows = 0;
      long tombstones = 0;
      List<Source> sources = window.sources();
      for (int i = place + 1; i < sources.size(); i++) {
        Source source = sources.get(i);
        MemtableWindow memtable = source.memtable();
        rows += source.rowCount();
        tombstones +=
            memtable == null
                ? source.rowCount() - source.entryCount()
                : memtable.rowCount() - memtable.liveRows();
      }
      return new Newer(rows, tombstones);
    }

    Newer least(Newer other) {
      return new Newer(Math.min(rows, other.rows), Math.min(tombstones, other.tombstones));
    }
  }

  /** Whether something in a segment may be hidden that was not when it was last looked at. */
  boolean isDue(Segment segment, PartitionWindow window, int place, TableView now, long floor) {
    Newer newer = Newer.than(place, window);
    Tombstones deletes = now.tombstones();
    Look last = looks.get(segment);
    boolean belowFloor = segment.minTimestamp() < floor;
    boolean deleted =
        deletes.touch(
            segment.minTimestamp(), segment.maxTimestamp(), window.sources().get(place).since());
    if (last == null) {
      return belowFloor
          || deleted
          || newer.tombstones > 0
          || (rule == Rule.MAP && newer.rows > 0)
          || segment.hasTombstones();
    }
    return (belowFloor && floor != last.floor)
        || (deleted && deletes.newestVersion() != last.newestDelete)
        || newer.tombstones > last.newer.tombstones + last.newer.tombstones / TOMBSTONES_PART
        || (rule == Rule.MAP && newer.rows > last.newer.rows + segment.rowCount() / ROWS_PART);
  }

  /** A segment was looked at, or written without what was hidden. */
  void note(Segment segment, PartitionWindow window, int place, TableView now, long floor) {
    looks.put(
        segment, new Look(now.tombstones().newestVersion(), floor, Newer.than(place, window)));
  }

  /**
   * What hid something in a window may have become less, or is counted once where it was counted
   * twice: what comes from now on is counted from there.
   */
  void becameLess(PartitionWindow window) {
    List<Source> sources = window.sources();
    for (int place = 0; place < sources.size(); place++) {
      Newer newer = Newer.than(place, window);
      for (Segment segment : sources.get(place).segments()) {
        looks.computeIfPresent(
            segment,
            (of, last) -> new Look(last.newestDelete, last.floor, last.newer.least(newer)));
      }
    }
  }

  /** Older sources of these have become less, so their tombstones may hide nothing any more. */
  void forgetNewerThan(int place, PartitionWindow window) {
    List<Source> sources = window.sources();
    for (int i = place + 1; i < sources.size(); i++) {
      if (sources.get(i).hasTombstones()) {
        sources.get(i).segments().forEach(looks::remove);
      }
    }
  }

  /** Forgets segments that are in no window any more. */
  void keepOnly(TableView now) {
    if (looks.isEmpty()) {
      return;
    }
    Set<Segment> present = new HashSet<>();
    for (PartitionWindow window : now.windows()) {
      for (Source source : window.sources()) {
        if (source instanceof SegmentSource) {
          present.addAll(source.segments());
        }
      }
    }
    looks.keySet().retainAll(present);
  }
}
