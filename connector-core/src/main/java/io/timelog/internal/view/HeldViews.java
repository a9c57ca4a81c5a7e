package io.timelog.internal.view;

import org.jspecify.annotations.Nullable;

/**
 * Knows for how long readers have kept a table from letting go of what it has replaced. Costs
 * readers nothing: it looks at the views they hold, not at them. Thread-safe.
 */
public final class HeldViews {
  private Lineage oldest;

  /** Of a table whose first view is this one. */
  public HeldViews(TableView first) {
    oldest = first.lineage();
  }

  /** Forgets the views that nobody holds any more. To be called whenever a view was replaced. */
  public synchronized void prune() {
    Lineage following = oldest.next();
    while (following != null && oldest.isEnded()) {
      oldest = following;
      following = oldest.next();
    }
  }

  /**
   * Nanoseconds since the oldest view that is still held was replaced; 0 if that is the present
   * one.
   */
  public synchronized long oldestAgeNanos() {
    prune();
    @Nullable Lineage following = oldest.next();
    return following == null ? 0 : Math.max(1, System.nanoTime() - oldest.replacedNanos());
  }
}
