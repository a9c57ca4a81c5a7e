package io.timelog.internal.read;

import io.timelog.Span;
import io.timelog.TimeRange;
import io.timelog.internal.key.Key;
import io.timelog.internal.row.Direction;
import io.timelog.internal.row.ReadScope;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.Rule;
import io.timelog.internal.view.Source;
import io.timelog.internal.view.TableView;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one key in a range of time, one partition window after the other, in either
 * direction.
 */
public final class KeyScan extends ScanCursor {
  private final Key key;
  private final TableView view;
  private final ReadScope scope;
  private final WindowRows rows;
  private final long first;
  private final long last;
  private final int step;
  private final int from;
  private int next;
  private int remaining;

  /** The subkey behind which the rows of the first window begin; null if there is none. */
  private @Nullable Span behind;

  /** How many rows at {@link #first} are still to be passed over, of a multimap. */
  private long leftToPass;

  /** Made when the key is first asked for. */
  private @Nullable ByteBuffer keyBuffer;

  /** What {@link KeyPrefetch#touch} returned. */
  private final long touched;

  private KeyScan(ReadLease lease, Rule rule, Key key, long first, long last, Direction direction) {
    super(lease, rule);
    this.key = key;
    this.view = lease.view();
    this.first = first;
    this.last = last;
    this.step = direction.step();
    this.from = view.firstWindowNotBefore(first);
    int to = view.lastWindowNotAfter(last);
    this.remaining = first > last ? 0 : Math.max(0, to - from + 1);
    int prefetched = Math.min(remaining, KeyPrefetch.MAX_WINDOWS);
    this.touched =
        prefetched > 1 ? KeyPrefetch.touch(view, key, from, prefetched, new int[prefetched]) : 0;
    this.scope = lease.scope();
    this.rows = new WindowRows(rule, view.tombstones(), scope, direction);
    this.next = direction == Direction.FORWARD ? from : to;
  }

  /**
   * The entries of the key in the range, oldest first or newest first. Takes over the lease. The
   * key's bytes must not change while the scan is open.
   */
  public static KeyScan open(
      ReadLease lease, Rule rule, Key key, TimeRange range, Direction direction) {
    long first = Math.max(range.first(), lease.floor());
    return new KeyScan(lease, rule, key, first, range.last(), direction);
  }

  /**
   * As {@link #open}, oldest first, in a closed range, behind entries at {@code first} that were
   * read before: where there is a short cut, the scan leaves them out, or some of them.
   *
   * @param subkey of a map: of the last entry that was read
   * @param passed of a multimap: how many were read; if 0, nothing is left out in a map, either
   */
  public static KeyScan openBehind(
      ReadLease lease, Rule rule, Key key, long first, long last, Span subkey, long passed) {
    long from = Math.max(first, lease.floor());
    KeyScan scan = new KeyScan(lease, rule, key, from, last, Direction.FORWARD);
    if (passed > 0 && from == first) {
      scan.behind = rule == Rule.MAP ? subkey : null;
      scan.leftToPass = rule == Rule.MAP ? 0 : passed;
    }
    return scan;
  }

  /**
   * How many entries of {@link #openBehind} the scan has not left out; known once it has been
   * advanced.
   */
  public long leftToPass() {
    return leftToPass;
  }

  @Override
  @Nullable RowCursor nextRows() {
    while (remaining > 0) {
      int index = next;
      next += step;
      remaining--;
      if (!KeyPrefetch.lacks(touched, index - from)) {
        // What was found in the window before is not used any more.
        scope.letGo();
        // The common case here and not in a method: what is below is as deep as the compiler
        // inlines.
        RowCursor found =
            behind == null && leftToPass == 0
                ? rows.find(view.window(index), view.onlySource(index), key, first, last)
                : findBehind(index);
        if (found != null && found.advance()) {
          return found;
        }
      }
    }
    return null;
  }

  private @Nullable RowCursor findBehind(int index) {
    Span passed = behind;
    Source only = view.onlySource(index);
    if (passed != null) {
      behind = null;
      if (PointRead.isPlain(view, index)) {
        return Objects.requireNonNull(only)
            .rows(scope)
            .findBehind(key, scope.version(), first, passed, last);
      }
    }
    RowCursor found = rows.find(view.window(index), only, key, first, last);
    if (leftToPass > 0 && found != null && PointRead.isPlain(view, index)) {
      leftToPass -= found.pass(first, leftToPass);
    }
    return found;
  }

  /** Steps to the end and counts the entries. */
  public long countRemaining() {
    long count = 0;
    while (advance()) {
      count++;
    }
    return count;
  }

  @Override
  long currentKeyNumber() {
    return 0;
  }

  @Override
  ByteBuffer currentKeyBuffer() {
    ByteBuffer buffer = keyBuffer;
    if (buffer == null) {
      buffer = ByteBuffer.wrap(key.bytes()).order(ByteOrder.LITTLE_ENDIAN);
      keyBuffer = buffer;
    }
    return buffer;
  }

  @Override
  int currentKeyOffset() {
    return key.offset();
  }

  @Override
  int currentKeyLength() {
    return key.length();
  }

  @Override
  int currentKeyGroup() {
    return key.group();
  }
}
