package io.timelog.internal.read;

import io.timelog.KeyGroups;
import io.timelog.TimeRange;
import io.timelog.internal.row.Direction;
import io.timelog.internal.row.ReadScope;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.Rule;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.Source;
import io.timelog.internal.view.TableView;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The entries of all keys by timestamp, entries of equal timestamp by key and then in the order of
 * the key; or in exact reverse. The rows of a partition window are gathered and sorted at once, or
 * slice by slice where its sources find rows by time. So a scan needs memory for the rows of the
 * fullest window, or slice, that it visits.
 */
public final class TimeOrderScan extends ScanCursor {
  /** Rows of a slice, if they are spread evenly: enough that starting a slice costs little. */
  private static final int SLICE_ROWS = 4096;

  private static final int MAX_SLICES = 64;

  /** Bytes of a slice, if they are spread evenly, of rows that have to be copied. */
  private static final double SLICE_BYTES = 4 << 20;

  private final Rule rule;
  private final KeyGroups keyGroups;
  private final TableView view;
  private final ReadScope scope;
  private final long first;
  private final long last;
  private final Direction direction;
  private int next;
  private int remaining;
  private @Nullable PartitionWindow window;
  private long sliceFirst;
  private long sliceLast;

  /** From the first to the last timestamp of a slice; unsigned. */
  private long sliceTicks;

  private @Nullable GatheredRows gathered;

  /** The number of keys of all slices before the current one. */
  private long keysBefore;

  /** The entries of all keys in the range. Takes over the lease. */
  public TimeOrderScan(
      ReadLease lease, Rule rule, KeyGroups keyGroups, TimeRange range, Direction direction) {
    super(lease, rule);
    this.rule = rule;
    this.keyGroups = keyGroups;
    this.view = lease.view();
    this.scope = lease.scope();
    this.first = Math.max(range.first(), lease.floor());
    this.last = range.last();
    this.direction = direction;
    int from = view.firstWindowNotBefore(first);
    int to = view.lastWindowNotAfter(last);
    this.next = direction == Direction.FORWARD ? from : to;
    this.remaining = first > last ? 0 : Math.max(0, to - from + 1);
  }

  @Override
  @Nullable RowCursor nextRows() {
    while (nextSlice()) {
      scope.letGo();
      PartitionWindow sliced = Objects.requireNonNull(window);
      // Gathered in key order and sorted stably, so that equal timestamps end up in key order.
      KeyMerge keys =
          new KeyMerge(
              sliced,
              rule,
              view.tombstones(),
              scope,
              KeyBounds.all(),
              new TimeSpan(sliceFirst, sliceLast),
              Direction.FORWARD);
      GatheredRows found =
          isResident(sliced)
              ? GatheredRows.gather(keys, direction)
              : GatheredRows.copy(keys, direction);
      if (found.advance()) {
        keysBefore += gathered == null ? 0 : gathered.keyCount();
        gathered = found;
        return found;
      }
    }
    return null;
  }

  private boolean nextSlice() {
    PartitionWindow current = window;
    if (current != null) {
      long windowFirst = Math.max(first, current.first());
      long windowLast = Math.min(last, current.last());
      if (direction == Direction.FORWARD && sliceLast < windowLast) {
        sliceFirst = sliceLast + 1;
        sliceLast = sliceFirst + minUnsigned(sliceTicks, windowLast - sliceFirst);
        return true;
      }
      if (direction == Direction.BACKWARD && sliceFirst > windowFirst) {
        sliceLast = sliceFirst - 1;
        sliceFirst = sliceLast - minUnsigned(sliceTicks, sliceLast - windowFirst);
        return true;
      }
    }
    if (remaining == 0) {
      return false;
    }
    PartitionWindow opened = view.window(next);
    next += direction.step();
    remaining--;
    window = opened;
    firstSlice(opened);
    return true;
  }

  private void firstSlice(PartitionWindow opened) {
    sliceFirst = Math.max(first, opened.first());
    sliceLast = Math.min(last, opened.last());
    long ticks = sliceLast - sliceFirst;
    sliceTicks = Long.divideUnsigned(ticks, slices(opened));
    if (direction == Direction.FORWARD) {
      sliceLast = sliceFirst + sliceTicks;
    } else {
      sliceFirst = sliceLast - sliceTicks;
    }
  }

  private static long minUnsigned(long left, long right) {
    return Long.compareUnsigned(left, right) < 0 ? left : right;
  }

  private static boolean isResident(PartitionWindow opened) {
    for (Source source : opened.sources()) {
      if (!source.isResident()) {
        return false;
      }
    }
    return true;
  }

  private int slices(PartitionWindow opened) {
    double share = width(sliceFirst, sliceLast) / width(opened.first(), opened.last());
    double wanted = Math.max(slicesByRows(opened, share), slicesByCopies(opened, share));
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, wanted));
  }

  /** Where rows are found by time, a slice costs no more than its rows. */
  private static double slicesByRows(PartitionWindow opened, double share) {
    long rows = 0;
    for (Source source : opened.sources()) {
      if (!source.findsByTime()) {
        return 0;
      }
      rows += source.rowCount();
    }
    return Math.min(MAX_SLICES, rows * share / SLICE_ROWS);
  }

  /** What has to be copied is bounded, although each slice may have to read all pages. */
  private static double slicesByCopies(PartitionWindow opened, double share) {
    double bytes = 0;
    for (Source source : opened.sources()) {
      bytes += source.isResident() ? 0 : source.bytes();
    }
    return bytes * share / SLICE_BYTES;
  }

  private static double width(long from, long to) {
    return (double) to - from + 1;
  }

  private GatheredRows current() {
    return Objects.requireNonNull(gathered);
  }

  @Override
  long currentKeyNumber() {
    return keysBefore + current().keyNumber();
  }

  @Override
  ByteBuffer currentKeyBuffer() {
    return current().keyBuffer();
  }

  @Override
  int currentKeyOffset() {
    return current().keyOffset();
  }

  @Override
  int currentKeyLength() {
    return current().keyLength();
  }

  @Override
  int currentKeyGroup() {
    GatheredRows at = current();
    return keyGroups.groupOf(at.keyBuffer(), at.keyOffset(), at.keyLength());
  }
}
