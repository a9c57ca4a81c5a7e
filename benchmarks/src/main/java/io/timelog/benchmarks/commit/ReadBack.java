package io.timelog.benchmarks.commit;

import io.timelog.benchmarks.durable.DurableState;
import io.timelog.benchmarks.engine.EngineKind;
import io.timelog.benchmarks.engine.EngineSettings;
import io.timelog.benchmarks.engine.KeyedEngine;
import io.timelog.benchmarks.workload.SyntheticEvents;
import io.timelog.benchmarks.workload.TemporaryDirectory;
import io.timelog.benchmarks.workload.Workload;
import java.util.Arrays;

/**
 * Reads some of what was written, and makes sure that it is what a {@code TreeMap} has of the same
 * events: one key, over a stretch of time that is over and not yet evicted.
 */
final class ReadBack {
  private final Workload workload;
  private final SyntheticEvents events;
  private final byte[] key;
  private final long start;
  private final long end;

  /**
   * Of so many events.
   *
   * @param written how many
   */
  ReadBack(Workload workload, SyntheticEvents events, long written) {
    this.workload = workload;
    this.events = events;
    // An event that is displaced comes at most a hundredth of the retention late.
    this.end = Math.max(0, written - workload.evictEvery());
    this.start = Math.max(0, end - workload.evictEvery());
    this.key = events.key(start);
  }

  /**
   * Compares.
   *
   * @throws IllegalStateException if they differ
   */
  void requireSame(DurableState state) {
    long found = state.scan(key, start, end);
    long expected = expected();
    if (found != expected) {
      throw new IllegalStateException(
          "Something else was read than was written: start="
              + start
              + ", end="
              + end
              + ", expected="
              + expected
              + ", found="
              + found);
    }
  }

  private long expected() {
    return TemporaryDirectory.with(
        directory -> {
          EngineSettings settings =
              new EngineSettings(workload.valueBytes(), workload.retention(), directory);
          try (KeyedEngine map = EngineKind.TREE_MAP.open(settings)) {
            events.forEachBetween(
                start,
                end,
                (eventKey, timestamp, number) -> {
                  if (Arrays.equals(eventKey, key)) {
                    map.append(eventKey, timestamp, events.value(number));
                  }
                });
            return map.scan(key, start, end);
          }
        });
  }
}
