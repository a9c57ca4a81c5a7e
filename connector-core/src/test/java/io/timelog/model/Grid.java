package io.timelog.model;

import java.util.Comparator;

/** What a test knows of the partition windows of a table, in which {@code scanByKey} is ordered. */
sealed interface Grid {
  /** All timestamps lie in one window. */
  record One() implements Grid {}

  /** Windows of {@code size} ticks; one of them starts at {@code origin}. */
  record Fixed(long size, long origin) implements Grid {
    /** The number of the window, exact for every timestamp. */
    long window(long timestamp) {
      // floorDiv(timestamp - origin, size) without the overflow of the difference
      long window = Math.floorDiv(timestamp, size) - Math.floorDiv(origin, size);
      return Math.floorMod(timestamp, size) < Math.floorMod(origin, size) ? window - 1 : window;
    }
  }

  /** The store chooses, and may change its mind. */
  record Unknown() implements Grid {}

  /**
   * The order of {@code scanByKey} for this grid.
   *
   * @throws IllegalStateException if it is not known
   */
  default Comparator<ModelEntry> order() {
    if (this instanceof Fixed fixed) {
      return Comparator.<ModelEntry>comparingLong(entry -> fixed.window(entry.timestamp()))
          .thenComparing(ModelEntry.KEY_ORDER);
    }
    if (this instanceof One) {
      return ModelEntry.KEY_ORDER;
    }
    throw new IllegalStateException("The order of an unknown grid is not known");
  }
}
