package io.timelog.internal.segment;

import io.timelog.internal.format.v1.KeyIndexFormat;
import io.timelog.internal.row.Direction;

/** Steps through keys whose positions are known, in either direction. */
final class FoundKeys extends SegmentKeys {
  private final long[] positions;
  private final int ordinalBits;
  private final int step;
  private int index;

  /** Walks the positions, which ascend as keys do, in a direction. */
  FoundKeys(SegmentPages pages, long[] positions, int ordinalBits, Direction direction) {
    super(pages, horizon(positions, ordinalBits, direction));
    this.positions = positions;
    this.ordinalBits = ordinalBits;
    this.step = direction.step();
    this.index = direction == Direction.FORWARD ? -1 : positions.length;
  }

  private static int horizon(long[] positions, int ordinalBits, Direction direction) {
    if (positions.length == 0) {
      return 0;
    }
    int end = direction == Direction.FORWARD ? positions.length - 1 : 0;
    return KeyIndexFormat.pageOf(positions[end], ordinalBits);
  }

  @Override
  public boolean advance() {
    int next = index + step;
    if (next < 0 || next >= positions.length) {
      end();
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
