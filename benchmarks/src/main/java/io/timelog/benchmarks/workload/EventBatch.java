package io.timelog.benchmarks.workload;

import io.timelog.benchmarks.engine.EntrySink;
import io.timelog.benchmarks.engine.KeyedEngine;
import org.HdrHistogram.Histogram;

/**
 * A batch of events, made before the clock starts. Arrays are new for each event, as they are when
 * a serializer made them, and the engine may keep them.
 */
public final class EventBatch {
  private final byte[][] keys;
  private final long[] timestamps;
  private final byte[][] values;
  private final long[] latencies;

  public EventBatch(int size) {
    this.keys = new byte[size][];
    this.timestamps = new long[size];
    this.values = new byte[size][];
    this.latencies = new long[size];
  }

  /** Makes the events from number {@code first} on. */
  public void fill(Events events, long first) {
    for (int i = 0; i < keys.length; i++) {
      keys[i] = events.key(first + i);
      timestamps[i] = events.timestamp(first + i);
      values[i] = events.value(first + i);
    }
  }

  /** Appends all events of the batch. */
  public void append(EntrySink sink) {
    for (int i = 0; i < keys.length; i++) {
      sink.append(keys[i], timestamps[i], values[i]);
    }
  }

  /** Appends and times each append; the histogram is written after the last. */
  void append(KeyedEngine engine, Histogram histogram) {
    long before = System.nanoTime();
    for (int i = 0; i < keys.length; i++) {
      engine.append(keys[i], timestamps[i], values[i]);
      long after = System.nanoTime();
      latencies[i] = after - before;
      before = after;
    }
    for (long latency : latencies) {
      histogram.recordValue(latency);
    }
  }
}
