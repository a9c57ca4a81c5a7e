package io.timelog.internal.segment;

/**
 * The pages of a segment in which one key has rows. A key with more than one page shares them with
 * no other.
 *
 * @param first the number of the first page
 * @param last the number of the last page
 * @param ordinal the ordinal of the key in the first page; in all others it is 0
 */
public record KeyPages(int first, int last, int ordinal) {
  /** The ordinal of the key in a page of this number. */
  public int ordinalIn(int page) {
    return page == first ? ordinal : 0;
  }
}
