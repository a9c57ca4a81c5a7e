package io.timelog.internal.checkpoint;

import io.timelog.ReadableFile;
import io.timelog.TimelogCorruptionException;
import io.timelog.TimelogException;
import io.timelog.internal.compaction.WindowMerger;
import io.timelog.internal.manifest.SegmentEntry;
import io.timelog.internal.manifest.SourceEntry;
import io.timelog.internal.manifest.TableEntry;
import io.timelog.internal.manifest.TableShape;
import io.timelog.internal.manifest.WindowEntry;
import io.timelog.internal.segment.ForeignSegment;
import io.timelog.internal.segment.Segment;
import io.timelog.internal.storage.ForeignInput;
import io.timelog.internal.tombstone.Tombstones;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.Source;
import io.timelog.internal.view.Source.Stage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes a table of what one or several stores exported of it. Used once, by one thread. */
final class TableImport {
  /*
   * Versions, floors and tombstones of two stores cannot be compared. The table of a single store keeps
   * its own. Of several stores, each segment has the deletes of its store applied before it comes into
   * the table, where there are none then; a segment that they do not touch stays as it is. The floor of
   * the table is the lowest of all, because a higher one would hide live rows of other stores.
   *
   * Segments of one run stay one run, whether they are taken whole or in part: what is left of a part
   * keeps its order, and its range tombstones reach no further than they did.
   */
  private final TableShape shape;
  private final List<Part> parts;
  private final boolean keepsDeletes;
  private final ImportTarget target;
  private final long floor;
  private final List<Segment> made = new ArrayList<>();

  /** The table as one store has it. */
  record Part(ParentStore parent, TableEntry table) {
    Tombstones tombstones() {
      return Tombstones.of(table.tombstones());
    }
  }

  /**
   * What became of one exported segment.
   *
   * @param segments in order; none if nothing of it is wanted
   * @param since tombstones of this version and later ones hide rows in them
   */
  private record Imported(List<Segment> segments, long since) {
    static final Imported NOTHING = new Imported(List.of(), Long.MAX_VALUE);
  }

  /** A run of segments of the new table, at least one, and what was said of it. */
  private record ImportedRun(
      List<Segment> segments, boolean compacted, long since, long rangeReach) {}

  /** A partition window of one store. */
  private record ImportedWindow(long first, long last, List<ImportedRun> runs) {}

  TableImport(TableShape shape, List<Part> parts, boolean keepsDeletes, ImportTarget target) {
    this.shape = shape;
    this.parts = parts;
    this.keepsDeletes = keepsDeletes;
    this.target = target;
    this.floor =
        parts.stream().mapToLong(part -> part.table().floor()).min().orElse(Long.MIN_VALUE);
  }

  TableImage run() {
    long cutoff =
        parts.stream().mapToLong(part -> part.table().cutoff()).min().orElse(Long.MIN_VALUE);
    try {
      List<ImportedWindow> windows = new ArrayList<>();
      for (Part part : parts) {
        addWindows(part, windows);
      }
      Tombstones deletes =
          keepsDeletes && !parts.isEmpty() ? parts.get(0).tombstones() : Tombstones.NONE;
      return new TableImage(joined(windows), deletes, floor, cutoff);
    } catch (RuntimeException | Error e) {
      made.forEach(Segment::delete);
      made.forEach(Segment::close);
      throw e;
    }
  }

  private void addWindows(Part part, List<ImportedWindow> windows) {
    Tombstones deletes = part.tombstones();
    for (WindowEntry window : part.table().windows()) {
      List<ImportedRun> runs = new ArrayList<>();
      if (reachesAbove(part.table().floor(), window)) {
        for (SourceEntry source : window.sources()) {
          ImportedRun run = run(part, window, source, deletes);
          if (run != null) {
            runs.add(run);
          }
        }
      }
      if (!runs.isEmpty()) {
        windows.add(new ImportedWindow(window.first(), window.last(), runs));
      }
    }
  }

  private static boolean reachesAbove(long oldFloor, WindowEntry window) {
    return window.sources().stream()
        .flatMap(source -> source.segments().stream())
        .anyMatch(segment -> segment.maxTimestamp() >= oldFloor);
  }

  /** What is wanted of a run; null if that is nothing. */
  private @Nullable ImportedRun run(
      Part part, WindowEntry window, SourceEntry source, Tombstones deletes) {
    List<Segment> segments = new ArrayList<>();
    long since = Long.MAX_VALUE;
    for (SegmentEntry segment : source.segments()) {
      Imported imported = segment(part, window, source, segment, deletes);
      segments.addAll(imported.segments());
      since = Math.min(since, imported.since());
    }
    return segments.isEmpty()
        ? null
        : new ImportedRun(segments, source.compacted(), since, source.rangeReach());
  }

