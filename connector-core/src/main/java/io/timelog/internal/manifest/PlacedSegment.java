package io.timelog.internal.manifest;

/**
 * Where a segment lies in a directory. Small segments lie behind one another in one file.
 *
 * @param segment what the segment is called everywhere
 * @param file number of the file in the directory
 * @param offset where the segment starts in the file, in bytes
 * @param compressedLength how many bytes of the file it takes, if it is compressed there; 0 if it
 *     is there as it is
 */
public record PlacedSegment(FileId segment, long file, long offset, long compressedLength) {
  /** The place of a segment that is there as it is. */
  public PlacedSegment(FileId segment, long file, long offset) {
    this(segment, file, offset, 0);
  }

  /** Whether the segment is compressed where it lies. */
  public boolean isCompressed() {
    return compressedLength > 0;
  }

  /**
   * How many bytes of the file the segment takes.
   *
   * @param length that of the segment
   */
  public long storedLength(long length) {
    return isCompressed() ? compressedLength : length;
  }
}
