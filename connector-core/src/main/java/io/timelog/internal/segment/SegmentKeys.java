package io.timelog.internal.segment;

import io.timelog.internal.row.Direction;
import io.timelog.internal.row.KeyCursor;
import io.timelog.internal.row.RowCursor;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What both directions of stepping through the keys of a segment share: the key they are on. */
abstract class SegmentKeys extends KeyCursor {
  final Segment segment;
  int pageNumber;
  int run;

  private @Nullable Page page;
  private @Nullable ForwardRows forwardRows;
  private @Nullable BackwardRows backwardRows;

  SegmentKeys(Segment segment) {
    this.segment = segment;
  }

  /** Makes a key the current one. */
  final void enter(int newPage, int newRun) {
    if (page == null || newPage != pageNumber) {
      pageNumber = newPage;
      page = segment.page(newPage);
    }
    run = newRun;
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
    return page().group(run);
  }

  @Override
  public final int hash() {
    return page().hash(run);
  }

  @Override
  public final ByteBuffer keyBuffer() {
    return page().bytes;
  }

  @Override
  public final int keyOffset() {
    return page().keyOffset(run);
  }

  @Override
  public final int keyLength() {
    return page().keyLength(run);
  }

  @Override
  public final RowCursor rows(long first, long last, Direction direction) {
    return direction == Direction.FORWARD ? forward(first, last) : backward(first, last);
  }

  private RowCursor forward(long first, long last) {
    ForwardRows rows = forwardRows;
    if (rows == null) {
      rows = new ForwardRows(segment);
      forwardRows = rows;
    }
    rows.start(pageNumber, run, first, last);
    return rows;
  }

  private RowCursor backward(long first, long last) {
    BackwardRows rows = backwardRows;
    if (rows == null) {
      rows = new BackwardRows(segment);
      backwardRows = rows;
    }
    rows.start(pageNumber, run, first, last);
    return rows;
  }
}
