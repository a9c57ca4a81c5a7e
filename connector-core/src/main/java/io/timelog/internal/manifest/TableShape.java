package io.timelog.internal.manifest;

import io.timelog.KeyGroups;
import io.timelog.LateEntries;
import io.timelog.internal.row.Rule;
import io.timelog.internal.row.WindowIndex;

/**
 * The settings of a table that decide what its rows mean and where they lie.
 *
 * @param name the name of the table
 * @param rule multimap or map
 * @param lateEntries what becomes of entries below the floor
 * @param keyGroups how keys fall into key groups
 * @param index what entries are found by
 * @param grid how time is cut into partition windows
 */
public record TableShape(
    String name,
    Rule rule,
    LateEntries lateEntries,
    KeyGroups keyGroups,
    WindowIndex index,
    GridShape grid) {

  /** How a grid cuts time. */
  public enum GridKind {
    /** Into windows of a given width. */
    DECLARED,
    /** Into windows whose width follows the span of time of the table. */
    ADAPTIVE,
    /** Not at all. */
    UNBOUNDED
  }

  /**
   * A grid.
   *
   * @param width of the narrowest windows, in ticks
   * @param origin where one of them starts
   */
  public record GridShape(GridKind kind, long width, long origin) {
    @Override
    public String toString() {
      return kind == GridKind.DECLARED
          ? "windowSize " + width + " from " + origin
          : kind == GridKind.ADAPTIVE ? "adaptive" : "unbounded";
    }
  }
}
