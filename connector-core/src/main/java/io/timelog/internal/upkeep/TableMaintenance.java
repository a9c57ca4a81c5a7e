package io.timelog.internal.upkeep;

import io.timelog.MemoryBudgetExceededException;
import io.timelog.internal.compaction.CompactionPolicy;
import io.timelog.internal.compaction.WindowMerger;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.row.Rule;
import io.timelog.internal.segment.Segment;
import io.timelog.internal.view.CurrentView;
import io.timelog.internal.view.FlushWatch;
import io.timelog.internal.view.MemtableSource;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.SegmentSource;
import io.timelog.internal.view.Source;
import io.timelog.internal.view.TableView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Flush and compaction of one table: what is sealed becomes segments, segments become fewer. For
 * the thread that holds the lock of the {@link Rounds} of the store.
 *
 * <p>The sources it reads cannot change, and it holds the view that has them; the writer may go on
 * meanwhile and may even drop what is being merged, in which case the result is thrown away.
 */
public final class TableMaintenance {
  /*
   * A view costs its number of windows, so replacing it once for each of many windows would cost the
   * square of them. But what a segment replaces is freed only when a view without it is published. So
   * several segments are published at once, up to so many bytes.
   */
  private static final long MAX_UNPUBLISHED_BYTES = 1 << 20;

  /** A merge that frees a smaller part of what it reads is not worth another one. */
  private static final int GAIN_PART = 16;

  /** A window of so many of the largest segments is merged as a whole in half of the reserve. */
  private static final double MERGED_AT_ONCE_SEGMENTS = 2;

  private final Rule rule;
  private final CurrentView views;
  private final WindowMerger merger;
  private final LongSupplier roomForMerges;
  private final UnaryOperator<MemoryBudgetExceededException> refusals;
  private final FailedMerges failed = new FailedMerges();
  private final Looks looks;
  private final FlushGain gain;

  /** Below this, and by deletes up to this version, nothing was deleted as a whole any more. */
  private long droppedFloor = Long.MIN_VALUE;

  private long droppedDeletes = -1;

  /** Windows of which segments became smaller since {@link #takeLightened}. */
  private final Set<Long> lightened = ConcurrentHashMap.newKeySet();

  /**
   * Maintains one table.
   *
   * @param roomForMerges bytes that segments may have together that are made by a merge that nobody
   *     waits for
   * @param refusals says of a refusal what stood in the way
   */
  public TableMaintenance(
      Rule rule,
      CurrentView views,
      WindowMerger merger,
      LongSupplier roomForMerges,
      UnaryOperator<MemoryBudgetExceededException> refusals) {
    this.rule = rule;
    this.views = views;
    this.merger = merger;
    this.roomForMerges = roomForMerges;
    this.refusals = refusals;
    this.looks = new Looks(rule);
    this.gain =
        new FlushGain(
            rule,
            MERGED_AT_ONCE_SEGMENTS * merger.maxSegmentBytes(),
            Math.min(merger.maxSegmentBytes(), MemoryAccount.MAX_SLAB_BYTES));
  }

  /** The same refusal, with the table and what stood in the way. */
  MemoryBudgetExceededException explained(MemoryBudgetExceededException refusal) {
    return refusals.apply(refusal);
  }

  /**
   * Replaces sources of one partition window, which follow one another there.
   *
   * @param output null if nothing of them is left
   */
  private record Replacement(long windowFirst, List<Source> inputs, @Nullable Source output) {
    /** Holds the output: exports that get it before a view has it may have let go of it by then. */
    Replacement {
      if (output != null) {
        output.retain();
      }
    }

    /** Lets go of the output, which a view holds by now, or nobody needs. */
    void letGo() {
      if (output != null) {
        output.release();
      }
    }

    long bytes() {
      return output == null ? 0 : output.bytes();
    }
  }

