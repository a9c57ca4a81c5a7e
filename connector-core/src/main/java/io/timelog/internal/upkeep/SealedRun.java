package io.timelog.internal.upkeep;

import io.timelog.internal.view.MemtableSource;
import java.util.ArrayList;
import java.util.List;

/**
 * The windows that were sealed together and are flushed together.
 *
 * @param parts those of one table follow one another
 */
public record SealedRun(List<Part> parts) {
  public SealedRun {
    parts = List.copyOf(parts);
  }

  /** A run of one window, of the table that this is the maintenance of. */
  public static SealedRun of(
      TableMaintenance maintenance, long windowFirst, MemtableSource sealed) {
    return new SealedRun(List.of(new Part(maintenance, windowFirst, sealed)));
  }

  /** The run without one of its parts, which was flushed alone. */
  SealedRun without(Part flushed) {
    List<Part> others = new ArrayList<>(parts);
    others.remove(flushed);
    return new SealedRun(others);
  }

  /**
   * One window of the run.
   *
   * @param maintenance what flushes it
   * @param windowFirst the first timestamp of its partition window
   * @param source the sealed source
   */
  public record Part(TableMaintenance maintenance, long windowFirst, MemtableSource source) {}
}
