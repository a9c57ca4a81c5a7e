package io.timelog.internal.directory;

import io.timelog.internal.directory.StoreFile.Kind;
import io.timelog.internal.manifest.PlacedSegment;

/**
 * Where a segment lies in the files of a store.
 *
 * @param placed the number of the file, and where in it the segment begins
 * @param length the length of the segment in bytes
 */
record SegmentPlace(PlacedSegment placed, long length) {
  /** The number of the file. */
  long number() {
    return placed.file();
  }

  /** The name of the file. */
  String file() {
    return new StoreFile(Kind.SEGMENTS, placed.file()).name();
  }

  /** Where the segment begins in the file. */
  long offset() {
    return placed.offset();
  }

  /**
   * Where a byte of the segment is in the file; where the segment begins, if it is compressed: its
   * own table says what is where.
   */
  long fileOffset(long offset) {
    return placed.isCompressed() ? offset() : offset() + offset;
  }
}
