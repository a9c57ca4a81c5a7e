package io.timelog.kafka.internal.host;

import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.internals.metrics.StreamsMetricsImpl;
import org.apache.kafka.streams.processor.internals.metrics.TaskMetrics;
import org.jspecify.annotations.Nullable;

/**
 * Counts records that came too late for a store in {@code dropped-records-total} of {@code
 * stream-task-metrics}, where Kafka's processors and stores count theirs. Counts nothing where the
 * metrics are not Kafka's own, as in some test contexts.
 */
public final class DroppedRecords {
  private final @Nullable Sensor sensor;

  private DroppedRecords(@Nullable Sensor sensor) {
    this.sensor = sensor;
  }

  /**
   * The counter of the task. To be called on the thread that owns the task, which is part of it.
   */
  public static DroppedRecords of(StateStoreContext context) {
    return new DroppedRecords(
        context.metrics() instanceof StreamsMetricsImpl metrics
            ? TaskMetrics.droppedRecordsSensor(
                Thread.currentThread().getName(), context.taskId().toString(), metrics)
            : null);
  }

  /** Counts one. */
  public void record() {
    if (sensor != null) {
      sensor.record();
    }
  }
}
