package io.timelog.internal.segment;

import io.timelog.internal.cache.Hold;
import io.timelog.internal.row.Direction;
import io.timelog.internal.row.KeyCursor;
import io.timelog.internal.row.RowCursor;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A cursor over keys of a segment: the key it is on. Subclasses decide which comes next. */
abstract class SegmentKeys extends KeyCursor {
  final SegmentPages pages;
  int pageNumber;
  int ordinal;

  private final int horizon;
  private final Hold hold;
  private @Nullable Page page;
  private @Nullable ForwardRows forwardRows;
  private @Nullable BackwardRows backwardRows;

  /**
   * Before the first key.
   *
   * @param horizon the page that the cursor comes to last
   */
  SegmentKeys(SegmentPages pages, int horizon) {
    this.pages = pages;
    this.horizon = horizon;
    hold = pages.cursorHold();
  }

  /** Makes a key the current one. */
  final void enter(int newPage, int newOrdinal) {
    if (page == null || newPage != pageNumber) {
      pageNumber = newPage;
      page = pages.pageOnTheWay(newPage, horizon, hold);
    }
    ordinal = newOrdinal;
  }

  /** Has the cache decide about the page of the current key, which is not asked for any more. */
  final void rest() {
    page = null;
    hold.letGo();
  }

  /** Has the cache decide about all pages: there are no more keys. */
  final void end() {
    rest();
    if (forwardRows != null) {
      forwardRows.letGo();
    }
    if (backwardRows != null) {
      backwardRows.letGo();
    }
  }

  /** The page of the current key. */
  final Page page() {
    if (page == null) {
      throw new IllegalStateException("The cursor is on no key: call advance first");
    }
    return page;
  }

  @Override
  public final int group() {
    return page().group(ordinal);
  }

  @Override
  public final int hash() {
    return page().hash(ordinal);
  }

  @Override
  public final ByteBuffer keyBuffer() {
    return page().bytes;
  }

  @Override
  public final int keyOffset() {
    return page().keyOffset(ordinal);
  }

  @Override
  public final int keyLength() {
    return page().keyLength(ordinal);
  }

  @Override
  public final RowCursor rows(long first, long last, Direction direction) {
    return direction == Direction.FORWARD ? forward(first, last) : backward(first, last);
  }

  private RowCursor forward(long first, long last) {
    ForwardRows rows = forwardRows;
    if (rows == null) {
      rows = new ForwardRows(pages);
      rows.goOnTo(horizon);
      forwardRows = rows;
    }
    rows.start(pageNumber, ordinal, first, last);
    return rows;
  }

  private RowCursor backward(long first, long last) {
    BackwardRows rows = backwardRows;
    if (rows == null) {
      rows = new BackwardRows(pages);
      rows.goOnTo(horizon);
      backwardRows = rows;
    }
    rows.start(pageNumber, ordinal, first, last);
    return rows;
  }
}
