package io.timelog.model;

import io.timelog.KeyGroups;
import io.timelog.LateEntries;
import java.util.SplittableRandom;

/**
 * What is written to a table.
 *
 * @param keyCount number of distinct keys
 * @param keyGroups how keys fall into key groups
 * @param tick ticks between two entries, on average
 * @param liveEntries about how many entries are there at a time
 * @param valueSizes how long values are
 * @param maxValueBytes longest value
 */
record TableSpec(
    String name,
    Rule rule,
    LateEntries lateEntries,
    int keyCount,
    KeyShape keyShape,
    KeyGroups keyGroups,
    TimePattern times,
    long tick,
    int liveEntries,
    ValueSizes valueSizes,
    int maxValueBytes) {

  /** With values of all sizes. */
  TableSpec(
      String name,
      Rule rule,
      LateEntries lateEntries,
      int keyCount,
      KeyShape keyShape,
      KeyGroups keyGroups,
      TimePattern times,
      long tick,
      int liveEntries,
      int maxValueBytes) {
    this(
        name,
        rule,
        lateEntries,
        keyCount,
        keyShape,
        keyGroups,
        times,
        tick,
        liveEntries,
        ValueSizes.VARIED,
        maxValueBytes);
  }

  /** Ticks in which about {@link #liveEntries} entries are written. */
  long span() {
    return TimeSource.span(times, tick, liveEntries);
  }

  /** All keys, each with its key group in front. */
  Bytes[] keys(SplittableRandom random) {
    int[] groups = {0, 1, 2, 127, 128, 129, 255, 256, 40_000, 65_535};
    Bytes[] keys = keyShape.keys(keyCount, random);
    int prefix = keyGroups.prefixBytes();
    for (int i = 0; i < keys.length; i++) {
      int group = groups[random.nextInt(groups.length)];
      byte[] key = keys[i].array();
      byte[] prefixed = new byte[prefix + key.length];
      for (int at = prefix - 1; at >= 0; at--, group >>>= Byte.SIZE) {
        prefixed[at] = (byte) group;
      }
      System.arraycopy(key, 0, prefixed, prefix, key.length);
      keys[i] = Bytes.of(prefixed);
    }
    return keys;
  }

  /** The key group of a key. */
  int groupOf(Bytes key) {
    int group = 0;
    for (int i = 0; i < keyGroups.prefixBytes(); i++) {
      group = group << Byte.SIZE | Byte.toUnsignedInt(key.array()[i]);
    }
    return group;
  }

  /** The largest key group that there can be. */
  int lastGroup() {
    return (1 << (Byte.SIZE * keyGroups.prefixBytes())) - 1;
  }
}
