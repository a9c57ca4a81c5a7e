package io.timelog.internal.segment;

import io.timelog.TimelogCorruptionException;
import io.timelog.internal.cache.Hold;
import io.timelog.internal.format.v1.KeyIndexFormat;
import io.timelog.internal.format.v1.TimeIndexFormat;
import io.timelog.internal.row.RowFormat;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Finds the keys of a segment that have rows in a range of time. Any number of threads may ask. */
final class SegmentTimeIndex {
  private final SegmentPages pages;
  private final IndexBlocks blocks;
  private final ByteBuffer directory;
  private final int stripCount;
  private final int timeShift;
  private final int ordinalBits;
  private final long min;
  private final long max;

  /** The index in these blocks, of which there is at least one. */
  SegmentTimeIndex(SegmentPages pages, IndexBlocks blocks, SegmentSections sections) {
    this.pages = pages;
    this.blocks = blocks;
    directory = sections.timeIndexDirectory();
    stripCount = TimeIndexFormat.stripCount(directory);
    timeShift = TimeIndexFormat.timeShift(directory);
    ordinalBits = sections.footer().ordinalBits();
    min = sections.statistics().minTimestamp();
    max = sections.statistics().maxTimestamp();
  }

  /**
   * The positions of the keys of a range that have rows in {@code [first, last]}, ascending, each
   * once; perhaps a few more. Null if the index has more entries in {@code [first, last]} than the
   * range has keys, so that it is cheaper to look at all of them.
   *
   * @throws TimelogCorruptionException if a block is not as it was written
   */
  long @Nullable [] positions(long first, long last, KeyRange keys) {
    Hold hold = blocks.newHold();
    try {
      return positions(first, last, keys, hold);
    } finally {
      hold.letGo();
    }
  }

  private long @Nullable [] positions(long first, long last, KeyRange keys, Hold hold) {
    int limit = keys.keyCount();
    long fromPosition = KeyIndexFormat.position(keys.startPage(), keys.startOrdinal(), ordinalBits);
    long toPosition = KeyIndexFormat.position(keys.endPage(), keys.endOrdinal(), ordinalBits);
    long low = time(Math.max(first, min));
    long high = time(Math.min(last, max));
    long[] found = new long[Math.min(64, limit)];
    int kept = 0;
    int entries = 0;
    for (int strip = firstStrip(low);
        strip < stripCount && TimeIndexFormat.firstTime(directory, strip) <= high;
        strip++) {
      ByteBuffer block = blocks.block(strip / TimeIndexFormat.STRIPS_OF_BLOCK, hold);
      int start = TimeIndexFormat.stripStart(directory, stripCount, strip);
      int end = TimeIndexFormat.stripEnd(directory, stripCount, strip);
      long firstTime = TimeIndexFormat.firstTime(directory, strip);
      int slotShift = TimeIndexFormat.slotShift(block, start);
      long lowSlot = low <= firstTime ? 0 : (low - firstTime) >>> slotShift;
      long highSlot = (high - firstTime) >>> slotShift;
      int at = start + TimeIndexFormat.ENTRIES_OFFSET;
      long position = 0;
      while (at + 1 < end) {
        int slot = block.get(at) & 0xFF;
        int distance = RowFormat.getVarint(block, at + 1);
        at += 1 + RowFormat.varintSize(distance);
        position += distance & 0xFFFFFFFFL;
        if (lowSlot <= slot && slot <= highSlot) {
          if (++entries > limit) {
            return null;
          }
          if (fromPosition <= position && position < toPosition) {
            if (kept == found.length) {
              found = Arrays.copyOf(found, (int) Math.min(2L * kept, limit));
            }
            found[kept++] = position;
          }
        }
      }
      check(at == end, strip / TimeIndexFormat.STRIPS_OF_BLOCK, at);
    }
    Arrays.sort(found, 0, kept);
    return distinct(found, kept);
  }

  private long time(long timestamp) {
    return (timestamp - min) >>> timeShift;
  }

  /**
   * The first strip that may hold rows of this time: the one before the first that starts there.
   */
  private int firstStrip(long time) {
    int from = 0;
    int to = stripCount;
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (TimeIndexFormat.firstTime(directory, middle) < time) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return Math.max(0, from - 1);
  }

  /** A key that has several rows in the range was found as many times. */
  private long[] distinct(long[] sorted, int count) {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (i == 0 || sorted[i] != sorted[i - 1]) {
        check(pages.isKey(sorted[i], ordinalBits), 0, 0);
        sorted[kept++] = sorted[i];
      }
    }
    return Arrays.copyOf(sorted, kept);
  }

  private void check(boolean holds, int block, int at) {
    if (!holds) {
      throw new TimelogCorruptionException(
          "Time index leads to a key that does not exist",
          pages.source(),
          blocks.offset(block) + at);
    }
  }
}
