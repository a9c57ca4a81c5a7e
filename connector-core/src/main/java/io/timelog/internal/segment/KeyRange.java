package io.timelog.internal.segment;

/**
 * Consecutive keys of a segment: from the key at one place to the key before another.
 *
 * @param startPage the page of the first key
 * @param startOrdinal its ordinal in this page
 * @param endPage the page of the key after the last; the number of pages if there is none
 * @param endOrdinal its ordinal in this page, or 0
 * @param keyCount the number of keys
 */
record KeyRange(int startPage, int startOrdinal, int endPage, int endOrdinal, int keyCount) {
  /** No keys. */
  static final KeyRange EMPTY = new KeyRange(0, 0, 0, 0, 0);
}
