package io.timelog.internal.segment;

/** Steps through keys in reverse key order. */
final class BackwardKeys extends SegmentKeys {
  private final int startPage;
  private final int startRun;

  /**
   * The place after the next key: in the page of the next key, or at the start of the one after.
   */
  private int endPage;

  private int endRun;

  /** From the key before one place to the key at another. */
  BackwardKeys(Segment segment, int startPage, int startRun, int endPage, int endRun) {
    super(segment);
    this.startPage = startPage;
    this.startRun = startRun;
    this.endPage = endPage;
    this.endRun = endRun;
  }

  @Override
  public boolean advance() {
    if (endPage < startPage || (endPage == startPage && endRun <= startRun)) {
      return false;
    }
    if (endRun > 0) {
      enter(endPage, endRun - 1);
    } else {
      int number = segment.firstPageOfKey(endPage - 1);
      enter(number, segment.page(number).keyCount() - 1);
    }
    endPage = pageNumber;
    endRun = run;
    return true;
  }
}
