package io.timelog.internal.segment;

/**
 * The pages of a segment in which one key has rows. A key with more than one page has them for
 * itself.
 *
 * @param first the number of the first page
 * @param last the number of the last page
 * @param run the number of the key in the first page; in all others it is 0
 */
public record KeyPages(int first, int last, int run) {
  /** The number of the key in a page of this number. */
  public int runIn(int page) {
    return page == first ? run : 0;
  }
}
