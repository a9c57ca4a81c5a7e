package io.timelog.internal.segment;

import io.timelog.internal.format.v1.KeyGroupFormat;
import java.nio.ByteBuffer;

/** Finds the keys of key groups in a segment. Any number of threads may ask. */
final class SegmentKeyGroups {
  private final ByteBuffer groups;
  private final int groupCount;
  private final int keyCount;
  private final int pageCount;

  SegmentKeyGroups(SegmentSections sections) {
    groups = sections.keyGroups();
    groupCount = sections.footer().groupCount();
    keyCount = sections.footer().keyCount();
    pageCount = sections.footer().pageCount();
  }

  /** The smallest key group that has keys. */
  int first() {
    return KeyGroupFormat.group(groups, 0);
  }

  /** The largest key group that has keys. */
  int last() {
    return KeyGroupFormat.group(groups, groupCount - 1);
  }

  /** The keys with {@code firstGroup <= group <= lastGroup}. */
  KeyRange range(int firstGroup, int lastGroup) {
    int from = firstReaching(firstGroup);
    int to = lastGroup == Integer.MAX_VALUE ? groupCount : firstReaching(lastGroup + 1);
    return new KeyRange(page(from), ordinal(from), page(to), ordinal(to), keys(from, to));
  }

  /** The first entry whose group is {@code group} or larger. */
  private int firstReaching(int group) {
    int low = 0;
    int high = groupCount;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (KeyGroupFormat.group(groups, middle) < group) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private int page(int entry) {
    return entry == groupCount ? pageCount : KeyGroupFormat.page(groups, entry);
  }

  private int ordinal(int entry) {
    return entry == groupCount ? 0 : KeyGroupFormat.ordinal(groups, entry);
  }

  private int keys(int from, int to) {
    if (to - from == groupCount) {
      return keyCount;
    }
    int keys = 0;
    for (int entry = from; entry < to; entry++) {
      keys += KeyGroupFormat.keyCount(groups, entry);
    }
    return keys;
  }
}
