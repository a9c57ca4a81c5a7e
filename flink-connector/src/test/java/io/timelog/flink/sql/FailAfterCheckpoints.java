package io.timelog.flink.sql;

import java.util.NavigableSet;
import java.util.concurrent.ConcurrentSkipListSet;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.state.CheckpointListener;

/**
 * Fails the job when so many checkpoints have been begun and one is complete. One job at a time.
 */
final class FailAfterCheckpoints implements MapFunction<Fact, Fact>, CheckpointListener {
  private static final long serialVersionUID = 1L;

  /** From which checkpoint on it will still fail, once each. */
  static final NavigableSet<Long> LEFT = new ConcurrentSkipListSet<>();

  @Override
  public Fact map(Fact fact) {
    return fact;
  }

  @Override
  public void notifyCheckpointComplete(long checkpoint) {
    Long due = LEFT.floor(checkpoint);
    if (due != null && LEFT.remove(due)) {
      throw new IllegalStateException("A failure of the test: checkpoint=" + checkpoint);
    }
  }
}
