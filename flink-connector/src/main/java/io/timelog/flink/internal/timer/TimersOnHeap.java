package io.timelog.flink.internal.timer;

import io.timelog.Snapshot;
import io.timelog.flink.internal.table.CanonicalEntries;
import org.jspecify.annotations.Nullable;

/** Timers that were copied on the heap. */
public interface TimersOnHeap extends TimersAtMoment {
  /** The timers, which are not in the store. */
  CanonicalEntries entries();

  @Override
  default @Nullable String table() {
    return null;
  }

  @Override
  default CanonicalEntries entries(Snapshot store) {
    return entries();
  }
}
