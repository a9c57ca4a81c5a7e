package io.timelog.flink.internal.timer;

import io.timelog.Snapshot;
import io.timelog.flink.internal.table.CanonicalEntries;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot;
import org.jspecify.annotations.Nullable;

/** A timer queue as it was at one moment. May be read by any one thread. */
public interface TimersAtMoment {
  /** The queue for the head of a snapshot. */
  StateMetaInfoSnapshot meta();

  /** The table of the store that has the timers; null if they are on the heap. */
  @Nullable String table();

  /**
   * The timers: key group and timer as key, and no value.
   *
   * @param store as it was at the moment
   */
  CanonicalEntries entries(Snapshot store);
}
