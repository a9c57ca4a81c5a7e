package io.timelog.internal.read;

import io.timelog.internal.key.Key;
import io.timelog.internal.memtable.MemtableRows;
import io.timelog.internal.view.Source;
import io.timelog.internal.view.TableView;
import org.jspecify.annotations.Nullable;

/**
 * Prefetches what a scan of one key reads first in each of its windows. These places are scattered
 * over memory, so each is a cache miss; here the misses overlap, in the scan they would follow one
 * another.
 */
public final class KeyPrefetch {
  /** How many windows of a scan are prefetched at most. */
  public static final int MAX_WINDOWS = Integer.SIZE;

  private KeyPrefetch() {}

  /**
   * Prefetches.
   *
   * @param from the number of the first window in the view
   * @param count of windows, at most {@link #MAX_WINDOWS}
   * @param scratch so many numbers at least; overwritten
   * @return which of the windows {@linkplain #lacks lack} the key, and something of what was
   *     loaded, which must be kept so that the loads are not optimized away
   */
  public static long touch(TableView view, Key key, int from, int count, int[] scratch) {
    long sum = 0;
    for (int i = 0; i < count; i++) {
      MemtableRows memtable = onlyMemtable(view, from + i);
      sum += memtable == null ? 0 : memtable.touchSlot(key);
    }
    int lacking = 0;
    for (int i = 0; i < count; i++) {
      MemtableRows memtable = onlyMemtable(view, from + i);
      if (memtable != null) {
        scratch[i] = memtable.firstOfHash(key);
        lacking |= scratch[i] == MemtableRows.ABSENT ? 1 << i : 0;
      }
    }
    for (int i = 0; i < count; i++) {
      MemtableRows memtable = onlyMemtable(view, from + i);
      scratch[i] = memtable == null ? MemtableRows.ABSENT : memtable.touchNode(scratch[i]);
    }
    for (int i = 0; i < count; i++) {
      MemtableRows memtable = onlyMemtable(view, from + i);
      sum += memtable == null ? 0 : memtable.touchChunk(scratch[i]);
    }
    return sum << Integer.SIZE | (lacking & 0xFFFFFFFFL);
  }

  /** Whether a window, counted from the first that was prefetched, is known to lack the key. */
  public static boolean lacks(long touched, int window) {
    return window < MAX_WINDOWS && (touched >>> window & 1) != 0;
  }

  private static @Nullable MemtableRows onlyMemtable(TableView view, int index) {
    Source only = view.onlySource(index);
    return only != null && only.rows() instanceof MemtableRows memtable ? memtable : null;
  }
}
