package io.timelog.kafka.internal.metrics;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.MeasurableStat;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.streams.StreamsMetrics;
import org.apache.kafka.streams.processor.TaskId;

/**
 * The metrics of one store, from when it is opened to when it is closed. A write costs them
 * nothing; a look at one costs as much as the store has partition windows.
 */
public final class StoreMetrics implements AutoCloseable {
  /** The group in which the metrics of all stores are. */
  public static final String GROUP = "timelog-store-metrics";

  /*
   * StreamsMetrics has no gauges, only sensors that are told of events. But a sensor takes any
   * statistic, and nobody says that a statistic must have learned its number from events.
   */
  private final StreamsMetrics metrics;
  private final Sensor sensor;
  private final AtomicBoolean closed = new AtomicBoolean();

  private StoreMetrics(StreamsMetrics metrics, Sensor sensor) {
    this.metrics = metrics;
    this.sensor = sensor;
  }

  /**
   * Registers the metrics of a store, tagged with the calling thread, the task and the name of the
   * store, as Kafka's own metrics of stores are.
   *
   * @param figures what they are read from, at any time and by any thread; empty as long as the
   *     store was not opened, when they all are NaN
   */
  public static StoreMetrics register(
      StreamsMetrics metrics, TaskId task, String store, Supplier<Optional<StoreFigures>> figures) {
    String thread = Thread.currentThread().getName();
    Sensor sensor =
        Sensors.fresh(
            metrics,
            "timelog-store." + thread + "." + task + "." + store,
            Sensor.RecordingLevel.INFO);
    Map<String, String> tags =
        Map.of("thread-id", thread, "task-id", task.toString(), "state-id", store);
    for (StoreMetric metric : StoreMetric.values()) {
      sensor.add(
          new MetricName(metric.metricName(), GROUP, metric.description(), tags),
          new Gauge(() -> figures.get().map(metric::of).orElse(Double.NaN)));
    }
    return new StoreMetrics(metrics, sensor);
  }

  /** Takes the metrics away. Closing twice does nothing. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      metrics.removeSensor(sensor);
    }
  }

  private record Gauge(DoubleSupplier value) implements MeasurableStat {
    @Override
    public double measure(MetricConfig config, long now) {
      return value.getAsDouble();
    }

    @Override
    public void record(MetricConfig config, double event, long timeMs) {
      // It knows its number without being told.
    }
  }
}
