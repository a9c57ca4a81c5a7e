package io.timelog.internal.read;

import io.timelog.TimeRange;
import io.timelog.internal.key.Key;
import io.timelog.internal.row.RangeReach;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.segment.KeyPages;
import io.timelog.internal.segment.Page;
import io.timelog.internal.segment.Segment;
import io.timelog.internal.tombstone.Tombstone;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.Source;
import io.timelog.internal.view.TableView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one key of a multimap as they lie in the pages of segments: slices of pages, cut to a
 * range of time and around deletes, ordered by first timestamp. Rows in the memtable are left out.
 *
 * <p>A delete covers a range of time and the rows of a key are sorted by time, so what is left of a
 * page is a few slices of it, and nothing is copied. Belongs to one thread.
 */
public final class PageSlices implements AutoCloseable {
  private final ReadLease lease;
  private final TableView view;
  private final Key key;
  private final long first;
  private final long last;
  private final int endWindow;
  private int nextWindow;

  /** The segments of the current window that have a slice left, oldest first; and that slice. */
  private final List<SegmentSlices> segments = new ArrayList<>();

  private final List<PageSlice> heads = new ArrayList<>();

  private PageSlices(ReadLease lease, Key key, long first, long last) {
    this.lease = lease;
    this.view = lease.view();
    this.key = key;
    this.first = first;
    this.last = last;
    this.nextWindow = view.firstWindowNotBefore(first);
    this.endWindow = first > last ? nextWindow : view.lastWindowNotAfter(last) + 1;
  }

  /**
   * Slices of the pages that the range touches. Takes over the lease. The key's bytes must not
   * change while this is open.
   */
  public static PageSlices open(ReadLease lease, Key key, TimeRange range) {
    long first = Math.max(range.first(), lease.floor());
    return new PageSlices(lease, key, first, range.last());
  }

  /** The next slice; null when there is none. Needs the lease. */
  public @Nullable PageSlice next() {
    while (heads.isEmpty()) {
      if (nextWindow >= endWindow) {
        return null;
      }
      openWindow(view.window(nextWindow++));
    }
    int earliest = 0;
    for (int i = 1; i < heads.size(); i++) {
      if (heads.get(i).timestamp(0) < heads.get(earliest).timestamp(0)) {
        earliest = i;
      }
    }
    PageSlice slice = heads.get(earliest);
    PageSlice following = segments.get(earliest).next();
    if (following != null) {
      heads.set(earliest, following);
    } else {
      heads.remove(earliest);
      segments.remove(earliest);
    }
    return slice;
  }

  private void openWindow(PartitionWindow window) {
    long from = Math.max(first, window.first());
    long to = Math.min(last, window.last());
    // From the newest source to the oldest, because deletes of the key hide rows of older ones.
    List<Tombstone> deletes = view.tombstones().list();
    List<Source> sources = window.sources();
    for (int i = sources.size() - 1; i >= 0; i--) {
      Source source = sources.get(i);
      List<Segment> parts = source.segmentsOf(key);
      for (int part = parts.size() - 1; part >= 0; part--) {
        openSegment(parts.get(part), new VisibleRanges(deletes, source.since(), from, to));
      }
      long reach = source.rangeReach();
      if (reach != RangeReach.NO_RANGES) {
        long start = RangeReach.firstCovering(from, reach, window.first());
        deletes = with(deletes, source.rows(lease.scope()).find(key, lease.version(), start, to));
        lease.scope().letGo();
      }
    }
  }

  private void openSegment(Segment segment, VisibleRanges visible) {
    KeyPages pages = segment.pagesOf(key);
    if (pages == null) {
      return;
    }
    SegmentSlices slices = new SegmentSlices(segment, pages, visible);
    PageSlice head = slices.next();
    if (head != null) {
      segments.add(0, slices);
      heads.add(0, head);
    }
  }

  /** The deletes, and the tombstones for ranges of the key, which apply to all older sources. */
  private static List<Tombstone> with(List<Tombstone> deletes, @Nullable RowCursor rows) {
    List<Tombstone> all = new ArrayList<>(deletes);
    while (rows != null && rows.advance()) {
      if (rows.isRangeTombstone()) {
        all.add(new Tombstone(rows.timestamp(), rows.rangeLast(), Long.MAX_VALUE));
      }
    }
    all.sort(Comparator.comparingLong(Tombstone::first));
    return all;
  }

  /** Closes the lease, after which slices must not be read. Closing twice does nothing. */
  @Override
  public void close() {
    lease.close();
  }

  /** The slices of one segment, page after page. */
  private static final class SegmentSlices {
    private final Segment segment;
    private final KeyPages pages;
    private final VisibleRanges visible;
    private int page;
    private int lastPage = -1;

    /** The current page; its rows from {@link #row} to {@link #endRow} are still to be given. */
    private @Nullable Page current;

    private int row;
    private int endRow;

    SegmentSlices(Segment segment, KeyPages pages, VisibleRanges visible) {
      this.segment = segment;
      this.pages = pages;
      this.visible = visible;
    }

    @Nullable PageSlice next() {
      while (true) {
        Page at = current;
        if (at != null) {
          PageSlice slice = nextOf(at);
          if (slice != null) {
            return slice;
          }
          current = null;
        } else if (page <= lastPage) {
          enter(page++);
        } else if (visible.advance()) {
          page = segment.firstPageReaching(pages.first(), pages.last(), visible.first());
          lastPage = segment.lastPageReaching(pages.first(), pages.last(), visible.last());
        } else {
          return null;
        }
      }
    }

    private void enter(int number) {
      Page at = segment.page(number);
      int ordinal = pages.ordinalIn(number);
      int from = at.firstRow(ordinal);
      int to = at.endRow(ordinal);
      row = at.lowerBound(from, to, visible.first());
      endRow = at.upperBound(row, to, visible.last());
      current = at;
    }

    /** The next entries of the page that lie side by side; null if there are no more. */
    private @Nullable PageSlice nextOf(Page at) {
      while (row < endRow && at.isTombstone(row)) {
        row++;
      }
      if (row == endRow) {
        return null;
      }
      int from = row;
      if (at.hasTombstones()) {
        while (row < endRow && !at.isTombstone(row)) {
          row++;
        }
      } else {
        row = endRow;
      }
      return new PageSlice(at, from, row);
    }
  }
}
