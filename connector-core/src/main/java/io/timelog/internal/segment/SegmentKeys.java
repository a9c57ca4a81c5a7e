package io.timelog.internal.segment;

import io.timelog.internal.cache.Hold;
import io.timelog.internal.row.Direction;
import io.timelog.internal.row.KeyCursor;
import io.timelog.internal.row.RowCursor;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A cursor over keys of a segment: the key it is on. Subclasses decide which comes next. */
abstract class SegmentKeys extends KeyCursor {
  private static final int NO_PAGE = -1;

  final SegmentPages pages;
  int pageNumber = NO_PAGE;
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

  /** {@inheritDoc} Has the cache decide about its pages. */
  @Override
  public final void rest() {
    page = null;
    hold.letGo();
    if (forwardRows != null) {
      forwardRows.letGo();
    }
    if (backwardRows != null) {
      backwardRows.letGo();
    }
  }

  /** There are no more keys. */
  final void end() {
    rest();
    pageNumber = NO_PAGE;
  }

  /** The page of the current key. */
  final Page page() {
    Page current = page;
    if (current == null) {
      if (pageNumber == NO_PAGE) {
        throw new IllegalStateException("The cursor is on no key: call advance first");
      }
      current = pages.page(pageNumber, hold);
      page = current;
    }
    return current;
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
