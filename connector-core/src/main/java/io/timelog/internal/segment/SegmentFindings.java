package io.timelog.internal.segment;

/** Is told what is wrong with a segment, in the order in which it is found. */
public interface SegmentFindings {
  /** How many rows there were is not known. */
  long UNKNOWN = -1;

  /**
   * Rows cannot be had any more.
   *
   * @param offset where that was found in the segment
   * @param problem what is wrong
   * @param first no row before this timestamp is concerned
   * @param last no row after this timestamp is concerned
   * @param rows how many they were; {@link #UNKNOWN}
   */
  void rowsLost(long offset, String problem, long first, long last, long rows);

  /** No row of the segment can be had, or it is not known which can. */
  void segmentLost(long offset, String problem);

  /** Something is wrong that follows from the rows, which are all there. */
  void nothingLost(long offset, String problem);
}
