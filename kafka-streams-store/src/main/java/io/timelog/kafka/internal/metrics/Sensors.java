package io.timelog.kafka.internal.metrics;

import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.streams.StreamsMetrics;

/** Makes sensors that belong to one store alone. */
final class Sensors {
  private Sensors() {}

  /**
   * A sensor that has no metrics yet. One of this name that a task left behind when it died would
   * go on to tell of the store it had, so it is removed.
   */
  static Sensor fresh(StreamsMetrics metrics, String name, Sensor.RecordingLevel level) {
    metrics.removeSensor(metrics.addSensor(name, level));
    return metrics.addSensor(name, level);
  }
}
