package io.timelog.internal.segment;

import io.timelog.Span;
import io.timelog.internal.format.v1.PageFormat;

/** Steps through the rows of one key, oldest first. */
final class ForwardRows extends SegmentRows {
  private int row;
  private int endRow;
  private int lastPage;
  private long last;

  /** Where whoever uses the cursor goes on when it is at its end. */
  private int beyond;

  /** The end of the payload before {@link #row}, if payloads have different lengths. */
  private int payloadStart;

  /** Must be started before its first step. */
  ForwardRows(SegmentPages pages) {
    super(pages);
  }

  /**
   * Goes before the first row in {@code [first, last]} of the key that starts at this place. Costs
   * the logarithm of the key's rows and loads one page.
   */
  void start(int keyPage, int ordinal, long first, long lastTimestamp) {
    int number = keyPage;
    last = lastTimestamp;
    lastPage = pages.lastPageOfKey(keyPage);
    if (lastPage > keyPage) {
      number = Math.min(pages.firstPageReaching(keyPage, lastPage, first), lastPage);
    }
    int from = enterKey(number, ordinal);
    goTo(page().timestamp(from) >= first ? from : page().lowerBound(from, endRow, first));
  }

  /**
   * Goes before the first row of a map that is not before {@code (first, subkey)} and not after
   * {@code lastTimestamp}, of the key that starts at this place. Costs the logarithm of the key's
   * rows, and as many pages as the logarithm of those that begin at {@code first}.
   */
  void start(int keyPage, int ordinal, long first, Span subkey, long lastTimestamp) {
    int number = keyPage;
    last = lastTimestamp;
    lastPage = pages.lastPageOfKey(keyPage);
    if (lastPage > keyPage) {
      number = pages.pageOfEntry(keyPage, lastPage, first, subkey);
    }
    int from = enterKey(number, ordinal);
    goTo(page().firstNotBefore(from, endRow, first, subkey));
  }

  /** As long as rows up to the last one of a key are wanted, those up to this page come next. */
  void goOnTo(int page) {
    beyond = page;
  }

  /** Makes a page of the key the current one; returns the key's first row in it. */
  private int enterKey(int number, int ordinal) {
    Page page = pages.page(number, hold);
    enter(number, page);
    // A key that spans pages has ordinal 0 in its first page and in all others.
    endRow = page.endRow(ordinal);
    return page.firstRow(ordinal);
  }

  @Override
  public boolean advance() {
    int current = row;
    if (current == endRow) {
      return advancePage();
    }
    long candidate = bytes.getLong(PageFormat.timestampOffset(current));
    if (candidate > last) {
      end();
      return false;
    }
    timestamp = candidate;
    if (hasPayloadEnds()) {
      int end = payloadEnd(current);
      payloadOffset = payloadStart;
      payloadLength = end - payloadStart;
      payloadStart = end;
    } else {
      payloadOffset = payloads + payloadLength * current;
    }
    readTombstone(current);
    row = current + 1;
    return true;
  }

  @Override
  public long pass(long time, long most) {
    long passed = 0;
    while (passed < most) {
      int until = (int) Math.min(endRow, row + (most - passed));
      int next = page().upperBound(row, until, time);
      passed += next - row;
      goTo(next);
      if (next < endRow || pageNumber >= lastPage || pages.minTimestamp(pageNumber + 1) > time) {
        break;
      }
      enterNextPage();
    }
    return passed;
  }

  @Override
  public int passStretch() {
    if (!isUniform() || row == endRow) {
      return 0;
    }
    if (page().timestamp(endRow - 1) > last) {
      endRow = page().upperBound(row, endRow, last);
      lastPage = pageNumber;
    }
    int passed = passRows(row - 1, 1, endRow - row);
    row += passed;
    return passed;
  }

  private boolean advancePage() {
    if (pageNumber >= lastPage || pages.minTimestamp(pageNumber + 1) > last) {
      end();
      return false;
    }
    enterNextPage();
    return advance();
  }

  private void enterNextPage() {
    int next = pageNumber + 1;
    Page page = pages.pageOnTheWay(next, horizon(next), hold);
    enter(next, page);
    endRow = page.rowCount();
    goTo(0);
  }

  /** The last page that will be wanted, as far as that is known. */
  private int horizon(int next) {
    if (pages.areResident()) {
      return next;
    }
    int reached = pages.lastPageReaching(next, lastPage, last);
    return reached < lastPage ? reached : Math.max(lastPage, beyond);
  }

  private void goTo(int next) {
    row = next;
    if (hasPayloadEnds()) {
      payloadStart = next == 0 ? payloads : payloadEnd(next - 1);
    }
  }

  private void end() {
    endRow = row;
    lastPage = pageNumber;
    letGo();
  }
}
