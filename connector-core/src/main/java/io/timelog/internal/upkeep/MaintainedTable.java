package io.timelog.internal.upkeep;

import io.timelog.internal.drop.DropQueue;
import org.jspecify.annotations.Nullable;

/** A table as its upkeep sees it. */
public interface MaintainedTable {
  /** What flushes and compacts the table. */
  TableMaintenance maintenance();

  /** The entries that are still to be reported; null if nobody wants to know. */
  @Nullable DropQueue drops();
}
