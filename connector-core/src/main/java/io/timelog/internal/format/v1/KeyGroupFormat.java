package io.timelog.internal.format.v1;

import java.nio.ByteBuffer;

/**
 * Layout of the key groups: an entry for each key group that has keys in the segment, ascending.
 * The keys of a group are one contiguous range, from the position in its entry to that in the next.
 *
 * <pre>
 *   offset  size  field
 *        0     4  key group
 *        4     4  number of the page of its first key
 *        8     4  ordinal of this key in the page
 *       12     4  count of its keys
 * </pre>
 */
public final class KeyGroupFormat {
  /** Length of an entry. */
  public static final int ENTRY_BYTES = 16;

  private static final int GROUP_OFFSET = 0;
  private static final int PAGE_OFFSET = GROUP_OFFSET + Integer.BYTES;
  private static final int ORDINAL_OFFSET = PAGE_OFFSET + Integer.BYTES;
  private static final int KEY_COUNT_OFFSET = ORDINAL_OFFSET + Integer.BYTES;

  private KeyGroupFormat() {}

  /** A zeroed buffer for {@code entries} entries. */
  public static ByteBuffer allocate(int entries) {
    return Sections.allocate(Math.multiplyExact(ENTRY_BYTES, entries));
  }

  /** Writes an entry. */
  public static void put(
      ByteBuffer groups, int entry, int group, int page, int ordinal, int keyCount) {
    int at = ENTRY_BYTES * entry;
    groups.putInt(at + GROUP_OFFSET, group);
    groups.putInt(at + PAGE_OFFSET, page);
    groups.putInt(at + ORDINAL_OFFSET, ordinal);
    groups.putInt(at + KEY_COUNT_OFFSET, keyCount);
  }

  /** The key group of an entry. */
  public static int group(ByteBuffer groups, int entry) {
    return groups.getInt(ENTRY_BYTES * entry + GROUP_OFFSET);
  }

  /** The page of the group's first key. */
  public static int page(ByteBuffer groups, int entry) {
    return groups.getInt(ENTRY_BYTES * entry + PAGE_OFFSET);
  }

  /** The ordinal of the group's first key in its page. */
  public static int ordinal(ByteBuffer groups, int entry) {
    return groups.getInt(ENTRY_BYTES * entry + ORDINAL_OFFSET);
  }

  /** The number of keys in the group. */
  public static int keyCount(ByteBuffer groups, int entry) {
    return groups.getInt(ENTRY_BYTES * entry + KEY_COUNT_OFFSET);
  }
}
