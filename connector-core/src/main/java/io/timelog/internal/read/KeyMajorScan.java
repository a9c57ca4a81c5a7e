package io.timelog.internal.read;

import io.timelog.TimeRange;
import io.timelog.internal.row.Direction;
import io.timelog.internal.row.ReadScope;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.Rule;
import io.timelog.internal.view.TableView;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The entries of many keys by key group, then key, then time, across all partition windows; or in
 * exact reverse. In contrast to a {@link KeyOrderScan}, which goes window by window, it has all
 * windows open at once.
 */
public final class KeyMajorScan extends ScanCursor {
  private final Rule rule;
  private final TableView view;
  private final ReadScope scope;
  private final KeyBounds bounds;
  private final TimeSpan span;
  private final Direction direction;
  private final @Nullable FirstRow firstRow;

  /** Opened by the first step: a scan that fails to open its keys can then be closed. */
  private @Nullable WindowKeys keys;

  private KeyMajorScan(
      ReadLease lease,
      Rule rule,
      KeyBounds bounds,
      TimeRange range,
      Direction direction,
      @Nullable FirstRow firstRow) {
    super(lease, rule);
    this.rule = rule;
    this.view = lease.view();
    this.scope = lease.scope();
    this.bounds = bounds;
    this.span = new TimeSpan(Math.max(range.first(), lease.floor()), range.last());
    this.direction = direction;
    this.firstRow = firstRow;
  }

  /** All entries of the keys in the range. Takes over the lease. */
  public static KeyMajorScan entries(
      ReadLease lease, Rule rule, KeyBounds bounds, TimeRange range, Direction direction) {
    return new KeyMajorScan(lease, rule, bounds, range, direction, null);
  }

  /**
   * The first entry in the range of each key that has any: the oldest forward, the newest backward.
   * Takes over the lease.
   */
  public static KeyMajorScan keys(
      ReadLease lease, Rule rule, KeyBounds bounds, TimeRange range, Direction direction) {
    return new KeyMajorScan(lease, rule, bounds, range, direction, new FirstRow());
  }

  @Override
  @Nullable RowCursor nextRows() {
    WindowKeys at = keys;
    boolean more;
    if (at == null) {
      at = open();
      keys = at;
      more = at.advance();
    } else {
      more = firstRow == null ? at.advance() : at.advanceKey();
    }
    while (more) {
      RowCursor found = at.current().rows();
      if (found.advance()) {
        return firstRow == null ? found : firstRow.of(found);
      }
      more = at.advance();
    }
    return null;
  }

  private WindowKeys open() {
    int from = view.firstWindowNotBefore(span.first());
    int to = span.first() > span.last() ? from - 1 : view.lastWindowNotAfter(span.last());
    return new WindowKeys(view, from, to, rule, scope, bounds, span, direction);
  }

  private KeyMerge current() {
    return Objects.requireNonNull(keys).current();
  }

  @Override
  long currentKeyNumber() {
    return Objects.requireNonNull(keys).keyNumber();
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
    return current().group();
  }

  /** A cursor that ends after the row it was put on. */
  private static final class FirstRow extends RowCursor {
    /** Stands on the row that another cursor stands on. */
    FirstRow of(RowCursor row) {
      timestamp = row.timestamp();
      tombstone = row.isTombstone();
      payload = row.payload();
      payloadOffset = row.payloadOffset();
      payloadLength = row.payloadLength();
      return this;
    }

    @Override
    public boolean advance() {
      return false;
    }
  }
}
