package io.timelog.internal.checkpoint;

import io.timelog.internal.manifest.FileId;
import io.timelog.internal.manifest.SegmentEntry;
import io.timelog.internal.manifest.SourceEntry;
import io.timelog.internal.manifest.WindowEntry;
import io.timelog.internal.segment.Segment;
import io.timelog.internal.upkeep.SealedRun;
import io.timelog.internal.upkeep.TableMaintenance;
import io.timelog.internal.view.MemtableSource;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.Source;
import java.util.ArrayList;
import java.util.List;

/** A partition window that an export holds. */
final class HeldWindow {
  private final long first;
  private final long last;
  private final List<HeldSource> sources = new ArrayList<>();

  /** Holds the window of a view that the caller holds. */
  HeldWindow(TableCut table, PartitionWindow window) {
    first = window.first();
    last = window.last();
    for (Source source : window.sources()) {
      sources.add(new HeldSource(table, source, !sources.isEmpty()));
    }
  }

  /** A window that waits for a flush, and about how many bytes it needs up to there. */
  record Waiting(SealedRun.Part part, long bytes) {}

  /** Adds what is still to be flushed, oldest first. */
  void addWaiting(TableMaintenance maintenance, List<Waiting> waiting) {
    long bytes = 0;
    for (HeldSource source : sources) {
      MemtableSource sealed = source.unflushed();
      if (sealed != null) {
        bytes += sealed.bytesAlive();
        waiting.add(new Waiting(new SealedRun.Part(maintenance, first, sealed), bytes));
      }
    }
  }

  /** Writes what the table does not have any more into segments that only the export has. */
  void copyRest(TableMaintenance maintenance) {
    for (HeldSource source : sources) {
      MemtableSource sealed = source.unflushed();
      if (sealed != null) {
        Source copy = maintenance.copy(first, last, sealed, source);
        source.flushed(copy);
        if (copy != null) {
          copy.discard();
        }
      }
    }
  }

  /** Adds the segments, when all is in segments. */
  void addSegments(List<CutSegment> segments) {
    for (HeldSource source : sources) {
      source.map(flushed -> CutSegment.all(source, flushed.segments())).ifPresent(segments::addAll);
    }
  }

  /** Adds the segments, which stay open as they are until they are let go. */
  void addKept(List<Segment> segments) {
    sources.forEach(source -> segments.addAll(source.keepSegments()));
  }

  /** What a manifest says of the window. */
  WindowEntry entry() {
    List<SourceEntry> entries = new ArrayList<>();
    for (HeldSource source : sources) {
      source.map(HeldWindow::entry).ifPresent(entries::add);
    }
    return new WindowEntry(first, last, entries);
  }

  private static SourceEntry entry(Source source) {
    return new SourceEntry(
        source.stage() == Source.Stage.LEVEL_1,
        source.since(),
        source.rangeReach(),
        source.segments().stream().map(HeldWindow::entry).toList());
  }

  private static SegmentEntry entry(Segment segment) {
    return new SegmentEntry(
        FileId.of(segment.name()),
        segment.sizeBytes(),
        segment.checksum(),
        segment.firstGroup(),
        segment.lastGroup(),
        segment.minTimestamp(),
        segment.maxTimestamp());
  }

  void release() {
    sources.forEach(HeldSource::release);
  }
}
