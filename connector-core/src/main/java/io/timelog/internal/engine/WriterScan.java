package io.timelog.internal.engine;

import io.timelog.Span;
import io.timelog.internal.key.Key;
import io.timelog.internal.memtable.MemtableWindow;
import io.timelog.internal.read.KeyPrefetch;
import io.timelog.internal.read.PointRead;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.view.CurrentView;
import io.timelog.internal.view.TableView;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one key in a range of time as the writer sees them now, one partition window after
 * the other, oldest first. One instance serves every scan, and nothing is held. For the writer,
 * within a claim to the gate.
 */
public final class WriterScan implements AutoCloseable {
  /*
   * Only for windows that are one memtable that takes writes, of which nothing is hidden: those may be
   * read without holding the view, see PresentEntries, and their rows are the entries. All other
   * windows are read by a KeyScan.
   */
  private static final TableView NOTHING = TableView.empty();

  private final WriterGate gate;
  private final Writes writes;
  private final CurrentView views;
  private final int[] scratch = new int[KeyPrefetch.MAX_WINDOWS];
  private TableView view = NOTHING;
  private Key key = new Key();
  private long first;
  private long last;

  /** The subkey behind which the entries at {@link #first} begin; null if there is none. */
  private @Nullable Span behind;

  /** How many entries at {@link #first} are still to be passed over, of a multimap. */
  private long leftToPass;

  private int from;
  private int next;
  private int end;

  /** What {@link KeyPrefetch#touch} returned. */
  private long touched;

  WriterScan(WriterGate gate, Writes writes, CurrentView views) {
    this.gate = gate;
    this.writes = writes;
    this.views = views;
  }

  /** Goes before the first entry; false if the range cannot be scanned so. */
  boolean begin(Key sought, long firstTimestamp, long lastTimestamp) {
    first = Math.max(firstTimestamp, views.floor());
    last = lastTimestamp;
    behind = null;
    leftToPass = 0;
    TableView now = views.get();
    from = now.firstWindowNotBefore(first);
    next = from;
    end = first > last ? from : now.lastWindowNotAfter(last) + 1;
    for (int i = from; i < end; i++) {
      if (PresentEntries.onlyMemtable(now, i) == null || !PointRead.isPlain(now, i)) {
        return false;
      }
    }
    int count = Math.min(end - from, KeyPrefetch.MAX_WINDOWS);
    touched = count > 1 ? KeyPrefetch.touch(now, sought, from, count, scratch) : 0;
    view = now;
    key = sought;
    return true;
  }

  /**
   * Leaves out entries of a map at the first timestamp, up to a subkey. Before the first is read.
   */
  public void passTo(long timestamp, Span subkey) {
    behind = timestamp == first ? subkey : null;
  }

  /** Leaves out so many entries of a multimap at the first timestamp. Before the first is read. */
  public void pass(long timestamp, long entries) {
    leftToPass = timestamp == first ? entries : 0;
  }

  /** The rows of the next window that has some, standing on the first; null if there is none. */
  public @Nullable RowCursor next() {
    RowCursor rows = nextRows();
    while (rows != null && !(leftToPass > 0 ? advanceBehind(rows) : rows.advance())) {
      rows = nextRows();
    }
    behind = null;
    leftToPass = 0;
    return rows;
  }

  private boolean advanceBehind(RowCursor rows) {
    long left = leftToPass - rows.pass(first, leftToPass);
    boolean more = rows.advance();
    while (more && left > 0 && rows.timestamp() == first) {
      left--;
      more = rows.advance();
    }
    leftToPass = left;
    return more;
  }

  /** How many entries of a timestamp, the only one of the range, there are. */
  public long count(long timestamp) {
    long count = 0;
    RowCursor rows = nextRows();
    if (rows != null) {
      count = rows.pass(timestamp, Long.MAX_VALUE);
      while (rows.advance()) {
        count += 1 + rows.passStretch();
      }
    }
    return count;
  }

  private @Nullable RowCursor nextRows() {
    while (next < end) {
      int index = next++;
      if (!KeyPrefetch.lacks(touched, index - from)) {
        MemtableWindow window = Objects.requireNonNull(PresentEntries.onlyMemtable(view, index));
        RowCursor rows = window.rows().findNow(key, gate.version(), first, behind, last);
        if (rows != null) {
          return rows;
        }
      }
    }
    return null;
  }

  /** Lets other writers in again. */
  @Override
  public void close() {
    view = NOTHING;
    writes.release();
  }
}
