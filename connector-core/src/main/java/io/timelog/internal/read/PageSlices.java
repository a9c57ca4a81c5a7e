package io.timelog.internal.read;

import io.timelog.TimeRange;
import io.timelog.internal.manifest.PartitionWindow;
import io.timelog.internal.manifest.Source;
import io.timelog.internal.manifest.TableView;
import io.timelog.internal.segment.Page;
import io.timelog.internal.segment.Segment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The pages of all segments of a table that has one key and no tombstones among its rows, cut to
 * what is in a range and not deleted, ordered by first timestamp. What is in the memtable is left
 * out.
 *
 * <p>A delete covers a range of time and a page is sorted by time, so what is left of a page is a
 * few slices of it, and nothing is copied. Belongs to one thread.
 */
public final class PageSlices implements AutoCloseable {
  private final ReadLease lease;
  private final TableView view;
  private final long first;
  private final long last;
  private final int endWindow;
  private int nextWindow;

  /** Of the window at hand, the segments that have a slice left, oldest first, and that slice. */
  private final List<SegmentSlices> segments = new ArrayList<>();

  private final List<PageSlice> heads = new ArrayList<>();

  private PageSlices(ReadLease lease, long first, long last) {
    this.lease = lease;
    this.view = lease.view();
    this.first = first;
    this.last = last;
    this.nextWindow = view.firstWindowNotBefore(first);
    this.endWindow = first > last ? nextWindow : view.lastWindowNotAfter(last) + 1;
  }

  /** Slices of the pages that the range touches. Takes over the lease. */
  public static PageSlices open(ReadLease lease, TimeRange range) {
    long first = Math.max(range.first(), lease.floor());
    return new PageSlices(lease, first, range.last());
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
    for (Source source : window.sources()) {
      Segment segment = source.segment();
      if (segment != null) {
        long from = Math.max(first, window.first());
        long to = Math.min(last, window.last());
        SegmentSlices slices =
            new SegmentSlices(
                segment, new VisibleRanges(view.tombstones(), source.since(), from, to));
        PageSlice head = slices.next();
        if (head != null) {
          segments.add(slices);
          heads.add(head);
        }
      }
    }
  }

  /** Lets go of the lease; slices are not readable any more. Closing twice does nothing. */
  @Override
  public void close() {
    lease.close();
  }

  /** The slices of one segment, page after page. */
  private static final class SegmentSlices {
    private final Segment segment;
    private final VisibleRanges visible;
    private int page;
    private int lastPage = -1;

    SegmentSlices(Segment segment, VisibleRanges visible) {
      this.segment = segment;
      this.visible = visible;
    }

    @Nullable PageSlice next() {
      while (true) {
        if (page <= lastPage) {
          PageSlice slice = visiblePart(segment.page(page++));
          if (slice != null) {
            return slice;
          }
        } else if (visible.advance()) {
          int end = segment.pageCount() - 1;
          page = segment.firstPageReaching(0, end, visible.first());
          lastPage = segment.lastPageReaching(0, end, visible.last());
        } else {
          return null;
        }
      }
    }

    private @Nullable PageSlice visiblePart(Page at) {
      int rows = at.rowCount();
      int from = at.minTimestamp() >= visible.first() ? 0 : at.lowerBound(0, rows, visible.first());
      int to = at.maxTimestamp() <= visible.last() ? rows : at.upperBound(0, rows, visible.last());
      return from < to ? new PageSlice(at, from, to) : null;
    }
  }
}
