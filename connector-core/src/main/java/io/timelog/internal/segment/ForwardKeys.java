package io.timelog.internal.segment;

/** Steps through keys in key order. */
final class ForwardKeys extends SegmentKeys {
  private final int endPage;
  private final int endRun;
  private int nextPage;
  private int nextRun;

  /** From the key at one place to the key before another. */
  ForwardKeys(Segment segment, int startPage, int startRun, int endPage, int endRun) {
    super(segment);
    this.nextPage = startPage;
    this.nextRun = startRun;
    this.endPage = endPage;
    this.endRun = endRun;
  }

  @Override
  public boolean advance() {
    if (nextPage > endPage || (nextPage == endPage && nextRun >= endRun)) {
      return false;
    }
    enter(nextPage, nextRun);
    nextRun++;
    if (nextRun == page().keyCount()) {
      nextPage = segment.lastPageOfKey(pageNumber) + 1;
      nextRun = 0;
    }
    return true;
  }
}