  /**
   * Writes sealed sources into segments and puts these in their place. What of the table was
   * dropped meanwhile is passed over.
   *
   * @throws MemoryBudgetExceededException if there is no room for a segment; those before it are in
   *     place, and the others unchanged
   */
  void flush(List<SealedRun.Part> parts) {
    List<Replacement> done = new ArrayList<>();
    long unpublished = 0;
    try {
      for (SealedRun.Part part : parts) {
        Replacement next;
        try {
          next = flush(part);
        } catch (MemoryBudgetExceededException noRoom) {
          if (done.isEmpty()) {
            throw noRoom;
          }
          publish(done);
          unpublished = 0;
          next = flush(part);
        }
        if (next != null) {
          done.add(next);
          unpublished += next.bytes();
        }
        if (unpublished > MAX_UNPUBLISHED_BYTES) {
          publish(done);
          unpublished = 0;
        }
      }
    } finally {
      publish(done);
    }
  }

  /** Whether no other part of the same window is to be flushed before, so that order is kept. */
  boolean isNextToFlush(SealedRun.Part part) {
    PartitionWindow window = views.get().windowAt(part.windowFirst());
    int place = window == null ? -1 : window.indexOf(part.source());
    return window == null || place <= 0 || window.sources().get(place - 1).isFlushed();
  }

  private @Nullable Replacement flush(SealedRun.Part part) {
    MemtableSource sealed = part.source();
    TableView now = views.retain();
    try {
      PartitionWindow window = now.windowAt(part.windowFirst());
      int place = window == null ? -1 : window.indexOf(sealed);
      if (window == null || place < 0) {
        return null;
      }
      WindowMerger.Deletes deletes = deletes(now, List.of(sealed));
      // After the deletes: an export that comes later has seen them, too.
      FlushWatch watch = sealed.firstWatch();
      boolean keepsTombstones = place > 0;
      if (watch != null) {
        deletes = deletes(watch, sealed);
        keepsTombstones = watch.hasOlderSources();
      }
      Source output;
      if (!keepsTombstones) {
        output = level1(merger.merge(window.withSources(List.of(sealed)), rule, deletes));
      } else {
        List<Segment> run = merger.copy(window, sealed, deletes);
        output = run.isEmpty() ? null : Source.level0(run, sealed.rangeReach());
      }
      if (output != null) {
        gain.flushed(sealed, output);
      }
      Replacement replacement = new Replacement(part.windowFirst(), List.of(sealed), output);
      sealed.wasFlushed(output);
      return replacement;
    } finally {
      now.release();
    }
  }

  /** About how many bytes more the rows in segments take in the memtable if all are overwritten. */
  long bytesGainedByFlushes() {
    TableView now = views.retain();
    try {
      return gain.bytes(now);
    } finally {
      now.release();
    }
  }

  /**
   * Takes sources and segments out of the view of which every row is deleted, and which have no
   * tombstones. Copies nothing, so it needs no memory but for the view. What is written to stays.
   * Looks only if more was deleted than when it looked last.
   */
  void dropDeleted() {
    TableView now = views.retain();
    try {
      long floor = views.floor();
      long newestDelete = now.tombstones().newestVersion();
      if (floor == droppedFloor && newestDelete == droppedDeletes) {
        return;
      }
      List<Replacement> done = new ArrayList<>();
      for (PartitionWindow window : now.windows()) {
        if (window.first() < floor
            || now.tombstones().touch(window.first(), window.last(), Long.MIN_VALUE)) {
          dropDeleted(now, floor, window, done);
        }
      }
      done.forEach(replacement -> lightened.add(replacement.windowFirst()));
      publish(done);
      droppedFloor = floor;
      droppedDeletes = newestDelete;
    } finally {
      now.release();
    }
  }

  private static void dropDeleted(
      TableView now, long floor, PartitionWindow window, List<Replacement> done) {
    for (Source source : window.sources()) {
      Source rest = source;
      if (source instanceof SegmentSource run) {
        rest =
            run.without(
                segment ->
                    !segment.hasTombstones()
                        && isDeleted(
                            segment.minTimestamp(),
                            segment.maxTimestamp(),
                            now,
                            floor,
                            source.since()));
      } else if (source.stage() == Source.Stage.SEALED
          && !source.hasTombstones()
          && isDeleted(source.oldestBound(), source.newestBound(), now, floor, source.since())) {
        rest = null;
      }
      if (rest != source) {
        done.add(new Replacement(window.first(), List.of(source), rest));
      }
    }
  }

