package io.timelog.internal.segment;

import io.timelog.internal.format.v1.PageFormat;

/** Steps through the rows of one key, newest first. */
final class BackwardRows extends SegmentRows {
  /** The row after the next one. */
  private int row;

  private int firstRow;
  private int firstPage;
  private long first;

  /** Where whoever uses the cursor goes on when it is at its end. */
  private int beyond = Integer.MAX_VALUE;

  /** The end of the payload of the next row, if payloads have different lengths. */
  private int payloadEnd;

  /** Must be started before its first step. */
  BackwardRows(SegmentPages pages) {
    super(pages);
  }

  /** Goes after the last row in {@code [first, last]} of the key that starts at this place. */
  void start(int keyPage, int ordinal, long firstTimestamp, long last) {
    int number = keyPage;
    first = firstTimestamp;
    firstPage = keyPage;
    int lastPage = pages.lastPageOfKey(keyPage);
    if (lastPage > keyPage) {
      number = Math.max(pages.lastPageReaching(keyPage, lastPage, last), keyPage);
    }
    Page page = pages.page(number, hold);
    int to = page.endRow(ordinal);
    enter(number, page);
    firstRow = page.firstRow(ordinal);
    goTo(page.timestamp(to - 1) <= last ? to : page.upperBound(firstRow, to, last));
  }

  /**
   * As long as rows down to the first one of a key are wanted, those down to this page come next.
   */
  void goOnTo(int page) {
    beyond = page;
  }

  @Override
  public boolean advance() {
    int current = row - 1;
    if (current < firstRow) {
      return advancePage();
    }
    long candidate = bytes.getLong(PageFormat.timestampOffset(current));
    if (candidate < first) {
      end();
      return false;
    }
    timestamp = candidate;
    if (hasPayloadEnds()) {
      int start = current == 0 ? payloads : payloadEnd(current - 1);
      payloadOffset = start;
      payloadLength = payloadEnd - start;
      payloadEnd = start;
    } else {
      payloadOffset = payloads + payloadLength * current;
    }
    readTombstone(current);
    row = current;
    return true;
  }

  @Override
  public int passStretch() {
    if (!isUniform() || row == firstRow) {
      return 0;
    }
    if (page().timestamp(firstRow) < first) {
      firstRow = page().lowerBound(firstRow, row, first);
      firstPage = pageNumber;
    }
    int passed = passRows(row, -1, row - firstRow);
    row -= passed;
    return passed;
  }

  private boolean advancePage() {
    if (pageNumber <= firstPage || pages.maxTimestamp(pageNumber - 1) < first) {
      end();
      return false;
    }
    int next = pageNumber - 1;
    Page page = pages.pageOnTheWay(next, horizon(next), hold);
    enter(next, page);
    firstRow = 0;
    goTo(page.rowCount());
    return advance();
  }

  /** The last page that will be wanted, as far as that is known. */
  private int horizon(int next) {
    if (pages.areResident()) {
      return next;
    }
    int reached = pages.firstPageReaching(firstPage, next, first);
    return reached > firstPage ? reached : Math.min(firstPage, beyond);
  }

  private void goTo(int next) {
    row = next;
    if (hasPayloadEnds()) {
      payloadEnd = next == 0 ? payloads : payloadEnd(next - 1);
    }
  }

  private void end() {
    firstRow = row;
    firstPage = pageNumber;
    letGo();
  }
}
