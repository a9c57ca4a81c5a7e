package io.timelog.flink.internal.checkpoint;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A snapshot that leaves no file if it is cancelled, however late. Thread-safe.
 *
 * @param <T> what comes of it
 */
final class SnapshotTask<T> implements RunnableFuture<T> {
  /*
   * Flink's task of a snapshot closes the registry of one that it cancels, and whoever is writing
   * that gives up and deletes what there is. But a snapshot that has seen its registry open for the
   * last time still has to give back what it held. If it is cancelled then, Flink's task drops the
   * result when it comes, and nobody else knows of the files. Only when the task has ended is it
   * certain whether there is a result, which is then for others to use or to discard.
   */
  private final RunnableFuture<T> task;
  private final WrittenFiles written;

  /**
   * Runs and cancels a task.
   *
   * @param task of Flink
   * @param written gets every file that the task stores
   */
  SnapshotTask(RunnableFuture<T> task, WrittenFiles written) {
    this.task = task;
    this.written = written;
  }

  @Override
  public void run() {
    task.run();
    if (task.isCancelled()) {
      written.discard();
    }
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    return task.cancel(mayInterruptIfRunning);
  }

  @Override
  public boolean isCancelled() {
    return task.isCancelled();
  }

  @Override
  public boolean isDone() {
    return task.isDone();
  }

  @Override
  public T get() throws InterruptedException, ExecutionException {
    return task.get();
  }

  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    return task.get(timeout, unit);
  }
}