  /** Whether nothing is visible from the oldest to the newest timestamp of a source. */
  private static boolean isDeleted(
      long oldest, long newest, TableView now, long floor, long since) {
    return newest < floor || now.tombstones().cover(Math.max(oldest, floor), newest, since);
  }

  /**
   * Merges the windows that have too many segments, or, of those for which there is no room beside
   * what others need meanwhile, some sources; whether there were any.
   *
   * @throws MemoryBudgetExceededException if there is no room; windows that were merged stay so
   */
  boolean compactDue() {
    dropDeleted();
    TableView now = views.retain();
    try {
      boolean any = false;
      for (PartitionWindow window : CompactionPolicy.due(now)) {
        any |= compactDue(now, window);
      }
      return any;
    } finally {
      now.release();
    }
  }

  private boolean compactDue(TableView now, PartitionWindow window) {
    long room = roomForMerges.getAsLong();
    List<Source> sources = flushed(window);
    if (bytes(sources) > room) {
      sources = CompactionPolicy.toJoin(window, room / 2);
      if (!sources.isEmpty()) {
        join(now, window, sources);
      }
    } else if (!sources.isEmpty()) {
      compact(now, window, sources);
    }
    return !sources.isEmpty();
  }

  /**
   * Merges every window that gets smaller by it, or, if entries are filtered, may get.
   *
   * @throws MemoryBudgetExceededException if there is no room; windows that were merged stay so
   */
  void compactAll() {
    TableView now = views.retain();
    try {
      List<PartitionWindow> chosen =
          merger.filters()
              ? CompactionPolicy.withSegments(now)
              : CompactionPolicy.all(now, views.floor());
      chosen.forEach(window -> compact(now, window));
    } finally {
      now.release();
    }
  }

  /**
   * Merges the window that gets smaller by it and probably needs the least memory: what is in
   * segments or sealed, without what is hidden by the window that takes writes. False if none fits
   * into so many bytes. For a thread that keeps writers out.
   */
  boolean compactSmallest(long maxBytes) {
    TableView now = views.retain();
    try {
      long floor = views.floor();
      for (CompactionPolicy.Candidate candidate :
          CompactionPolicy.smallestFirst(now, floor, rule)) {
        if (candidate.leastBytes() > maxBytes) {
          return false;
        }
        if (isMergedAtOnce(candidate, maxBytes)
            && failed.mayFit(candidate.window(), maxBytes, now, floor)
            && shrinks(now, candidate, maxBytes)) {
          return true;
        }
      }
      return false;
    } finally {
      now.release();
    }
  }

  /**
   * Whether a window is merged as a whole, rather than purged segment by segment: if it fits in any
   * case, or has no source that is a longer run.
   */
  private static boolean isMergedAtOnce(CompactionPolicy.Candidate candidate, long room) {
    List<Source> sources = candidate.window().sources().subList(0, candidate.count());
    boolean oneSegmentEach = true;
    long bytes = 0;
    for (Source source : sources) {
      if (!source.isResident()) {
        return false; // it takes no memory, so a merge frees none
      }
      oneSegmentEach &= source.segments().size() <= 1;
      bytes += source.bytesAlive();
    }
    return oneSegmentEach || (sources.size() > 1 && bytes <= room);
  }

  private boolean shrinks(TableView now, CompactionPolicy.Candidate candidate, long room) {
    PartitionWindow window = candidate.window();
    List<Source> sources = window.sources().subList(0, candidate.count());
    long before = bytes(sources);
    Source output;
    try {
      output = level1(merger.mergeOldest(candidate.count(), window, rule, deletes(now, sources)));
    } catch (MemoryBudgetExceededException noRoom) {
      failed.add(window, room, now, views.floor());
      return false;
    }
    publish(new ArrayList<>(List.of(new Replacement(window.first(), sources, output))));
    lightened.add(window.first());
    long after = output == null ? 0 : output.bytes();
    boolean worthIt = after < before - before / GAIN_PART;
    TableView next = views.get();
    PartitionWindow merged = next.windowAt(window.first());
    if (!worthIt && merged != null) {
      failed.add(merged, Long.MAX_VALUE, next, views.floor());
    }
    return worthIt;
  }

