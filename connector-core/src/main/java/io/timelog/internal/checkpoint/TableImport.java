package io.timelog.internal.checkpoint;

import io.timelog.MemoryBudgetExceededException;
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
import io.timelog.internal.storage.SegmentInput;
import io.timelog.internal.tombstone.Tombstones;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.Source;
import io.timelog.internal.view.Source.Stage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes a table of what one or several stores exported of it. Used once. */
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
  private final List<WantedWindow> windows = new ArrayList<>();
  private final Queue<Segment> made = new ConcurrentLinkedQueue<>();

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

  /** An exported segment that may be wanted. */
  private final class Wanted implements Runnable {
    private final Part part;
    private final WindowEntry window;
    private final SourceEntry source;
    private final SegmentEntry segment;
    private Imported imported = Imported.NOTHING;

    Wanted(Part part, WindowEntry window, SourceEntry source, SegmentEntry segment) {
      this.part = part;
      this.window = window;
      this.source = source;
      this.segment = segment;
    }

    /** Reads it. */
    @Override
    public void run() {
      try {
        imported = segment(part, window, source, segment, part.tombstones());
      } catch (MemoryBudgetExceededException noRoom) {
        throw target.refusals().apply(noRoom);
      }
    }
  }

  /** A run of an exported store. */
  private record WantedRun(SourceEntry source, List<Wanted> segments) {}

  /** A partition window of an exported store. */
  private record WantedWindow(WindowEntry window, List<WantedRun> runs) {}

  /** A run of segments of the new table, and what was said of it. */
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
    parts.forEach(this::addWindows);
  }

  /**
   * What is to be read before there is an {@link #image}: in any order, by any number of threads.
   */
  List<Runnable> pieces() {
    List<Runnable> pieces = new ArrayList<>();
    for (WantedWindow window : windows) {
      window.runs().forEach(run -> pieces.addAll(run.segments()));
    }
    return pieces;
  }

  private void addWindows(Part part) {
    for (WindowEntry window : part.table().windows()) {
      if (reachesAbove(part.table().floor(), window)) {
        List<WantedRun> runs = new ArrayList<>();
        for (SourceEntry source : window.sources()) {
          List<Wanted> segments = new ArrayList<>();
          for (SegmentEntry segment : source.segments()) {
            if (part.parent().wantsSomeOf(segment)) {
              segments.add(new Wanted(part, window, source, segment));
            }
          }
          runs.add(new WantedRun(source, segments));
        }
        windows.add(new WantedWindow(window, runs));
      }
    }
  }

  private static boolean reachesAbove(long oldFloor, WindowEntry window) {
    return window.sources().stream()
        .flatMap(source -> source.segments().stream())
        .anyMatch(segment -> segment.maxTimestamp() >= oldFloor);
  }

  /** The table, when all pieces were read. */
  TableImage image() {
    long cutoff =
        parts.stream().mapToLong(part -> part.table().cutoff()).min().orElse(Long.MIN_VALUE);
    List<ImportedWindow> imported = new ArrayList<>();
    for (WantedWindow wanted : windows) {
      List<ImportedRun> runs =
          wanted.runs().stream()
              .map(TableImport::imported)
              .filter(run -> !run.segments().isEmpty())
              .toList();
      if (!runs.isEmpty()) {
        imported.add(new ImportedWindow(wanted.window().first(), wanted.window().last(), runs));
      }
    }
    Tombstones deletes =
        keepsDeletes && !parts.isEmpty() ? parts.get(0).tombstones() : Tombstones.NONE;
    return new TableImage(joined(imported), deletes, floor, cutoff);
  }

  private static ImportedRun imported(WantedRun wanted) {
    List<Segment> segments = new ArrayList<>();
    long since = Long.MAX_VALUE;
    for (Wanted piece : wanted.segments()) {
      segments.addAll(piece.imported.segments());
      since = Math.min(since, piece.imported.since());
    }
    return new ImportedRun(
        segments, wanted.source().compacted(), since, wanted.source().rangeReach());
  }

  /** Frees what was read. For when no piece is being read any more. */
  void discard() {
    Segment segment;
    while ((segment = made.poll()) != null) {
      segment.delete();
      segment.close();
    }
  }

  private Imported segment(
      Part part, WindowEntry window, SourceEntry source, SegmentEntry segment, Tombstones deletes) {
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
    Segment copy = read(part, entry, file -> List.of(whole(file, entry))).get(0);
    if (!isDescribedBy(entry, window, copy)) {
      throw new TimelogCorruptionException(
          "Segment is not the one that the metadata of the export describes: " + copy,
          entry.file().name(),
          0);
    }
    return copy;
  }

  private Segment whole(ReadableFile file, SegmentEntry entry) throws IOException {
    Segment adopted = adopted(file, entry);
    return adopted == null
        ? copied(
            file, entry, foreign -> foreign.copyTo(target.storage().create(entry.file().name())))
        : adopted;
  }

  /** The segment in the very file that has it; null if that has to be copied. */
  private @Nullable Segment adopted(ReadableFile file, SegmentEntry entry) throws IOException {
    Path path = file.path();
    SegmentInput input =
        path == null || file.length() != entry.length()
            ? null
            : target.adoption().adopt(entry.file().name(), entry.length(), path);
    return input == null ? null : opened(input, entry);
  }

  private static Segment opened(SegmentInput input, SegmentEntry entry) {
    try {
      return Segment.open(input, entry.checksum());
    } catch (RuntimeException | Error e) {
      input.close();
      throw e;
    }
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
            file ->
                copied(
                    file,
                    entry,
                    foreign ->
                        target
                            .merger()
                            .copy(
                                window.first(),
                                window.last(),
                                foreign.keys(parent.firstGroup(), parent.lastGroup()),
                                source.since(),
                                deletes)));
    return clip.isEmpty() ? Imported.NOTHING : new Imported(clip, keepsDeletes ? applied + 1 : 0);
  }

  /** Makes segments of a file. */
  private interface Reading {
    List<Segment> of(ReadableFile file) throws IOException;
  }

  /** What is made of a file; empty if that is nothing. */
  private List<Segment> read(Part part, SegmentEntry entry, Reading reading) {
    String name = entry.file().name();
    try (ReadableFile file = part.parent().files().open(name)) {
      List<Segment> segments = reading.of(file);
      made.addAll(segments);
      return segments;
    } catch (IOException e) {
      throw new TimelogException(
          "A file of the export cannot be opened or closed: table="
              + shape.name()
              + ", file="
              + name,
          e);
    }
  }

  /** What is made of the bytes of a file, all of which are checked. */
  private <T> T copied(ReadableFile file, SegmentEntry entry, Function<ForeignSegment, T> copying) {
    try (ForeignInput input =
        new ForeignInput(entry.file().name(), file, entry.length(), target.memory())) {
      return copying.apply(new ForeignSegment(input, entry.checksum()));
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
