package io.timelog.kafka.internal.metrics;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.metrics.stats.Avg;
import org.apache.kafka.common.metrics.stats.CumulativeCount;
import org.apache.kafka.common.metrics.stats.Max;
import org.apache.kafka.common.metrics.stats.Rate;
import org.apache.kafka.common.metrics.stats.WindowedCount;
import org.apache.kafka.streams.StreamsMetrics;
import org.apache.kafka.streams.processor.TaskId;

/**
 * How often the operations of one store are called and how long they take, as Kafka Streams tells
 * it of its own kinds of store: in the same group, with the same tags, in nanoseconds, at level
 * DEBUG. Below that level a call costs a look at the level. Thread-safe.
 *
 * <pre>{@code
 * long started = metrics.start(StoreOperation.APPEND);
 * try {
 *   ...
 * } finally {
 *   metrics.end(StoreOperation.APPEND, started);
 * }
 * }</pre>
 */
public final class OperationMetrics implements AutoCloseable {
  /** The group in which Kafka Streams has the operations of its stores. */
  public static final String GROUP = "stream-state-metrics";

  private static final long NOT_TIMED = Long.MIN_VALUE;

  private final StreamsMetrics metrics;
  private final Map<StoreOperation, Sensor> sensors;
  private final AtomicBoolean closed = new AtomicBoolean();

  private OperationMetrics(StreamsMetrics metrics, Map<StoreOperation, Sensor> sensors) {
    this.metrics = metrics;
    this.sensors = sensors;
  }

  /**
   * Registers the metrics of all operations.
   *
   * @param scope the kind of store, as in {@code metricsScope()} of a supplier
   */
  public static OperationMetrics register(
      StreamsMetrics metrics, TaskId task, String scope, String store) {
    /*
     * Not by addLatencyRateTotalSensor: its sensors are named by thread and store alone, so the
     * tasks that a thread has of one store would all count into one another.
     */
    String thread = Thread.currentThread().getName();
    Map<String, String> tags = new LinkedHashMap<>();
    tags.put("thread-id", thread);
    tags.put("task-id", task.toString());
    tags.put(scope + "-state-id", store);
    Map<StoreOperation, Sensor> sensors = new EnumMap<>(StoreOperation.class);
    for (StoreOperation operation : StoreOperation.values()) {
      String name = operation.metricName();
      Sensor sensor =
          Sensors.fresh(
              metrics,
              scope + "." + thread + "." + task + "." + store + "." + name,
              Sensor.RecordingLevel.DEBUG);
      String of = operation.description();
      sensor.add(
          new MetricName(name + "-latency-avg", GROUP, "The average latency of " + of, tags),
          new Avg());
      sensor.add(
          new MetricName(name + "-latency-max", GROUP, "The maximum latency of " + of, tags),
          new Max());
      sensor.add(
          new MetricName(name + "-rate", GROUP, "The average number per second of " + of, tags),
          new Rate(TimeUnit.SECONDS, new WindowedCount()));
      sensor.add(
          new MetricName(name + "-total", GROUP, "The total number of " + of, tags),
          new CumulativeCount());
      sensors.put(operation, sensor);
    }
    return new OperationMetrics(metrics, sensors);
  }

  /** Begins a call. What it returns goes to {@link #end}. */
  public long start(StoreOperation operation) {
    return sensor(operation).shouldRecord() ? System.nanoTime() : NOT_TIMED;
  }

  /** Ends a call, whether it went well or not. */
  public void end(StoreOperation operation, long started) {
    if (started != NOT_TIMED) {
      sensor(operation).record((double) (System.nanoTime() - started));
    }
  }

  private Sensor sensor(StoreOperation operation) {
    return Objects.requireNonNull(sensors.get(operation));
  }

  /** Takes the metrics away; what is recorded from then on is lost. Closing twice does nothing. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      sensors.values().forEach(metrics::removeSensor);
    }
  }
}
