package io.timelog.internal.segment;

import io.timelog.internal.format.v1.KeyIndexFormat;

/** Steps through keys whose positions are known, in either direction. */
final class FoundKeys extends SegmentKeys {
  private final long[] positions;
  private final int ordinalBits;
  private final int step;
  private int index;

  private FoundKeys(SegmentPages pages, long[] positions, int ordinalBits, int step) {
    super(pages);
    this.positions = positions;
    this.ordinalBits = ordinalBits;
    this.step = step;
    this.index = step > 0 ? -1 : positions.length;
  }

  /** In the order of the positions, which is key order if they ascend. */
  static FoundKeys forward(SegmentPages pages, long[] positions, int ordinalBits) {
    return new FoundKeys(pages, positions, ordinalBits, 1);
  }

  /** As {@link #forward}, in reverse. */
  static FoundKeys backward(SegmentPages pages, long[] positions, int ordinalBits) {
    return new FoundKeys(pages, positions, ordinalBits, -1);
  }

  @Override
  public boolean advance() {
    int next = index + step;
    if (next < 0 || next >= positions.length) {
      return false;
    }
    index = next;
    long position = positions[next];
    enter(
        KeyIndexFormat.pageOf(position, ordinalBits),
        KeyIndexFormat.ordinalOf(position, ordinalBits));
    return true;
  }
}
