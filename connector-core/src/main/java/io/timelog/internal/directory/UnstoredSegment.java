package io.timelog.internal.directory;

import io.timelog.internal.cache.ByteSource;
import io.timelog.internal.segment.PageEnds;
import io.timelog.internal.segment.Segment;
import io.timelog.internal.storage.SegmentInput;
import java.util.function.Supplier;

/**
 * An open segment that lies in no file, and is to be written into one.
 *
 * @param length how long it is
 * @param bytes its bytes
 * @param pageEnds where its first page begins and where each of them ends; asked for by who has to
 *     know
 */
record UnstoredSegment(long length, ByteSource bytes, Supplier<long[]> pageEnds) {
  /** A segment that somebody has open. */
  static UnstoredSegment of(Segment segment) {
    return new UnstoredSegment(segment.sizeBytes(), segment::copyTo, segment::pageEnds);
  }

  /** The segment of an input, which stays open until it is written. */
  static UnstoredSegment of(SegmentInput input) {
    return new UnstoredSegment(input.length(), input::copyTo, () -> PageEnds.of(input));
  }
}
