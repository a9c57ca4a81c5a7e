package io.timelog.internal.segment;

/** Steps through a range of keys in reverse key order. */
final class BackwardKeys extends SegmentKeys {
  private final int startPage;
  private final int startOrdinal;

  /**
   * The place after the next key: in the page of the next key, or at the start of the one after.
   */
  private int endPage;

  private int endOrdinal;

  BackwardKeys(SegmentPages pages, KeyRange range) {
    super(pages, range.startPage());
    startPage = range.startPage();
    startOrdinal = range.startOrdinal();
    endPage = range.endPage();
    endOrdinal = range.endOrdinal();
  }

  @Override
  public boolean advance() {
    if (endPage < startPage || (endPage == startPage && endOrdinal <= startOrdinal)) {
      end();
      return false;
    }
    if (endOrdinal > 0) {
      enter(endPage, endOrdinal - 1);
    } else {
      int number = pages.firstPageOfKey(endPage - 1);
      enter(number, pages.keyCount(number) - 1);
    }
    endPage = pageNumber;
    endOrdinal = ordinal;
    return true;
  }
}
