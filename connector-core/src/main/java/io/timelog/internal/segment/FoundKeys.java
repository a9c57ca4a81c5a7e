package io.timelog.internal.segment;

/** Steps through keys whose positions are known, in either direction. */
final class FoundKeys extends SegmentKeys {
  private final long[] positions;
  private final int runBits;
  private final int step;
  private int index;

  private FoundKeys(Segment segment, long[] positions, int runBits, int step) {
    super(segment);
    this.positions = positions;
    this.runBits = runBits;
    this.step = step;
    this.index = step > 0 ? -1 : positions.length;
  }

  /** In the order of the positions, which is key order if they ascend. */
  static FoundKeys forward(Segment segment, long[] positions, int runBits) {
    return new FoundKeys(segment, positions, runBits, 1);
  }

  /** As {@link #forward}, in reverse. */
  static FoundKeys backward(Segment segment, long[] positions, int runBits) {
    return new FoundKeys(segment, positions, runBits, -1);
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
