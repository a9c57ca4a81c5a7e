package io.timelog.internal.segment;

import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Where one segment of a run ends and the next begins: found out when it is asked, because it may
 * have to be read from a file, and then known for ever. Any number of threads may ask.
 */
final class Seams {
  private final List<Segment> segments;
  private final AtomicReferenceArray<@Nullable FirstKey> firstKeys;
  private final AtomicReferenceArray<@Nullable Boolean> continued;

  /** Those of the segments of a run. */
  Seams(List<Segment> segments) {
    this.segments = segments;
    firstKeys = new AtomicReferenceArray<>(segments.size());
    continued = new AtomicReferenceArray<>(segments.size());
  }

  /** The first key of a segment. */
  FirstKey firstKey(int number) {
    FirstKey first = firstKeys.getAcquire(number);
    if (first == null) {
      first = segments.get(number).firstKey();
      firstKeys.setRelease(number, first);
    }
    return first;
  }

  /** Whether the first key of a segment has rows in the segment before, too. */
  boolean isContinued(int number) {
    Boolean is = continued.getAcquire(number);
    if (is == null) {
      is = number > 0 && segments.get(number - 1).contains(firstKey(number).key());
      continued.setRelease(number, is);
    }
    return is;
  }
}
