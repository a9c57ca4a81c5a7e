package io.timelog.internal.format;

import java.nio.ByteBuffer;

/**
 * Layout of the key group table: an entry for each key group that has keys in the segment,
 * ascending. The keys of a group are one contiguous range, from its entry to the next.
 *
 * <pre>
 *   offset  size  field
 *        0     4  key group
 *        4     4  number of the page of its first key
 *        8     4  number of this key in the page
 *       12     4  count of its keys
 * </pre>
 */
public final class KeyGroupFormat {
  /** Length of an entry. */
  public static final int ENTRY_BYTES = 16;

  private static final int GROUP_OFFSET = 0;
  private static final int PAGE_OFFSET = GROUP_OFFSET + Integer.BYTES;
  private static final int RUN_OFFSET = PAGE_OFFSET + Integer.BYTES;
  private static final int KEY_COUNT_OFFSET = RUN_OFFSET + Integer.BYTES;

  private KeyGroupFormat() {}

  /** A zeroed buffer for {@code entries} entries. */
  public static ByteBuffer allocate(int entries) {
    return Sections.allocate(Math.multiplyExact(ENTRY_BYTES, entries));
  }

  /** Writes an entry. */
  public static void put(ByteBuffer table, int entry, int group, int page, int run, int keyCount) {
    int at = ENTRY_BYTES * entry;
    table.putInt(at + GROUP_OFFSET, group);
    table.putInt(at + PAGE_OFFSET, page);
    table.putInt(at + RUN_OFFSET, run);
    table.putInt(at + KEY_COUNT_OFFSET, keyCount);
  }

  /** The key group of an entry. */
  public static int group(ByteBuffer table, int entry) {
    return table.getInt(ENTRY_BYTES * entry + GROUP_OFFSET);
  }

  /** The page of the group's first key. */
  public static int page(ByteBuffer table, int entry) {
    return table.getInt(ENTRY_BYTES * entry + PAGE_OFFSET);
  }

  /** The number of the group's first key in its page. */
  public static int run(ByteBuffer table, int entry) {
    return table.getInt(ENTRY_BYTES * entry + RUN_OFFSET);
  }

  /** The number of keys in the group. */
  public static int keyCount(ByteBuffer table, int entry) {
    return table.getInt(ENTRY_BYTES * entry + KEY_COUNT_OFFSET);
  }
}