  /**
   * Joins some level-0 sources of one window that has too many of them: a window that does not fit
   * as a whole would get one more with each flush. Takes half of so many bytes at most, and leaves
   * room for a segment, in case that readers hold what is joined.
   *
   * @return false if there are not too many anywhere, or none fit
   */
  boolean joinNext(long maxBytes) {
    if (maxBytes / 2 < merger.maxSegmentBytes()) {
      return false;
    }
    TableView now = views.retain();
    try {
      for (PartitionWindow window : now.windows()) {
        List<Source> some = CompactionPolicy.toJoin(window, maxBytes / 2);
        if (!some.isEmpty()) {
          join(now, window, some);
          return true;
        }
      }
      return false;
    } catch (MemoryBudgetExceededException noRoom) {
      return false;
    } finally {
      now.release();
    }
  }

  private void join(TableView now, PartitionWindow window, List<Source> sources) {
    WindowMerger.Deletes deletes = deletes(now, sources);
    PartitionWindow stretch = window.withSources(sources);
    Source output;
    if (window.indexOf(sources.get(0)) == 0) {
      output = level1(merger.merge(stretch, rule, deletes));
    } else {
      List<Segment> run = merger.join(stretch, rule, deletes);
      long reach = sources.stream().mapToLong(Source::rangeReach).max().orElseThrow();
      output = run.isEmpty() ? null : Source.level0(run, reach);
    }
    publish(new ArrayList<>(List.of(new Replacement(window.first(), sources, output))));
    lightened.add(window.first());
  }

  /**
   * Writes the next segments in memory without rows that are hidden and tombstones that hide
   * nothing, of those that have any; false if there are none, or there is no room for that. Windows
   * stay as they are otherwise, so what is needed is never more than a segment. For a thread that
   * keeps writers out.
   */
  boolean purgeNext() {
    TableView now = views.retain();
    try {
      long floor = views.floor();
      for (PartitionWindow window : now.windows()) {
        for (int place = 0; place < window.sources().size(); place++) {
          if (window.sources().get(place) instanceof SegmentSource source
              && source.isResident()
              && purgeNext(now, floor, window, place, source)) {
            return true;
          }
        }
      }
      looks.keepOnly(now);
      return false;
    } catch (MemoryBudgetExceededException noRoom) {
      return false;
    } finally {
      now.release();
    }
  }

  private boolean purgeNext(
      TableView now, long floor, PartitionWindow window, int place, SegmentSource source) {
    List<Segment> segments = source.segments();
    int from = 0;
    while (from < segments.size()) {
      if (looks.isDue(segments.get(from), window, place, now, floor)) {
        int to = endOfPart(segments, from);
        if (purge(now, floor, window, place, source, from, to)) {
          return true;
        }
        from = to;
      } else {
        from++;
      }
    }
    return false;
  }

  /** Small segments that follow one another become one. */
  private int endOfPart(List<Segment> segments, int from) {
    long bytes = segments.get(from).sizeBytes();
    int to = from + 1;
    while (to < segments.size()
        && bytes + segments.get(to).sizeBytes() <= merger.maxSegmentBytes()) {
      bytes += segments.get(to++).sizeBytes();
    }
    return to;
  }

  private boolean purge(
      TableView now,
      long floor,
      PartitionWindow window,
      int place,
      SegmentSource source,
      int from,
      int to) {
    SegmentSource part = source.part(from, to);
    try {
      WindowMerger.Deletes deletes = deletes(now, List.of(part));
      if (!merger.hasHidden(window, place, part, rule, deletes)) {
        part.segments().forEach(segment -> looks.note(segment, window, place, now, floor));
        return false;
      }
      List<Segment> purged = merger.purge(window, place, part, rule, deletes);
      purged.forEach(segment -> looks.note(segment, window, place, now, floor));
      replace(window, place, source, source.with(from, to, purged));
      return true;
    } finally {
      part.letGo();
    }
  }

  private void replace(
      PartitionWindow window, int place, SegmentSource source, @Nullable Source purged) {
    publish(new ArrayList<>(List.of(new Replacement(window.first(), List.of(source), purged))));
    looks.forgetNewerThan(place, window);
    lightened.add(window.first());
  }

