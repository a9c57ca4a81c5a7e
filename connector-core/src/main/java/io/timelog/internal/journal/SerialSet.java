package io.timelog.internal.journal;

import java.util.Arrays;

/** The serials of the memtable windows that have rows in a file of the log. */
final class SerialSet {
  private static final int FIRST_CAPACITY = 16;

  /** In any order, with repetitions. */
  private long[] serials;

  private int count;

  SerialSet() {
    this(new long[FIRST_CAPACITY], 0);
  }

  private SerialSet(long[] serials, int count) {
    this.serials = serials;
    this.count = count;
  }

  SerialSet copy() {
    return new SerialSet(serials.clone(), count);
  }

  void add(long serial) {
    if (count > 0 && serials[count - 1] == serial) {
      return;
    }
    if (count == serials.length) {
      removeRepetitions();
      if (count > serials.length / 2) {
        serials = Arrays.copyOf(serials, 2 * serials.length);
      }
    }
    serials[count++] = serial;
  }

  private void removeRepetitions() {
    Arrays.sort(serials, 0, count);
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (kept == 0 || serials[kept - 1] != serials[i]) {
        serials[kept++] = serials[i];
      }
    }
    count = kept;
  }

  /** The largest of all; a negative number if there are none. */
  long largest() {
    long largest = -1;
    for (int i = 0; i < count; i++) {
      largest = Math.max(largest, serials[i]);
    }
    return largest;
  }

  /** Whether rows of any of the windows are needed. */
  boolean hasAnyOf(LiveSerials live) {
    for (int i = 0; i < count; i++) {
      if (live.isNeeded(serials[i])) {
        return true;
      }
    }
    return false;
  }
}
