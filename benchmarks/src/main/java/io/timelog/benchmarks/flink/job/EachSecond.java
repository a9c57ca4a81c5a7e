package io.timelog.benchmarks.flink.job;

import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.java.tuple.Tuple3;

/**
 * A watermark for each second of event time. Flink's usual ones come by the clock on the wall, so
 * that a slow job would get more of them for the same events than a fast one.
 */
final class EachSecond implements WatermarkGenerator<Tuple3<Long, Long, Long>> {
  private static final long SECOND = 1_000;

  private long next = Long.MIN_VALUE;

  @Override
  public void onEvent(Tuple3<Long, Long, Long> event, long timestamp, WatermarkOutput output) {
    long watermark = timestamp - Events.OUT_OF_ORDER_MILLIS - 1;
    if (watermark >= next) {
      output.emitWatermark(new Watermark(watermark));
      next = watermark + SECOND;
    }
  }

  @Override
  public void onPeriodicEmit(WatermarkOutput output) {
    // Watermarks follow from events alone.
  }
}
