package io.timelog.internal.segment;

import io.timelog.internal.format.PageFormat;

/** Steps through the rows of one key, oldest first. */
final class ForwardRows extends SegmentRows {
  private int row;
  private int endRow;
  private int lastPage;
  private long last;

  /** The end of the payload before {@link #row}, if payloads have different lengths. */
  private int payloadStart;

  /** Must be started before its first step. */
  ForwardRows(Segment segment) {
    super(segment);
  }

  /** Goes before the first row in {@code [first, last]} of the key that starts at this place. */
  void start(int keyPage, int run, long first, long lastTimestamp) {
    int number = keyPage;
    last = lastTimestamp;
    lastPage = segment.lastPageOfKey(keyPage);
    if (lastPage > keyPage) {
      number = Math.min(segment.firstPageReaching(keyPage, lastPage, first), lastPage);
    }
    Page page = segment.page(number);
    // The only key of a continuation page has number 0, as it has in its first page.
    int from = page.firstRow(run);
    enter(number, page);
    endRow = page.endRow(run);
    goTo(page.timestamp(from) >= first ? from : page.lowerBound(from, endRow, first));
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
    if (pageNumber >= lastPage || segment.minTimestamp(pageNumber + 1) > last) {
      end();
      return false;
    }
    Page page = segment.page(pageNumber + 1);
    enter(pageNumber + 1, page);
    endRow = page.rowCount();
    goTo(0);
    return advance();
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
  }
}
