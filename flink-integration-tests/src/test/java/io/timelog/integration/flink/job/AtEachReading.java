package io.timelog.integration.flink.job;

import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;

/** Gives a watermark behind each reading, and so the same ones in each run. */
final class AtEachReading implements WatermarkGenerator<Reading> {
  private final long outOfOrderMillis;
  private long newest = Long.MIN_VALUE;

  /** Readings are in time that are less than so much behind the newest. */
  AtEachReading(long outOfOrderMillis) {
    this.outOfOrderMillis = outOfOrderMillis;
  }

  @Override
  public void onEvent(Reading reading, long timestamp, WatermarkOutput output) {
    newest = Math.max(newest, timestamp);
    output.emitWatermark(new Watermark(newest - outOfOrderMillis));
  }

  @Override
  public void onPeriodicEmit(WatermarkOutput output) {
    // Each reading had its own.
  }
}
