package io.timelog.internal.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;

/** Has the pieces of an import read on threads of the application. */
final class ImportThreads {
  private final Executor executor;

  ImportThreads(Executor executor) {
    this.executor = executor;
  }

  /**
   * Runs all pieces and waits until none runs any more, however that ends. After a failure none is
   * begun, and the first one is thrown. An interrupt does not end the wait.
   */
  void runAll(List<Runnable> pieces) {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    List<Future<?>> begun = new ArrayList<>();
    for (Runnable piece : pieces) {
      FutureTask<?> task = new FutureTask<>(() -> runUnless(failure, piece), null);
      try {
        executor.execute(task);
      } catch (RejectedExecutionException e) {
        failure.compareAndSet(null, e);
        break;
      }
      begun.add(task);
    }
    begun.forEach(task -> await(task, failure));
    Throwable first = failure.get();
    if (first instanceof Error error) {
      throw error;
    }
    if (first != null) {
      throw (RuntimeException) first;
    }
  }

  private static void runUnless(AtomicReference<Throwable> failure, Runnable piece) {
    if (failure.get() == null) {
      try {
        piece.run();
      } catch (RuntimeException | Error e) {
        failure.compareAndSet(null, e);
      }
    }
  }

  private static void await(Future<?> task, AtomicReference<Throwable> failure) {
    boolean interrupted = false;
    boolean ended = false;
    while (!ended) {
      ended = true;
      try {
        task.get();
      } catch (InterruptedException e) {
        interrupted = true;
        ended = false;
      } catch (CancellationException e) {
        failure.compareAndSet(null, e);
      } catch (ExecutionException impossible) {
        throw new AssertionError(impossible);
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
