package io.timelog.flink.internal.metrics;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.flink.runtime.metrics.MetricNames;
import org.apache.flink.runtime.state.StateBackend.CustomInitializationMetrics;
import org.apache.flink.util.function.SupplierWithException;

/**
 * What a restore spends its time with, as Flink reports it of each start of a job: with the files
 * of native snapshots, which are fetched, checked and taken into memory in one go, and with the
 * rest. A backend that begins with nothing reports nothing, as those of Flink do.
 *
 * <p>For the thread that restores.
 */
public final class RestoreTimings {
  private final LongSupplier clock;
  private final long started;
  private boolean anyFiles;
  private long filesNanos;

  /**
   * A restore begins now.
   *
   * @param clock in nanoseconds
   */
  public RestoreTimings(LongSupplier clock) {
    this.clock = clock;
    this.started = clock.getAsLong();
  }

  /** Does something with files of native snapshots. */
  public <T, E extends Exception> T ofFiles(SupplierWithException<T, E> part) throws E {
    anyFiles = true;
    long begun = clock.getAsLong();
    try {
      return part.get();
    } finally {
      filesNanos += clock.getAsLong() - begun;
    }
  }

  /** The restore is done. Adds its durations to those of the start of the task. */
  public void report(CustomInitializationMetrics metrics) {
    if (anyFiles) {
      metrics.addMetric(MetricNames.DOWNLOAD_STATE_DURATION, millis(filesNanos));
    }
    metrics.addMetric(
        MetricNames.RESTORE_STATE_DURATION, millis(clock.getAsLong() - started - filesNanos));
  }

  private static long millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }
}