  private Imported segment(
      Part part, WindowEntry window, SourceEntry source, SegmentEntry segment, Tombstones deletes) {
    if (!part.parent().wantsSomeOf(segment)) {
      return Imported.NOTHING;
    }
    return part.parent().wantsAllOf(segment)
            && isSmallEnough(segment)
            && staysAsItIs(part, source, segment, deletes)
        ? new Imported(List.of(whole(part, window, segment)), keepsDeletes ? source.since() : 0)
        : clipped(part, window, source, segment, deletes);
  }

  /** Whether there is always room to write the segment anew, as of every one of the new store. */
  private boolean isSmallEnough(SegmentEntry segment) {
    return segment.length() <= target.merger().maxSegmentBytes();
  }

  /** Whether no delete that would be lost hides anything of the segment. */
  private boolean staysAsItIs(
      Part part, SourceEntry source, SegmentEntry segment, Tombstones deletes) {
    long oldFloor = part.table().floor();
    return keepsDeletes
        || !((segment.minTimestamp() < oldFloor && floor < oldFloor)
            || deletes.touch(segment.minTimestamp(), segment.maxTimestamp(), source.since()));
  }

  private Segment whole(Part part, WindowEntry window, SegmentEntry entry) {
    Segment copy =
        read(
                part,
                entry,
                foreign -> List.of(foreign.copyTo(target.storage().create(entry.file().name()))))
            .get(0);
    if (!isDescribedBy(entry, window, copy)) {
      throw new TimelogCorruptionException(
          "Segment is not the one that the metadata of the export describes: " + copy,
          entry.file().name(),
          0);
    }
    return copy;
  }

  private boolean isDescribedBy(SegmentEntry entry, WindowEntry window, Segment segment) {
    return segment.table().equals(shape.name())
        && segment.windowFirst() >= window.first()
        && segment.windowLast() <= window.last()
        && segment.firstGroup() == entry.firstGroup()
        && segment.lastGroup() == entry.lastGroup()
        && segment.minTimestamp() == entry.minTimestamp()
        && segment.maxTimestamp() == entry.maxTimestamp();
  }

  private Imported clipped(
      Part part,
      WindowEntry window,
      SourceEntry source,
      SegmentEntry entry,
      Tombstones tombstones) {
    long applied = Math.max(tombstones.newestVersion(), source.since() - 1);
    WindowMerger.Deletes deletes =
        new WindowMerger.Deletes(tombstones, part.table().floor(), applied);
    ParentStore parent = part.parent();
    List<Segment> clip =
        read(
            part,
            entry,
            foreign ->
                target
                    .merger()
                    .copy(
                        window.first(),
                        window.last(),
                        foreign.keys(parent.firstGroup(), parent.lastGroup()),
                        source.since(),
                        deletes));
    return clip.isEmpty() ? Imported.NOTHING : new Imported(clip, keepsDeletes ? applied + 1 : 0);
  }

  /** What is made of a file; empty if that is nothing. */
  private List<Segment> read(
      Part part, SegmentEntry entry, Function<ForeignSegment, List<Segment>> copying) {
    String name = entry.file().name();
    try (ReadableFile file = part.parent().files().open(name);
        ForeignInput input = new ForeignInput(name, file, entry.length(), target.memory())) {
      List<Segment> copies = copying.apply(new ForeignSegment(input, entry.checksum()));
      made.addAll(copies);
      return copies;
    } catch (IOException e) {
      throw new TimelogException(
          "A file of the export cannot be opened or closed: table="
              + shape.name()
              + ", file="
              + name,
          e);
    }
  }

  /** The windows of all stores; of those that overlap one is made, as wide as the widest. */
  private static List<PartitionWindow> joined(List<ImportedWindow> windows) {
    List<ImportedWindow> sorted = new ArrayList<>(windows);
    sorted.sort(Comparator.comparingLong(ImportedWindow::first));
    List<PartitionWindow> joined = new ArrayList<>();
    int start = 0;
    while (start < sorted.size()) {
      long last = sorted.get(start).last();
      int end = start + 1;
      while (end < sorted.size() && sorted.get(end).first() <= last) {
        last = Math.max(last, sorted.get(end).last());
        end++;
      }
      joined.add(
          new PartitionWindow(
              sorted.get(start).first(), last, sources(sorted.subList(start, end))));
      start = end;
    }
    return joined;
  }

  /** Where several stores meet in a window, no run is the compacted one. */
  private static List<Source> sources(List<ImportedWindow> windows) {
    List<Source> sources = new ArrayList<>();
    for (ImportedWindow window : windows) {
      for (ImportedRun run : window.runs()) {
        boolean compacted = run.compacted() && sources.isEmpty() && windows.size() == 1;
        sources.add(
            Source.imported(
                run.segments(),
                compacted ? Stage.LEVEL_1 : Stage.LEVEL_0,
                run.since(),
                run.rangeReach()));
      }
    }
    return sources;
  }
}
