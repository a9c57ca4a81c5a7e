package io.timelog.flink.job;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.state.CheckpointListener;

/** Fails the job once a checkpoint is complete, so many times for all jobs of a test together. */
final class FailingOnce implements MapFunction<Event, Event>, CheckpointListener {
  private static final long serialVersionUID = 1L;

  static final AtomicInteger FAILURES_LEFT = new AtomicInteger();

  @Override
  public Event map(Event event) {
    return event;
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) {
    if (FAILURES_LEFT.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw new IllegalStateException("A failure of the test.");
    }
  }
}
