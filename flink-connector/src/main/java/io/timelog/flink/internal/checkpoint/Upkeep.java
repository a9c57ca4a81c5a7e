package io.timelog.flink.internal.checkpoint;

import io.timelog.TimelogStore;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Merges files of the engine when a snapshot has added some, so that reads do not get slower with
 * each, on a thread of the task manager. Thread-safe.
 */
public final class Upkeep implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

  private final TimelogStore store;
  private final Executor executor;
  private final AtomicBoolean waiting = new AtomicBoolean();

  public Upkeep(TimelogStore store, Executor executor) {
    this.store = store;
    this.executor = executor;
  }

  /** Has it done soon; does nothing if that is to come already. */
  @Override
  public void run() {
    if (waiting.compareAndSet(false, true)) {
      try {
        executor.execute(this::maintain);
      } catch (RejectedExecutionException shuttingDown) {
        waiting.set(false);
      }
    }
  }

  private void maintain() {
    waiting.set(false);
    try {
      store.maintain();
    } catch (RuntimeException e) {
      // A failure on this thread would end the task manager, but nothing is lost by it.
      LOG.error("Files could not be merged, which makes reads slower: store={}", store.name(), e);
    }
  }
}
