package io.timelog.internal.segment;

/** Steps through a range of keys in key order. */
final class ForwardKeys extends SegmentKeys {
  private final int endPage;
  private final int endOrdinal;
  private int nextPage;
  private int nextOrdinal;

  ForwardKeys(SegmentPages pages, KeyRange range) {
    super(pages, range.endOrdinal() > 0 ? range.endPage() : range.endPage() - 1);
    nextPage = range.startPage();
    nextOrdinal = range.startOrdinal();
    endPage = range.endPage();
    endOrdinal = range.endOrdinal();
  }

  @Override
  public boolean advance() {
    if (nextPage > endPage || (nextPage == endPage && nextOrdinal >= endOrdinal)) {
      end();
      return false;
    }
    enter(nextPage, nextOrdinal);
    nextOrdinal++;
    if (nextOrdinal == page().keyCount()) {
      nextPage = pages.lastPageOfKey(pageNumber) + 1;
      nextOrdinal = 0;
    }
    return true;
  }
}
