package io.timelog.internal.view;

import io.timelog.internal.key.Key;
import io.timelog.internal.row.RangeReach;
import io.timelog.internal.segment.Segment;
import io.timelog.internal.segment.SegmentRun;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A sorted run of segments as a source: handles that are closed when nobody holds them, on bytes
 * that stay. Nearly always it is one segment.
 */
public final class SegmentSource extends Source {
  private final List<HeldSegment> held;
  private final List<Segment> segments;
  private final @Nullable SegmentRun run;
  private final boolean tombstones;
  private final long rangeReach;
  private final boolean indexedByTime;
  private final long bytes;
  private final long rowCount;
  private final long tombstoneCount;
  private final long oldest;
  private final long newest;
  private final List<MemoryWatch> watches = new ArrayList<>(0);

  private SegmentSource(
      List<HeldSegment> held, List<Segment> segments, Stage stage, long rangeReach) {
    this(held, segments, segments.size() == 1 ? null : new SegmentRun(segments), stage, rangeReach);
  }

  private SegmentSource(
      List<HeldSegment> held,
      List<Segment> segments,
      @Nullable SegmentRun run,
      Stage stage,
      long rangeReach) {
    super(
        run == null ? segments.get(0) : run,
        segments.stream().allMatch(Segment::isResident),
        stage,
        since(held),
        new AtomicInteger());
    this.held = held;
    this.segments = segments;
    this.run = run;
    boolean indexed = true;
    long allBytes = 0;
    long rows = 0;
    long hiding = 0;
    long min = Long.MAX_VALUE;
    long max = Long.MIN_VALUE;
    for (Segment segment : segments) {
      indexed &= segment.findsByTime();
      allBytes += segment.sizeBytes();
      rows += segment.rowCount();
      hiding += segment.tombstoneCount();
      min = Math.min(min, segment.minTimestamp());
      max = Math.max(max, segment.maxTimestamp());
    }
    indexedByTime = indexed;
    tombstones = hiding > 0;
    this.rangeReach = tombstones ? rangeReach : RangeReach.NO_RANGES;
    bytes = allBytes;
    rowCount = rows;
    tombstoneCount = hiding;
    oldest = min;
    newest = max;
    held.forEach(HeldSegment::retain);
  }

  /**
   * The segments of a new source, at least one, in order.
   *
   * @param rangeReach how far their range tombstones reach at most, see {@link RangeReach}
   */
  static SegmentSource of(List<Segment> segments, Stage stage, long rangeReach) {
    return new SegmentSource(
        segments.stream().map(HeldSegment::new).toList(), List.copyOf(segments), stage, rangeReach);
  }

  /**
   * As {@link #of(List, Stage, long)}, of segments whose versions are those of another store.
   *
   * @param since tombstones of this version and later ones hide rows in them
   */
  static SegmentSource ofAnotherStore(
      List<Segment> segments, Stage stage, long since, long rangeReach) {
    return new SegmentSource(
        segments.stream().map(segment -> new HeldSegment(segment, since)).toList(),
        List.copyOf(segments),
        stage,
        rangeReach);
  }

  /** A delete that was applied to all segments hides nothing in any of them. */
  private static long since(List<HeldSegment> segments) {
    long since = Long.MAX_VALUE;
    for (HeldSegment segment : segments) {
      since = Math.min(since, segment.since());
    }
    return since;
  }

  /**
   * A source with other segments in the place of some that follow one another, and which shares the
   * rest. The caller holds this source until the other one is held.
   *
   * @param from the number of the first segment to be replaced
   * @param to the number after the last
   * @param others may be none
   * @return null if no segment is left
   */
  public @Nullable SegmentSource with(int from, int to, List<Segment> others) {
    List<HeldSegment> more = new ArrayList<>(held.subList(0, from));
    others.forEach(other -> more.add(new HeldSegment(other)));
    more.addAll(held.subList(to, held.size()));
    return more.isEmpty() ? null : ofHeld(more);
  }

  /**
   * Some of the segments that follow one another, as a source of their own; whoever asks for it
   * {@linkplain #letGo lets go} of it, and holds this source until then.
   */
  public SegmentSource part(int from, int to) {
    return ofHeld(held.subList(from, to));
  }

  /**
   * A source without some of the segments, which shares the rest. The caller holds this source
   * until the other one is held.
   *
   * @return this source if it has none of them; null if no segment is left
   */
  public @Nullable SegmentSource without(Predicate<Segment> unwanted) {
    List<HeldSegment> rest = held.stream().filter(each -> !unwanted.test(each.segment())).toList();
    return rest.size() == held.size() ? this : rest.isEmpty() ? null : ofHeld(rest);
  }

  /**
   * The same rows, of other handles on the same segments; whoever asks for it holds this source
   * until the other one is held.
   *
   * @param handles one for each of the {@link #segments()}, in order
   */
  public SegmentSource withHandles(List<Segment> handles) {
    List<HeldSegment> same = new ArrayList<>();
    for (int i = 0; i < handles.size(); i++) {
      same.add(new HeldSegment(handles.get(i), held.get(i).since()));
    }
    return ofHeld(same);
  }

  /** Has a watch told when the segments have left memory, until it is {@link #unwatch}ed. */
  public void watch(MemoryWatch watch) {
    synchronized (watches) {
      watches.add(watch);
    }
  }

  /** Ends what {@link #watch} began, if it has not ended. */
  public void unwatch(MemoryWatch watch) {
    synchronized (watches) {
      watches.remove(watch);
    }
  }

  /**
   * Tells all watches that segments are in files.
   *
   * @param inFiles has the same segments; the caller holds it
   */
  public void leftMemory(SegmentSource inFiles) {
    List<MemoryWatch> told;
    synchronized (watches) {
      told = List.copyOf(watches);
      watches.clear();
    }
    told.forEach(watch -> watch.leftMemory(this, inFiles));
  }

  private SegmentSource ofHeld(List<HeldSegment> some) {
    return new SegmentSource(
        List.copyOf(some), some.stream().map(HeldSegment::segment).toList(), stage(), rangeReach);
  }

  /** Ends a {@link #part}. */
  public void letGo() {
    free();
  }

  @Override
  public List<Segment> segments() {
    return segments;
  }

  @Override
  public List<Segment> segmentsOf(Key key) {
    return run == null ? segments : run.segmentsOf(key);
  }

  @Override
  public boolean hasTombstones() {
    return tombstones;
  }

  @Override
  public long rangeReach() {
    return rangeReach;
  }

  /**
   * {@inheritDoc} Segments with tombstones do not count: a scan asks them for all that may begin
   * before the range, and their tombstones stay until they are merged.
   */
  @Override
  public boolean findsByTime() {
    return indexedByTime && !tombstones;
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public long oldestBound() {
    return oldest;
  }

  @Override
  public long newestBound() {
    return newest;
  }

  @Override
  public long rowCount() {
    return rowCount;
  }

  @Override
  public long entryCount() {
    return rowCount - tombstoneCount;
  }

  @Override
  void free() {
    held.forEach(HeldSegment::release);
  }

  @Override
  void supersede(@Nullable PartitionWindow next) {
    for (HeldSegment segment : held) {
      if (next == null || !next.has(segment)) {
        segment.segment().delete();
      }
    }
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // the very object that counts who has the segment
  boolean has(HeldSegment wanted) {
    for (HeldSegment segment : held) {
      if (segment == wanted) {
        return true;
      }
    }
    return false;
  }

  @Override
  void deleteUnshared() {
    for (HeldSegment segment : held) {
      if (segment.isHeldOnce()) {
        segment.segment().delete();
      }
    }
  }
}
