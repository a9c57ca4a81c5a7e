package io.timelog.flink.internal.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.util.concurrent.ExecutorThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * The threads of one backend that move files from and to the storage of checkpoints. They end when
 * they have nothing to do for a while. Thread-safe.
 */
public final class TransferThreads implements AutoCloseable {
  private static final long IDLE_SECONDS = 10;

  private final Executor executor;
  private final @Nullable ThreadPoolExecutor pool;

  /**
   * So many threads at most; with one, whoever wants files moved does it.
   *
   * @param operator whose they are, for the names of threads
   */
  public TransferThreads(int threads, String operator) {
    pool = threads > 1 ? pool(threads, operator) : null;
    executor = pool != null ? pool : Runnable::run;
  }

  private static ThreadPoolExecutor pool(int threads, String operator) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            new ExecutorThreadFactory("timelog-transfer-" + operator));
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  /** Runs what it is given on one of the threads. */
  Executor executor() {
    return executor;
  }

  /**
   * Runs all of them and waits until none runs any more, however that ends. After a failure, or an
   * interrupt, none is begun.
   *
   * @return the results, in order
   * @throws InterruptedException if the calling thread was interrupted meanwhile
   * @throws Exception the first failure
   */
  <T> List<T> callAll(List<Callable<T>> calls) throws Exception {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    List<Future<T>> begun = new ArrayList<>();
    for (Callable<T> call : calls) {
      FutureTask<T> task = new FutureTask<>(() -> callUnless(failure, call));
      try {
        executor.execute(task);
      } catch (RejectedExecutionException closed) {
        failure.compareAndSet(null, closed);
        break;
      }
      begun.add(task);
    }
    List<T> results = new ArrayList<>();
    for (int i = 0; i < begun.size(); ) {
      try {
        results.add(begun.get(i).get());
        i++;
      } catch (InterruptedException e) {
        failure.compareAndSet(null, e);
      } catch (CancellationException closed) {
        failure.compareAndSet(null, closed);
        i++;
      } catch (ExecutionException e) {
        failure.compareAndSet(null, e.getCause());
        i++;
      }
    }
    Throwable first = failure.get();
    if (first instanceof Error error) {
      throw error;
    }
    if (first != null) {
      throw (Exception) first;
    }
    return results;
  }

  /** Calls it, and notes if it fails; does not, but fails, if another one has. */
  private static <T> T callUnless(AtomicReference<Throwable> failure, Callable<T> call)
      throws Exception {
    Throwable before = failure.get();
    if (before != null) {
      throw new CancellationException("Another transfer has failed: " + before);
    }
    try {
      return call.call();
    } catch (Throwable e) {
      failure.compareAndSet(null, e);
      throw e;
    }
  }

  /**
   * Ends the threads. Those that are at work are interrupted, and what waits for one is given up.
   */
  @Override
  public void close() {
    if (pool != null) {
      pool.shutdownNow().forEach(waiting -> ((Future<?>) waiting).cancel(false));
    }
  }
}