  /** The window whose segments leave memory first; null if there are none. */
  SpillPolicy.@Nullable Candidate firstToLeave() {
    TableView now = views.retain();
    try {
      List<SpillPolicy.Candidate> candidates = SpillPolicy.candidates(now, views.floor());
      return candidates.isEmpty() ? null : candidates.get(0);
    } finally {
      now.release();
    }
  }

  /** Notes that a window of the store has left memory. */
  void cool() {
    TableView now = views.retain();
    try {
      for (PartitionWindow window : now.windows()) {
        window.sources().forEach(Source::cool);
      }
    } finally {
      now.release();
    }
  }

  /**
   * Has segments of one window leave memory, of the one that the {@link SpillPolicy} chooses; false
   * if there are none, or they cannot leave.
   */
  boolean spillNext() {
    TableView now = views.retain();
    try {
      for (SpillPolicy.Candidate candidate : SpillPolicy.candidates(now, views.floor())) {
        List<Replacement> done = new ArrayList<>();
        for (Source source : candidate.window().sources()) {
          if (source instanceof SegmentSource run && source.isFlushed() && source.isResident()) {
            spill(candidate.window(), run, done);
          }
        }
        if (!done.isEmpty()) {
          publish(done);
          return true;
        }
      }
      return false;
    } finally {
      now.release();
    }
  }

  private void spill(PartitionWindow window, SegmentSource source, List<Replacement> done) {
    List<Segment> handles = new ArrayList<>();
    try {
      for (Segment segment : source.segments()) {
        Segment handle = merger.leaveMemory(segment);
        if (handle == null) {
          handles.forEach(Segment::close);
          return;
        }
        handles.add(handle);
      }
    } catch (MemoryBudgetExceededException noRoom) {
      handles.forEach(Segment::close);
      return;
    }
    SegmentSource inFiles = source.withHandles(handles);
    done.add(new Replacement(window.first(), List.of(source), inFiles));
    source.leftMemory(inFiles);
  }

  /** Whether entries are filtered. */
  boolean filters() {
    return merger.filters();
  }

  /**
   * Writes the next segment of which the filter gives up a part that is worth it, without that;
   * false if there is none, or no room. Asks about every entry up to there. For a thread that keeps
   * writers out.
   *
   * @param passed segments that need not be looked at; those that were looked at are added
   */
  boolean purgeGivenUp(Set<Segment> passed) {
    if (!merger.filters()) {
      return false;
    }
    TableView now = views.retain();
    try {
      for (PartitionWindow window : now.windows()) {
        for (int place = 0; place < window.sources().size(); place++) {
          if (window.sources().get(place) instanceof SegmentSource source
              && source.isResident()
              && purgeGivenUp(now, window, place, source, passed)) {
            return true;
          }
        }
      }
      return false;
    } catch (MemoryBudgetExceededException noRoom) {
      return false;
    } finally {
      now.release();
    }
  }

  private boolean purgeGivenUp(
      TableView now, PartitionWindow window, int place, SegmentSource source, Set<Segment> passed) {
    List<Segment> segments = source.segments();
    for (int i = 0; i < segments.size(); i++) {
      Segment segment = segments.get(i);
      if (passed.add(segment)) {
        SegmentSource part = source.part(i, i + 1);
        try {
          WindowMerger.Deletes deletes = deletes(now, List.of(part));
          long givenUp = merger.countGivenUp(window, place, part, rule, deletes);
          if (givenUp > segment.rowCount() / GAIN_PART) {
            List<Segment> purged = merger.purge(window, place, part, rule, deletes);
            passed.addAll(purged);
            replace(window, place, source, source.with(i, i + 1, purged));
            return true;
          }
        } finally {
          part.letGo();
        }
      }
    }
    return false;
  }

  /**
   * The first timestamps of windows of which segments became smaller since this was last asked:
   * tombstones in the memtable may hide nothing there any more. For the thread that keeps writers
   * out.
   */
  public Set<Long> takeLightened() {
    Set<Long> taken = Set.copyOf(lightened);
    lightened.removeAll(taken);
    return taken;
  }

  /** What hid rows of older sources in a window has become less. For the same thread. */
  public void tombstonesRemoved(PartitionWindow window) {
    looks.becameLess(window);
  }

  private static long bytes(List<Source> sources) {
    return sources.stream().mapToLong(Source::bytes).sum();
  }

