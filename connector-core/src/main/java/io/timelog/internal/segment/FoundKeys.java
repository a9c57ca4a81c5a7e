package io.timelog.internal.segment;

import io.timelog.internal.row.Direction;

/** Steps through keys whose positions are known, in either direction. */
final class FoundKeys extends SegmentKeys {
  private final long[] positions;
  private final int runBits;
  private final int step;
  private int index;

  /** Walks the positions, which ascend as keys do, in a direction. */
  FoundKeys(Segment segment, long[] positions, int runBits, Direction direction) {
    super(segment);
    this.positions = positions;
    this.runBits = runBits;
    this.step = direction.step();
    this.index = direction == Direction.FORWARD ? -1 : positions.length;
  }

  @Override
  public boolean advance() {
    int next = index + step;
    if (next < 0 || next >= positions.length) {
      return false;
    }
    index = next;
    long position = positions[next];
    enter((int) (position >>> runBits), (int) position & ((1 << runBits) - 1));
    return true;
  }
}