  private void compact(TableView now, PartitionWindow window) {
    List<Source> segments = flushed(window);
    if (!segments.isEmpty()) {
      compact(now, window, segments);
    }
  }

  /** The sources that are in segments, up to the first that is not. */
  private static List<Source> flushed(PartitionWindow window) {
    return window.sources().stream().takeWhile(Source::isFlushed).toList();
  }

  private void compact(TableView now, PartitionWindow window, List<Source> sources) {
    Source output = level1(merger.merge(window.withSources(sources), rule, deletes(now, sources)));
    publish(new ArrayList<>(List.of(new Replacement(window.first(), sources, output))));
  }

  private static @Nullable Source level1(List<Segment> run) {
    return run.isEmpty() ? null : Source.level1(run);
  }

  /**
   * Writes a sealed source into segments that no view gets, for an export that holds it when the
   * table does not have it any more.
   *
   * @param first the first timestamp of its partition window
   * @param last the last timestamp of its partition window, included
   * @return null if nothing of it is left
   * @throws MemoryBudgetExceededException if there is no room
   * @throws IllegalStateException if the store is closed
   */
  public @Nullable Source copy(long first, long last, MemtableSource sealed, FlushWatch watch) {
    PartitionWindow window = new PartitionWindow(first, last, List.of(sealed));
    try {
      List<Segment> run = merger.copy(window, sealed, deletes(watch, sealed));
      return run.isEmpty() ? null : Source.level0(run, sealed.rangeReach());
    } catch (MemoryBudgetExceededException noRoom) {
      throw explained(noRoom);
    }
  }

  private static WindowMerger.Deletes deletes(FlushWatch watch, Source sealed) {
    long applied = Math.max(watch.tombstones().newestVersion(), sealed.since() - 1);
    return new WindowMerger.Deletes(watch.tombstones(), watch.floor(), applied);
  }

  private WindowMerger.Deletes deletes(TableView now, List<Source> inputs) {
    long applied = now.tombstones().newestVersion();
    for (Source input : inputs) {
      applied = Math.max(applied, input.since() - 1);
    }
    return new WindowMerger.Deletes(now.tombstones(), views.floor(), applied);
  }

  /** Makes replacements in one view after the other and forgets them. */
  private void publish(List<Replacement> done) {
    if (done.isEmpty()) {
      return;
    }
    List<Replacement> gone = new ArrayList<>();
    TableView now;
    TableView next;
    do {
      gone.clear();
      now = views.get();
      next = with(done, now, gone);
    } while (!views.publish(now, next));
    // The writer dropped these while they were merged.
    gone.forEach(replacement -> discard(replacement.output()));
    for (Replacement replacement : done) {
      PartitionWindow window = next.windowAt(replacement.windowFirst());
      if (window != null) {
        looks.becameLess(window);
      }
      replacement.letGo();
    }
    done.clear();
  }

  private static void discard(@Nullable Source output) {
    if (output != null) {
      output.discard();
    }
  }

  private static TableView with(
      List<Replacement> replacements, TableView now, List<Replacement> gone) {
    @Nullable PartitionWindow[] windows = now.windows().toArray(PartitionWindow[]::new);
    for (Replacement replacement : replacements) {
      int index = now.firstWindowNotBefore(replacement.windowFirst());
      PartitionWindow window = index < windows.length ? windows[index] : null;
      int from = window == null ? -1 : window.indexOf(replacement.inputs().get(0));
      if (window == null || from < 0) {
        gone.add(replacement);
      } else {
        windows[index] = with(replacement, window, from);
      }
    }
    if (gone.size() == replacements.size()) {
      return now;
    }
    List<PartitionWindow> kept = Arrays.stream(windows).filter(Objects::nonNull).toList();
    return now.withWindowsAndNeededOf(kept, now.tombstones());
  }

  private static @Nullable PartitionWindow with(
      Replacement replacement, PartitionWindow window, int from) {
    List<Source> sources = new ArrayList<>(window.sources());
    sources.subList(from, from + replacement.inputs().size()).clear();
    Source output = replacement.output();
    if (output != null) {
      sources.add(from, output);
    }
    return sources.isEmpty() ? null : window.withSources(sources);
  }
}
